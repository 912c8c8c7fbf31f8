"""Opens an address for a campaign."""

from leaks.people import a_candidate
from leaks.world import World

REFUSED = "undeclared-purpose"


def leak(world: World) -> object:
    return world.gate.open(a_candidate().email, "distribute_advertising")
