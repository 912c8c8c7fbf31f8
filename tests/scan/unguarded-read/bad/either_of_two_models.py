"""Whichever of the two it is, the field bears a label."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Applicant:
    id: str
    contact_mail: Annotated[str, Personal("email_address")]


@dataclass
class Referee:
    id: str
    contact_mail: Annotated[str, Personal("email_address")]


def reach(person: Applicant | Referee) -> str:
    return f"mailto:{person.contact_mail}"  # finds: unguarded-read
