"""The handler swallows the violation, and the read stands behind the check in the same `try`."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal, PurposeViolation

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def recipients(candidates: list[Candidate]) -> list[str]:
    found: list[str] = []
    for candidate in candidates:
        try:
            gate.check("email_address", "send_service_email", subject=candidate.id)
            found.append(candidate.email)
        except PurposeViolation:
            pass
    return found
