"""A helper turns the violation into an answer, and everybody asks it."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal, PurposeViolation

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def may_mail() -> bool:
    try:
        gate.check("email_address", "send_service_email")
    except PurposeViolation:
        return False
    return True


def recipient_of(candidate: Candidate) -> str:
    if not may_mail():
        return ""
    return candidate.email
