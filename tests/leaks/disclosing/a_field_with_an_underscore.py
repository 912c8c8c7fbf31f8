"""Calls the field `_email`, so that nobody uses it by accident."""

from dataclasses import dataclass
from typing import Annotated

from leaks.world import SECRET, World

from purposegate import Personal


@dataclass
class Draft:
    job: str
    _email: Annotated[str, Personal("email_address")]


def leak(world: World) -> object:
    return world.gate.disclose([Draft("j-1", SECRET)], "distribute_advertising", on_denied="drop")
