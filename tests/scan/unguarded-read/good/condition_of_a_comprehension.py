"""The condition of the comprehension asks for each element."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def addresses(candidates: list[Candidate]) -> list[str]:
    return [each.email for each in candidates if gate.decide("email_address", "send_service_email", subject=each.id)]
