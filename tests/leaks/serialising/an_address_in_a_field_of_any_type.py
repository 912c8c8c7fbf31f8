"""Dumps an envelope as JSON that holds an address where anything may stand."""

from typing import Any

from leaks.people import an_email
from leaks.world import World
from pydantic import BaseModel

REFUSED = "PydanticSerializationError"


class Envelope(BaseModel):
    content: Any


def leak(world: World) -> object:
    return Envelope(content={"to": [an_email()]}).model_dump_json()
