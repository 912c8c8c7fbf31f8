"""What the guard is around is called without it."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


@gate.guard("email_address", purpose="send_service_email")
def recipient_of(candidate: Candidate) -> str:
    return candidate.email


def forced(candidate: Candidate) -> str:
    return recipient_of.__wrapped__(candidate)  # finds: cannot-verify
