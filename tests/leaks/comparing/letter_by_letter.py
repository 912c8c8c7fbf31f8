"""Goes through the address letter by letter."""

from leaks.people import an_email
from leaks.world import World

REFUSED = "TypeError"


def leak(world: World) -> object:
    return "".join(letter for letter in an_email())
