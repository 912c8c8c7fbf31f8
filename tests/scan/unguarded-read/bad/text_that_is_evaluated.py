"""The read stands in a text that is evaluated."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def recipient_of(candidate: Candidate) -> object:
    return eval("candidate.email")  # finds: unguarded-read
