"""A named tuple is read by its index."""

from typing import Annotated, NamedTuple

from purposegate import Personal


class Score(NamedTuple):
    applicant_id: str
    points: Annotated[int, Personal("evaluation_result")]


def total(scores: list[Score]) -> int:
    return sum(score[1] for score in scores)  # finds: unguarded-read
