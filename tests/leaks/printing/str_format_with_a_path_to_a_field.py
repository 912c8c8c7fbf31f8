"""Fills a stored template, which reaches into the candidate, with `str.format`."""

from leaks.people import a_candidate
from leaks.world import World

TEMPLATE = "Dear {candidate.email}, your interview is tomorrow."


def leak(world: World) -> object:
    return TEMPLATE.format(candidate=a_candidate())
