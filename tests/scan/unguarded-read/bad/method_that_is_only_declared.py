"""The method that gives the object is only declared here."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


class Store(ABC):
    @abstractmethod
    def get(self, id: str) -> Candidate: ...


def recipient(store: Store) -> str:
    return store.get("c-1").email  # finds: unguarded-read
