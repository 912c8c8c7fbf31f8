"""The helper and the model that it formats."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Candidate:
    id: str
    name: Annotated[str, Personal("name")]


def salutation(candidate: Candidate) -> str:
    return f"Dear {candidate.name}"
