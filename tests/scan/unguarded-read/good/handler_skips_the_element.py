"""A denied element is skipped; the others were checked."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal, PurposeViolation

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def addresses(candidates: list[Candidate]) -> list[str]:
    found = []
    for candidate in candidates:
        try:
            gate.check("email_address", "send_service_email", subject=candidate.id)
        except PurposeViolation:
            continue
        found.append(candidate.email)
    return found
