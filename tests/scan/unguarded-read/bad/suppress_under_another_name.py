"""What swallows the violation is imported under another name."""

from contextlib import suppress as quiet
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def recipient_of(candidate: Candidate) -> str:
    with quiet(PermissionError, Exception):
        gate.check("email_address", "send_service_email")
    return candidate.email  # finds: unguarded-read
