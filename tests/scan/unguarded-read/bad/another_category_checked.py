"""The name was asked about, the address is read."""

from typing import Annotated

from pydantic import BaseModel

from purposegate import Gate, Personal


class Member(BaseModel):
    id: int
    name: Annotated[str, Personal("name")]
    email: Annotated[str, Personal("email_address")]


class Mailer:
    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.outbox: list[tuple[str, str]] = []

    def welcome(self, member: Member) -> None:
        self.gate.check("name", "send_service_email")
        self.outbox.append((member.email, f"Welcome, {member.name}"))  # finds: unguarded-read
