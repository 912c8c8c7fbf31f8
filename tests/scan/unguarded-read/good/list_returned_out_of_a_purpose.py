"""What is returned out of the block was made in it."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def addresses(candidates: list[Candidate]) -> list[str]:
    with gate.purpose("send_service_email"):
        return list(map(lambda candidate: candidate.email, candidates))
