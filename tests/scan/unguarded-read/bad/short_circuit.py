"""`verbose and …` checks only for the verbose."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]


def label(applicant: Applicant, *, verbose: bool = False) -> str:
    verbose and gate.check("name", "provide_service")
    return applicant.name  # finds: unguarded-read
