"""Compares hashes, to find those who are in two lists."""

from leaks.people import an_email
from leaks.world import GUESSES, World


def leak(world: World) -> object:
    return [guess for guess in GUESSES if hash(guess) == hash(an_email())]
