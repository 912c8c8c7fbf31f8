"""Looks an address up that nobody has, and lets the error name the key."""

from leaks.people import an_email
from leaks.world import World

REFUSED = "KeyError"


def leak(world: World) -> object:
    seen: dict[object, str] = {}
    return seen[an_email()]
