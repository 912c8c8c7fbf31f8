"""Dumps a candidate as JSON to send it on."""

from leaks.people import a_candidate
from leaks.world import World


def leak(world: World) -> object:
    return a_candidate().model_dump_json(indent=2), a_candidate().model_dump_json(round_trip=True)
