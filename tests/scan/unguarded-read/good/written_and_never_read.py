"""To make an object and to set a labelled field reads nothing."""

from typing import Annotated

from pydantic import BaseModel

from purposegate import Personal


class Candidate(BaseModel):
    id: str
    email: Annotated[str, Personal("email_address")] = ""


def registered(form: dict[str, str], store: dict[str, Candidate]) -> str:
    candidate = Candidate(id=form["id"])
    candidate.email = form["contact"]
    store[candidate.id] = candidate
    return candidate.id


def forgotten(candidate: Candidate) -> None:
    candidate.email = ""
