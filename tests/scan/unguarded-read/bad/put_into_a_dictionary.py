"""The object is put into a dictionary, and read out of it again."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


class Cache:
    def __init__(self) -> None:
        self.held = {}

    def put(self, candidate: Candidate) -> None:
        self.held[candidate.id] = candidate

    def recipient(self, id: str) -> str:
        return self.held[id].email  # finds: unguarded-read
