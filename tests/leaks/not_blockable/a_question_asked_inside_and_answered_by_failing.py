"""Raises inside `map` where a guess is wrong, and looks at whether it failed."""

from leaks.people import an_email
from leaks.world import GUESSES, World

from purposegate import PurposegateError

REASON = "that a computation failed must be said, and a function may choose to fail by the value"


def leak(world: World) -> object:
    found = []
    for guess in GUESSES:
        try:
            an_email().map(lambda email, guess=guess: [guess].index(email))
            found.append(guess)
        except (PurposegateError, ValueError):
            pass
    return found
