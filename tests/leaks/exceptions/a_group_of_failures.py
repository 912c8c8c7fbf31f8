"""Collects the failures of a night's mailing into a group, one for each address."""

from leaks.people import a_candidate
from leaks.world import World

REFUSED = "ExceptionGroup"


def leak(world: World) -> object:
    failures = [ConnectionError(candidate.email) for candidate in [a_candidate(), a_candidate()]]
    raise ExceptionGroup("the night's mailing", failures)
