"""Puts a record with an address on a queue to another process."""

from multiprocessing.reduction import ForkingPickler

from leaks.people import a_card
from leaks.world import World

REFUSED = "TypeError"


def leak(world: World) -> object:
    return bytes(ForkingPickler.dumps(a_card()))
