"""Only what bears no label is read of the model."""

from typing import Annotated

from pydantic import BaseModel

from purposegate import Personal


class Candidate(BaseModel):
    id: str
    stage: str
    email: Annotated[str, Personal("email_address")]


def board(candidates: list[Candidate]) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = {}
    for candidate in candidates:
        columns.setdefault(candidate.stage, []).append(candidate.id)
    return columns
