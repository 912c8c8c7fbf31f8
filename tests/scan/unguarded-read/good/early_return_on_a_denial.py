"""A denial returns before the read."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]


def shown_as(applicant: Applicant) -> str:
    if not gate.decide("name", "provide_service", "data_subject"):
        return "anonymous"
    return applicant.name
