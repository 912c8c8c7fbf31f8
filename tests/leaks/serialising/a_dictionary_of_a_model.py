"""Makes a dictionary of a candidate, and goes through its fields."""

from leaks.people import a_candidate
from leaks.world import World


def leak(world: World) -> object:
    return dict(a_candidate()), [f"{name}={value}" for name, value in a_candidate()]
