"""`or` lets one permission stand for both fields."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    name: Annotated[str, Personal("name")]
    email: Annotated[str, Personal("email_address")]


def header(candidate: Candidate) -> str:
    if gate.decide("name", "send_service_email") or gate.decide("email_address", "send_service_email"):
        return f"{candidate.name} <{candidate.email}>"  # finds: unguarded-read
    return candidate.id
