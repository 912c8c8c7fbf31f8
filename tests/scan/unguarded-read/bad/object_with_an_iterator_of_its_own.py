"""A collection of our own gives its elements one by one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


class Shortlist:
    def __init__(self, candidates: list[Candidate]) -> None:
        self._candidates = candidates

    def __iter__(self) -> Iterator[Candidate]:
        return iter(self._candidates)


def addresses(shortlist: Shortlist) -> list[str]:
    return [candidate.email for candidate in shortlist]  # finds: unguarded-read
