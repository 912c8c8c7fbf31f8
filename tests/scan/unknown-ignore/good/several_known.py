"""One comment names two findings of its line, each of which is there."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]


def debug(applicant: Applicant, purpose: str) -> None:
    # purposegate: ignore[unguarded-read, unreadable-use] a shell for operators, who are logged
    print(applicant.name, gate.decide("name", purpose))
