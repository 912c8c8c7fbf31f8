"""Makes addresses lower case with `map` and `str.lower`."""

from leaks.people import an_email
from leaks.world import World

REFUSED = "TypeError"


def leak(world: World) -> object:
    return list(map(str.lower, [an_email()]))
