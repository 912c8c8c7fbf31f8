"""Every caller of the helper passes literals, by position and by keyword."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def _release(data_category: str, /, *, purpose: str) -> None:
    gate.check(data_category, purpose)


def jobs() -> None:
    _release("email_address", purpose="send_service_email")
    for data_category in ("usage_history", "inquiry"):
        _release(data_category, purpose="monitor_usage")
