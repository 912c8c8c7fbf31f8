"""Attributes of a service, members of an enumeration and variables are no fields of a model."""

from enum import StrEnum
from smtplib import SMTP

from purposegate import Gate


class Field(StrEnum):
    EMAIL = "email"
    PHONE = "phone"


class Mailer:
    def __init__(self, gate: Gate, smtp: SMTP) -> None:
        self.gate = gate
        self.email_client = smtp

    def fields(self) -> list[str]:
        email = Field.EMAIL.value
        return [email, Field.PHONE.value]
