"""Takes the variables of a candidate, and its dictionary."""

from leaks.people import a_candidate
from leaks.world import World


def leak(world: World) -> object:
    return vars(a_candidate()), a_candidate().__dict__, str(vars(a_candidate()))
