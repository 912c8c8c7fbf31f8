"""Dumps what pydantic does not know as text."""

from typing import Any

from leaks.people import an_email
from leaks.world import World
from pydantic import BaseModel
from pydantic_core import to_json


class Envelope(BaseModel):
    content: Any


def leak(world: World) -> object:
    envelope = Envelope(content=an_email())
    return (
        envelope.model_dump_json(fallback=str),
        envelope.model_dump(mode="json", fallback=repr),
        to_json(envelope, serialize_unknown=True),
    )
