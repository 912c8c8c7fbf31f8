"""The condition has nothing to do with the gate."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]
    hidden: bool = False


def display(applicant: Applicant) -> str:
    return "hidden" if applicant.hidden else applicant.name  # finds: unguarded-read
