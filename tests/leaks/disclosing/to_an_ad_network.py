"""Sends everybody to an ad network, in one call."""

from leaks.people import an_applicant
from leaks.world import AD_NETWORK, World

REFUSED = "undeclared-purpose"


def leak(world: World) -> object:
    return world.gate.disclose([an_applicant()], "distribute_advertising", AD_NETWORK)
