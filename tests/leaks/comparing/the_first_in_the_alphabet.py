"""Takes the smallest and the largest of several addresses."""

from leaks.people import an_email
from leaks.world import World

REFUSED = "TypeError"


def leak(world: World) -> object:
    return min(an_email(), an_email()), max([an_email(), an_email()])
