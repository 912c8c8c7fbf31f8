"""The exception takes the whole object into the traceback."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def refuse(candidate: Candidate) -> None:
    raise ValueError("no interview", candidate)  # finds: unguarded-read
