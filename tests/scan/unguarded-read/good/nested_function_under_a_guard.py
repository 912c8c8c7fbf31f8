"""A closure is defined and called in a guarded function."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    score: Annotated[int, Personal("evaluation_result")]


@gate.guard("evaluation_result", purpose="view_evaluation_result", recipient="employer_company")
def histogram(applicants: list[Applicant]) -> dict[int, int]:
    def bucket(applicant: Applicant) -> int:
        return applicant.score // 10

    counts: dict[int, int] = {}
    for applicant in applicants:
        counts[bucket(applicant)] = counts.get(bucket(applicant), 0) + 1
    return counts
