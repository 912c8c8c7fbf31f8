"""Keeps a candidate in a cache, pickled."""

import pickle

from leaks.people import a_candidate
from leaks.world import World

REFUSED = "TypeError"


def leak(world: World) -> object:
    return pickle.dumps(a_candidate())
