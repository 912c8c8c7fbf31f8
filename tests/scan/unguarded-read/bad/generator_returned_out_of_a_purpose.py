"""What is returned out of the block runs when the block has ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def addresses(candidates: list[Candidate]) -> Iterator[str]:
    with gate.purpose("send_service_email"):
        return (candidate.email for candidate in candidates)  # finds: unguarded-read
