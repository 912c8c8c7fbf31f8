"""The guard stands two calls above the read."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    score: Annotated[int, Personal("evaluation_result")]


def _points(applicant: Applicant) -> int:
    return applicant.score


def _ranked(applicants: list[Applicant]) -> list[Applicant]:
    return sorted(applicants, key=_points, reverse=True)


@gate.guard("evaluation_result", purpose="view_evaluation_result", recipient="employer_company")
def shortlist(applicants: list[Applicant], size: int) -> list[str]:
    return [each.id for each in _ranked(applicants)[:size]]
