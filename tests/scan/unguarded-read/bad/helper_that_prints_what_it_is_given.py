"""A helper that says nothing of people prints whatever it is given."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def show(thing: object) -> None:
    print(thing)  # finds: unguarded-read


def trace(candidate: Candidate) -> None:
    show(candidate)
