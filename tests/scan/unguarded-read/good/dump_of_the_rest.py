"""The dump includes only fields without a label."""

from typing import Annotated, Any

from pydantic import BaseModel

from purposegate import Personal


class Candidate(BaseModel):
    id: str
    stage: str
    email: Annotated[str, Personal("email_address")]


def for_statistics(candidates: list[Candidate]) -> list[dict[str, Any]]:
    return [candidate.model_dump(include={"id", "stage"}) for candidate in candidates]
