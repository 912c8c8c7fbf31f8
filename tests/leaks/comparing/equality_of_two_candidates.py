"""Makes a candidate of a guess, and compares the two."""

from leaks.people import Candidate, a_candidate, a_card
from leaks.world import GUESSES, World


def leak(world: World) -> object:
    found = [guess for guess in GUESSES if Candidate.model_validate({"id": "c-1", "email": guess}) == a_candidate()]
    card: dict[str, object] = {"email": a_card().email}
    return found, [guess for guess in GUESSES if {"email": guess} == card]
