"""`else` is come to only where the check has passed."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal, PurposeViolation

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def recipient_of(candidate: Candidate) -> str | None:
    try:
        gate.check("email_address", "send_service_email")
    except PurposeViolation:
        address = None
    else:
        address = candidate.email
    return address
