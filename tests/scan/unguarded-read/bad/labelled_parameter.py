"""A parameter bears the label itself."""

from smtplib import SMTP
from typing import Annotated

from purposegate import Personal


def deliver(smtp: SMTP, address: Annotated[str, Personal("email_address")], body: str) -> None:
    smtp.sendmail("noreply@example.com", address, body)  # finds: unguarded-read
