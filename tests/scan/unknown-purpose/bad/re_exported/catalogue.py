"""The names."""

__all__ = ["AD", "MAIL"]

MAIL = "send_service_email"
AD = "advertise"
