"""Another class has a field of the same name, which is about no person."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Applicant:
    id: str
    score: Annotated[float, Personal("evaluation_result")]


@dataclass
class SearchHit:
    document: str
    score: float


def best(hits: list[SearchHit]) -> str | None:
    ranked = sorted(hits, key=lambda hit: hit.score, reverse=True)
    return ranked[0].document if ranked else None
