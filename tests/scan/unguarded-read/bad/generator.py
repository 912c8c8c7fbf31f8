"""A generator yields names; that its consumer checks later is too late."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]


def names(applicants: list[Applicant]) -> Iterator[str]:
    for applicant in applicants:
        yield applicant.name  # finds: unguarded-read


def listing(applicants: list[Applicant], employer: str) -> str:
    found = list(names(applicants))
    gate.check("name", "view_video_interview", f"employer_company/{employer}")
    return ", ".join(found)
