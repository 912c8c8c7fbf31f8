"""Keeps sealed addresses as the keys of a dictionary, and dumps it."""

from typing import Annotated

from leaks.world import SECRET, World
from pydantic import BaseModel

from purposegate import Personal, Sealed


class Seen(BaseModel):
    by: dict[Annotated[Sealed[str], Personal("email_address")], int]
    among: frozenset[Annotated[Sealed[str], Personal("email_address")]]


def leak(world: World) -> object:
    seen = Seen.model_validate({"by": {SECRET: 1}, "among": [SECRET]})
    return seen.model_dump(), repr(seen), seen.model_dump_json(), seen.model_dump(mode="json")
