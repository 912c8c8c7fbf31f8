"""A mailer reads an address and never asks anybody."""

from dataclasses import dataclass
from email.message import EmailMessage
from smtplib import SMTP
from typing import Annotated

from purposegate import Personal


@dataclass(frozen=True)
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def remind(candidate: Candidate, smtp: SMTP) -> None:
    message = EmailMessage()
    message["Subject"] = "Your interview is tomorrow"
    message["To"] = candidate.email  # finds: unguarded-read
    smtp.send_message(message)
