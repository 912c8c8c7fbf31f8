"""Asks in an `if` whether a guess is the address, computed inside."""

from leaks.people import an_email
from leaks.world import GUESSES, World

REFUSED = "TypeError"


def leak(world: World) -> object:
    return [guess for guess in GUESSES if an_email().map(lambda email, guess=guess: email == guess)]
