"""Keeps candidates by address, and looks a guess up."""

from leaks.people import a_candidate
from leaks.world import GUESSES, World


def leak(world: World) -> object:
    by_email: dict[object, str] = {a_candidate().email: "c-1"}
    return [(guess, by_email[guess]) for guess in GUESSES if guess in by_email], list(by_email)
