"""A block is opened for a purpose that is none; what is read in it is not told once more."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]


def title(applicant: Applicant) -> str:
    with gate.purpose("show_profile"):  # finds: unknown-purpose
        return applicant.name
