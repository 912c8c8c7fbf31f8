"""The people of the battery: one person's address, in the classes that services keep people in. Loaded anew in each world."""

from dataclasses import dataclass
from typing import Annotated, Any

from leaks.world import SECRET
from pydantic import BaseModel

from purposegate import Personal, Sealed


class Candidate(BaseModel):
    """A job seeker whose address is sealed."""

    id: str
    email: Annotated[Sealed[str], Personal("email_address")]


class Applicant(BaseModel):
    """A job seeker whose address is labelled, and plain text."""

    id: str
    email: Annotated[str, Personal("email_address")]


@dataclass(frozen=True)
class Card:
    """A business card whose address is sealed."""

    id: str
    email: Annotated[Sealed[str], Personal("email_address")]


def a_candidate() -> Candidate:
    return Candidate.model_validate({"id": "c-1", "email": SECRET})


def an_applicant() -> Applicant:
    return Applicant(id="c-1", email=SECRET)


def a_card() -> Card:
    return Card("c-1", Sealed(SECRET, "email_address"))


def an_email() -> Any:
    """Give the sealed address, of any type: most of what is done with it here no type checker would let pass."""
    return Sealed(SECRET, "email_address")
