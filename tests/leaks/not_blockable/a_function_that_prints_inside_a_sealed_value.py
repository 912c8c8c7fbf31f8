"""Passes `map` a function that prints what it is given."""

from leaks.people import an_email
from leaks.world import World

REASON = "a function that computes with the value has it, and may keep it or show it"


def leak(world: World) -> object:
    kept: list[str] = []
    an_email().map(print)
    an_email().map(kept.append)
    return kept
