"""`or` and a default of a dictionary's `get` are told."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
BY_ROLE = {"agent": "respond_to_inquiries", "analyst": "analyse_to_improve"}


def open_ticket(role: str) -> None:
    gate.check("inquiry", BY_ROLE.get(role) or "provide_service")


def dashboard(role: str) -> None:
    gate.check("usage_history", BY_ROLE.get(role, "monitor_usage"))
