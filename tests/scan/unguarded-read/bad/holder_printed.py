"""An object is printed that holds another one with labels."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


@dataclass
class Invitation:
    sent: bool
    candidate: Candidate


def trace(invitation: Invitation) -> None:
    print(invitation)  # finds: unguarded-read
