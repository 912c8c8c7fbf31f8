"""Finds the place of an address in a sorted list."""

from bisect import bisect

from leaks.people import an_email
from leaks.world import GUESSES, World

REFUSED = "TypeError"


def leak(world: World) -> object:
    known = sorted(GUESSES)
    return known[bisect(known, an_email()) - 1]
