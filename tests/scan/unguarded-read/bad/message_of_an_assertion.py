"""An assertion tells the address when it fails."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def checked(candidate: Candidate) -> None:
    assert candidate.id, candidate.email  # finds: unguarded-read
