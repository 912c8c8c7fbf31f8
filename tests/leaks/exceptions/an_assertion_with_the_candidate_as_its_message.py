"""Asserts something of a candidate, and gives the candidate as the message."""

from leaks.people import a_candidate
from leaks.world import World

REFUSED = "AssertionError"


def leak(world: World) -> None:
    candidate = a_candidate()
    assert candidate.id.startswith("applicant-"), candidate
