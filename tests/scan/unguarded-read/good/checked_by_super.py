"""The overriding method calls the one above it first, which checks."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


class Mailer:
    def prepare(self, candidate: Candidate) -> str:
        gate.check("email_address", "send_service_email", subject=candidate.id)
        return "prepared"


class BulkMailer(Mailer):
    def prepare(self, candidate: Candidate) -> str:
        state = super().prepare(candidate)
        return f"{state}: {candidate.email}"
