"""Two comments stand one above the other, each for a finding of the line below."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]


def debug(applicant: Applicant, purpose: str) -> None:
    # purposegate: ignore[unguarded-read] a shell for operators
    # purposegate: ignore[unreadable-use] they say why they look
    print(applicant.name, gate.decide("name", purpose))
