"""A thing of any class is asked for its own."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def recipient_of(thing: object) -> str:
    if isinstance(thing, Candidate):
        return thing.email  # finds: unguarded-read
    return ""
