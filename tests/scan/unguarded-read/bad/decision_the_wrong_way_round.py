"""The branch of the denial reads."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]


def shown_as(applicant: Applicant) -> str:
    if gate.decide("name", "provide_service", "data_subject"):
        return "anonymous"
    return applicant.name  # finds: unguarded-read
