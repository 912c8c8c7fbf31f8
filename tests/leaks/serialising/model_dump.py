"""Dumps a candidate to put it into an answer."""

from leaks.people import a_candidate
from leaks.world import World


def leak(world: World) -> object:
    candidate = a_candidate()
    return candidate.model_dump(), candidate.model_dump(mode="json"), candidate.model_dump(include={"email"})
