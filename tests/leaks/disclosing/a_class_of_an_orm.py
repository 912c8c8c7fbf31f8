"""Keeps people in a class of SQLModel."""

from typing import Annotated

from leaks.world import SECRET, World
from sqlmodel import Field, SQLModel

from purposegate import Personal


class Person(SQLModel):
    id: str = Field(primary_key=True)
    email: Annotated[str, Personal("email_address")]


def leak(world: World) -> object:
    return world.gate.disclose([Person(id="c-1", email=SECRET)], "distribute_advertising", on_denied="drop")
