"""A job holds the model and reads it when it runs."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


@dataclass
class MailJob:
    gate: Gate
    candidate: Candidate

    def may_run(self) -> bool:
        return bool(self.gate.decide("email_address", "send_service_email", subject=self.candidate.id))

    def run(self) -> str:
        return self.candidate.email  # finds: unguarded-read
