"""The names are known, and what they stand for was checked or bears no label."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    stage: str
    name: Annotated[str, Personal("name")]


def board(applicant: Applicant) -> list[str]:
    return [getattr(applicant, field) for field in ("id", "stage")]


def card(applicant: Applicant) -> list[str]:
    gate.check("name", "provide_service")
    return [getattr(applicant, field) for field in ("id", "name")]
