"""Matches the address against the cases that get a special answer."""

from leaks.people import an_email
from leaks.world import GUESSES, World


class Known:
    candidate = GUESSES[1]


def leak(world: World) -> object:
    match an_email():
        case Known.candidate:
            return Known.candidate
        case str(text):
            return text
        case _:
            return "somebody else"
