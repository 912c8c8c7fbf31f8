"""A helper that says nothing of people prints what bears no label."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def show(thing: object) -> None:
    print(thing)


def trace(candidate: Candidate) -> None:
    show(candidate.id)
