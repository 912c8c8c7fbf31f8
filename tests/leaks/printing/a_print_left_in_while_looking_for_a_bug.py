"""Prints a candidate to see what is in it."""

from leaks.people import a_candidate
from leaks.world import World


def leak(world: World) -> None:
    candidate = a_candidate()
    print(candidate)
    print(candidate.email, repr(candidate.email))
