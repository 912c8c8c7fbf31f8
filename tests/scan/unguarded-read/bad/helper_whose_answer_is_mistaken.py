"""A helper turns the violation into an answer, which is taken for its contrary."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal, PurposeViolation

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def is_denied() -> bool:
    try:
        gate.check("email_address", "send_service_email")
    except PurposeViolation:
        return True
    return False


def recipient_of(candidate: Candidate) -> str:
    if is_denied():
        return candidate.email  # finds: unguarded-read
    return ""
