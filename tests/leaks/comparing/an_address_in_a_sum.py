"""Puts `mailto:` before the address."""

from leaks.people import an_email
from leaks.world import World

REFUSED = "TypeError"


def leak(world: World) -> object:
    return "mailto:" + an_email()
