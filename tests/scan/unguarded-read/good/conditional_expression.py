"""The condition is the decision."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]


def display(applicant: Applicant) -> str:
    return applicant.name if gate.decide("name", "provide_service", "data_subject") else "hidden"
