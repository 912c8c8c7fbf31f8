"""Discloses a person outside of every block, for whatever reason."""

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    return world.gate.disclose(an_applicant())
