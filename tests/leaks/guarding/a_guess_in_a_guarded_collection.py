"""Asks an object of a guarded class whether a guess is in it."""

from leaks.people import an_applicant
from leaks.world import GUESSES, World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    class Addresses:
        def __contains__(self, email: str) -> bool:
            return email == an_applicant().email

        def __eq__(self, other: object) -> bool:
            return other == an_applicant().email

        __hash__ = None  # type: ignore[assignment]  # as Python does it

    return [guess for guess in GUESSES if guess in Addresses() or Addresses() == guess]
