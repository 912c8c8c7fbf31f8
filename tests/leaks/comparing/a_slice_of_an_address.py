"""Shows the first letters of the address, as a hint."""

from leaks.people import an_email
from leaks.world import World

REFUSED = "TypeError"


def leak(world: World) -> object:
    return an_email()[:6] + "…"
