"""A field of the same name is read of another class."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Review:
    id: str
    score: Annotated[int, Personal("evaluation_result")]  # finds: label-never-used


@dataclass
class Match:
    document: str
    score: float


def best(matches: list[Match]) -> str:
    return max(matches, key=lambda match: match.score).document
