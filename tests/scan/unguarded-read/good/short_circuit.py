"""`and` evaluates the read only where the decision is true."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    employers: Annotated[list[str], Personal("targeted_employer_company")]


def targets(applicant: Applicant, employer: str) -> bool:
    return bool(gate.decide("targeted_employer_company", "provide_service")) and employer in applicant.employers
