"""A guarded generator asks before its first step."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]


@gate.guard("name", purpose="provide_service")
def names(applicants: list[Applicant]) -> Iterator[str]:
    for applicant in applicants:
        yield applicant.name
