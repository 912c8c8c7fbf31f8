"""The command ends where the use is denied."""

import sys
from dataclasses import dataclass
from typing import Annotated, NoReturn

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    name: Annotated[str, Personal("name")]


def fail(message: str) -> NoReturn:
    sys.exit(f"error: {message}")


def show(candidate: Candidate) -> None:
    if not gate.decide("name", "provide_service"):
        fail("not permitted")
    print(candidate.name)


def show_all(candidates: list[Candidate]) -> None:
    if not gate.decide("name", "provide_service"):
        sys.exit(1)
    for candidate in candidates:
        print(candidate.name)
