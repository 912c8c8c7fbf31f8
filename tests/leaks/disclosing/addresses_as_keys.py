"""Counts by address, so that the addresses are the keys."""

from typing import Annotated

from leaks.world import SECRET, World
from pydantic import BaseModel

from purposegate import Personal


class Counts(BaseModel):
    by_address: dict[Annotated[str, Personal("email_address")], int]
    seen: frozenset[Annotated[str, Personal("email_address")]]


def leak(world: World) -> object:
    counts = Counts(by_address={SECRET: 3}, seen=frozenset({SECRET}))
    return world.gate.disclose(counts, "distribute_advertising", on_denied="drop")
