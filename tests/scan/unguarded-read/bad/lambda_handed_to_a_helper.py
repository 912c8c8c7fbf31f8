"""A helper of our own calls the lambda that it is handed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def each(function: Callable[[Candidate], str], items: list[Candidate]) -> list[str]:
    return [function(item) for item in items]


def addresses(candidates: list[Candidate]) -> list[str]:
    return each(lambda candidate: candidate.email, candidates)  # finds: unguarded-read
