"""Copies a candidate with a note, and writes it down."""

from leaks.people import a_candidate
from leaks.world import World


def leak(world: World) -> object:
    candidate = a_candidate().model_copy(update={"note": a_candidate().email})
    return candidate.model_dump(warnings=False), repr(candidate)
