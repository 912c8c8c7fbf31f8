"""A sealed field is kept, and its namesake in another class is opened."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal, Sealed

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Lead:
    id: str
    email: Annotated[Sealed[str], Personal("email_address")]  # finds: label-never-used


@dataclass
class Candidate:
    id: str
    email: Annotated[Sealed[str], Personal("email_address")]


def address(candidate: Candidate) -> str:
    return gate.open(candidate.email, "send_service_email", subject=candidate.id)
