"""One method is guarded, the one beside it is not."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    score: Annotated[int, Personal("evaluation_result")]


class Evaluations:
    def __init__(self, applicants: dict[str, Applicant]) -> None:
        self._applicants = applicants

    @gate.guard("evaluation_result", purpose="view_evaluation_result", recipient="data_subject")
    def own_score(self, applicant_id: str) -> int:
        return self._applicants[applicant_id].score

    def average(self) -> float:
        return sum(each.score for each in self._applicants.values()) / len(self._applicants)  # finds: unguarded-read
