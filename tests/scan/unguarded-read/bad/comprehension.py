"""A comprehension reads the field of every element."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def by_address(candidates: Iterable[Candidate]) -> dict[str, str]:
    return {candidate.email: candidate.id for candidate in candidates}  # finds: unguarded-read
