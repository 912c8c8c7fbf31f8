"""Takes the part before the at sign as a nickname."""

from leaks.people import an_email
from leaks.world import World

REFUSED = "AttributeError"


def leak(world: World) -> object:
    return an_email().split("@")[0]
