"""A model gives its fields when one walks over it, and so it does to `dict`."""

from typing import Annotated

from pydantic import BaseModel

from purposegate import Personal


class Candidate(BaseModel):
    id: str
    email: Annotated[str, Personal("email_address")]


def values(candidate: Candidate) -> list[object]:
    return [value for _, value in candidate]  # finds: unguarded-read


def row(candidate: Candidate) -> dict[str, object]:
    return dict(candidate)  # finds: unguarded-read
