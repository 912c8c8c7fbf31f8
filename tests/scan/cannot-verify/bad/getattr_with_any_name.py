"""Which field is read the request says."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]


def column(applicants: list[Applicant], field: str) -> list[object]:
    return [getattr(applicant, field) for applicant in applicants]  # finds: cannot-verify
