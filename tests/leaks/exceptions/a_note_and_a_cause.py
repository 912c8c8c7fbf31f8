"""Adds a note to an exception, and raises it from another that holds the candidate."""

from leaks.people import a_candidate
from leaks.world import World

REFUSED = "RuntimeError"


def leak(world: World) -> object:
    candidate = a_candidate()
    try:
        raise LookupError(candidate)
    except LookupError as error:
        error.add_note(f"while writing to {candidate.email}")
        raise RuntimeError("the mailer stopped") from error
