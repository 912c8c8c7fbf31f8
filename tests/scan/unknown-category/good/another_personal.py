"""A class of the same name from another library takes any text."""

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True)
class Personal:
    since: str


@dataclass
class Trainer:
    id: str
    badge: Annotated[str, Personal("2019-04-01")]
