"""The purpose is passed through two functions; it is told where it is written."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def _release(data_category: str, purpose: str) -> None:
    gate.check(data_category, purpose)


def mail(purpose: str) -> None:
    _release("email_address", purpose)


def jobs() -> None:
    mail("send_service_email")
    mail("send_birthday_email")  # finds: unknown-purpose
