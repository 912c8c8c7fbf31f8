"""Builds a model with the address in the wrong place, and shows the error."""

from leaks.people import an_email
from leaks.world import World
from pydantic import BaseModel, ValidationError


class Interview(BaseModel):
    minutes: int


def leak(world: World) -> object:
    try:
        return Interview(minutes=an_email())
    except ValidationError as error:
        return str(error), error.errors(), error.json()
