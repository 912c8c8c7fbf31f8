"""`decide` does not block; nobody looks at its answer."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    employers: Annotated[list[str], Personal("targeted_employer_company")]


def target_list(applicant: Applicant) -> list[str]:
    gate.decide("targeted_employer_company", "provide_service")
    return sorted(applicant.employers)  # finds: unguarded-read
