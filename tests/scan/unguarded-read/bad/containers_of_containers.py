"""The model is found in a dictionary of lists, by `items`, `enumerate` and `max`."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Applicant:
    id: str
    score: Annotated[int, Personal("evaluation_result")]


def report(by_employer: dict[str, list[Applicant]]) -> list[str]:
    lines = []
    for employer, applicants in by_employer.items():
        best = max(applicants, key=lambda each: each.score)  # finds: unguarded-read
        for place, applicant in enumerate(applicants):
            lines.append(f"{employer} {place} {best.id} {applicant.score}")  # finds: unguarded-read
    return lines
