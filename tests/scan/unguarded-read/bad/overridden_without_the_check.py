"""The base class checks, and the subclass overrides the method that did."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


class Mailer:
    def recipient(self, candidate: Candidate) -> str:
        gate.check("email_address", "send_service_email")
        return candidate.email


class BulkMailer(Mailer):
    def recipient(self, candidate: Candidate) -> str:
        return candidate.email.lower()  # finds: unguarded-read
