"""Keeps what was disclosed for one purpose, and uses it for another."""

from leaks.people import an_applicant
from leaks.world import ACME, World

REASON = "what was disclosed is plain data; that it is kept is seen by nobody"


def leak(world: World) -> object:
    with world.gate.purpose("view_video_interview", ACME):
        kept = world.gate.disclose(an_applicant())
    with world.gate.purpose("distribute_advertising"):
        return kept
