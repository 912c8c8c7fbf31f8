"""Nobody is seen to call the lambda."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def fields(candidate: Candidate) -> dict[str, Callable[[], str]]:
    return {"to": lambda: candidate.email}  # finds: unguarded-read
