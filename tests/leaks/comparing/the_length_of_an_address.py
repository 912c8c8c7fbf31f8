"""Tells guesses apart by their length."""

from leaks.people import an_email
from leaks.world import GUESSES, World

REFUSED = "TypeError"


def leak(world: World) -> object:
    return [guess for guess in GUESSES if len(guess) == len(an_email())]
