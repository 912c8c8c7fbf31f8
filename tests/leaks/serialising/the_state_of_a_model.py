"""Saves the state of a candidate in the way that `copy` and `pickle` do."""

from leaks.people import a_candidate
from leaks.world import World


def leak(world: World) -> object:
    return str(a_candidate().__getstate__()), a_candidate().__reduce_ex__(2)
