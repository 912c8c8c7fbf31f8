"""Compares two sealed addresses inside, and asks for the answer outside."""

from leaks.people import an_email
from leaks.world import GUESSES, World

from purposegate import Sealed, combine

REFUSED = "TypeError"


def leak(world: World) -> object:
    sealed = [Sealed(guess, "email_address") for guess in GUESSES]
    same = [combine(an_email(), each, lambda one, other: one == other) for each in sealed]
    return [guess for guess, answer in zip(GUESSES, same, strict=True) if bool(answer)]
