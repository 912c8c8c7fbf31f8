"""Dumps a candidate inside the block of a purpose of another policy, that of a shop."""

from builders import a_gate
from leaks.people import a_candidate
from leaks.world import World


def leak(world: World) -> object:
    with a_gate().purpose("shipping"), world.gate.purpose("distribute_advertising"):
        return a_candidate().model_dump_json()
