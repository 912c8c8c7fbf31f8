"""The representation of a dataclass shows all its fields."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Applicant:
    id: str
    email: Annotated[str, Personal("email_address")]


def require_active(applicant: Applicant, active: set[str]) -> None:
    if applicant.id not in active:
        raise ValueError(f"{applicant!r} is not active")  # finds: unguarded-read
