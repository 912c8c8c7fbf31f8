"""Sorts the candidates with the guesses, and sees where they come to stand."""

from leaks.people import an_email
from leaks.world import GUESSES, World

REFUSED = "TypeError"


def leak(world: World) -> object:
    return sorted([*GUESSES[::2], an_email()])
