"""Guards a function by the name, and gives back the whole person."""

from leaks.people import Applicant, an_applicant
from leaks.world import ACME, World

REFUSED = "unnamed-return"


def leak(world: World) -> object:
    @world.gate.guard("name", check_return=True)
    def name_of(candidate_id: str) -> list[Applicant]:
        return [an_applicant()]

    with world.gate.purpose("view_video_interview", ACME):
        return name_of("c-1")
