"""The parameter bears a label, and the function is guarded for it."""

from smtplib import SMTP
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@gate.guard("email_address", purpose="send_service_email")
def deliver(smtp: SMTP, address: Annotated[str, Personal("email_address")], body: str) -> None:
    smtp.sendmail("noreply@example.com", address, body)
