"""A class method makes the object, and gives it as `Self`."""

from typing import Annotated, Self

from pydantic import BaseModel

from purposegate import Personal


class Candidate(BaseModel):
    id: str
    name: Annotated[str, Personal("name")]

    @classmethod
    def from_form(cls, form: dict[str, str]) -> Self:
        return cls(id=form["id"], name=form["name"])


def thanks(form: dict[str, str]) -> str:
    return f"Thank you, {Candidate.from_form(form).name}!"  # finds: unguarded-read
