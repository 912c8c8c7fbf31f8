"""Compares the address with those that a list was bought with."""

from leaks.people import an_email
from leaks.world import GUESSES, World


def leak(world: World) -> object:
    email = an_email()
    return [guess for guess in GUESSES if email == guess], [guess for guess in GUESSES if email.__eq__(guess) is True]
