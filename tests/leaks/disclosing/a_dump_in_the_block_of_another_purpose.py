"""Dumps a candidate inside the block of a campaign, and puts the sealed dump on the page."""

from leaks.people import a_candidate
from leaks.world import World


def leak(world: World) -> object:
    with world.gate.purpose("distribute_advertising"):
        return a_candidate().model_dump(), a_candidate().model_dump_json(), str(a_candidate())
