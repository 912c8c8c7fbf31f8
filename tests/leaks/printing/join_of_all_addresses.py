"""Joins all addresses into the line of a mail's header."""

from leaks.people import a_candidate
from leaks.world import World


def leak(world: World) -> object:
    return ", ".join(str(candidate.email) for candidate in [a_candidate(), a_candidate()])
