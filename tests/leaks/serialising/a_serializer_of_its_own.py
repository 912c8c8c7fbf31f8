"""Writes a serializer for the address, and one for the whole model."""

from typing import Any

from leaks.people import Candidate
from leaks.world import SECRET, World
from pydantic import field_serializer, model_serializer


class Profile(Candidate):
    @field_serializer("email")
    def in_brackets(self, email: object) -> str:
        return f"<{email}>"


class Contact(Candidate):
    @model_serializer
    def as_a_line(self) -> dict[str, Any]:
        return {"contact": f"{self.id}: {self.email}", "raw": [str(self.email)]}


def leak(world: World) -> object:
    values = {"id": "c-1", "email": SECRET}
    people = Profile.model_validate(values), Contact.model_validate(values)
    return [(each.model_dump(), each.model_dump_json()) for each in people]
