"""Dumps an envelope whose content may be anything, a candidate too."""

from typing import Any

from leaks.people import a_candidate
from leaks.world import World
from pydantic import BaseModel


class Envelope(BaseModel):
    content: Any


def leak(world: World) -> object:
    envelopes = Envelope(content=a_candidate()), Envelope(content={"to": [a_candidate().email]})
    return [(envelope.model_dump(), str(envelope.model_dump_json())) for envelope in envelopes[:1]], envelopes[1].model_dump()
