"""All of the decisions are asked for at once."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def recipient_of(candidate: Candidate) -> str:
    if not all(gate.decide(each, "send_service_email") for each in ("email_address", "name")):
        return ""
    return candidate.email
