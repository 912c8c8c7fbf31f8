"""Who wants to mail asks here."""

from . import settings as conf

MAIL = "send_service_email"


def require(subject: str) -> None:
    conf.GATE.check("email_address", MAIL, subject=subject)
