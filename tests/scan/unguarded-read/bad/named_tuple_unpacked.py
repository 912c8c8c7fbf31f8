"""A named tuple is read by taking it apart."""

from typing import Annotated, NamedTuple

from purposegate import Personal


class Score(NamedTuple):
    applicant_id: str
    points: Annotated[int, Personal("evaluation_result")]


def ranking(scores: list[Score]) -> dict[str, int]:
    ranks = {}
    for score in scores:
        applicant_id, points = score  # finds: unguarded-read
        ranks[applicant_id] = points
    return ranks
