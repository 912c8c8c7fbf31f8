"""What is called on a denial does nothing but raise."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def refuse() -> None:
    raise LookupError("not for this purpose")


def recipient_of(candidate: Candidate) -> str:
    if not gate.decide("email_address", "send_service_email"):
        refuse()
    return candidate.email
