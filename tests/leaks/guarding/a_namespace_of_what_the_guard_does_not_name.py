"""Gives back more than the guard names, wrapped in objects, exceptions and private variables."""

from types import SimpleNamespace

from leaks.people import an_applicant
from leaks.world import ACME, World

REFUSED = "unnamed-return"


def leak(world: World) -> object:
    @world.gate.guard("name", check_return=True)
    def name_of(candidate_id: str) -> object:
        return [SimpleNamespace(by={"who": an_applicant()})]

    with world.gate.purpose("view_video_interview", ACME):
        return name_of("c-1")
