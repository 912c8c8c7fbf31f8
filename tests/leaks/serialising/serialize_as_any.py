"""Dumps a page of people by what they are, not by what the page says."""

from leaks.people import a_candidate
from leaks.world import World
from pydantic import BaseModel, SerializeAsAny

REFUSED = "PydanticSerializationError"


class Person(BaseModel):
    id: str


class Page(BaseModel):
    people: list[BaseModel]
    first: SerializeAsAny[BaseModel]


def leak(world: World) -> object:
    page = Page(people=[a_candidate()], first=a_candidate())
    return page.model_dump(serialize_as_any=True), page.model_dump_json(serialize_as_any=True)
