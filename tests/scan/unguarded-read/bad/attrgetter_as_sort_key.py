"""`operator.attrgetter` reads the field of every element."""

from dataclasses import dataclass
from operator import attrgetter
from typing import Annotated

from purposegate import Personal


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]


def in_order(applicants: list[Applicant]) -> list[Applicant]:
    return sorted(applicants, key=attrgetter("name"))  # finds: unguarded-read
