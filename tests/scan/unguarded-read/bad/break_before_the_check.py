"""The loop may be left before the check, and the read comes after it."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def recipient_of(candidate: Candidate, muted: set[str]) -> str:
    while True:
        if candidate.id in muted:
            break
        gate.check("email_address", "send_service_email", subject=candidate.id)
        break
    return candidate.email  # finds: unguarded-read
