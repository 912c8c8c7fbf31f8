"""Dumps the wrong candidate inside a block that is for one person."""

from leaks.people import a_candidate
from leaks.world import World

REASON = "a value does not know whose it is; name the person in the guard, or in the call"


def leak(world: World) -> object:
    with world.gate.purpose("respond_to_inquiries", "data_subject", subject="c-7"):
        return a_candidate().model_dump_json()
