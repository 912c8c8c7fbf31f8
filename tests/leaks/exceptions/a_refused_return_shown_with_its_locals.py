"""Reports every exception with the variables of each frame, also where a guard kept back what a function gave."""

import traceback

from leaks.people import Applicant, an_applicant
from leaks.world import ACME, World


def leak(world: World) -> object:
    @world.gate.guard("name", check_return=True)
    def name_of(candidate_id: str) -> list[Applicant]:
        return [an_applicant()]

    try:
        with world.gate.purpose("view_video_interview", ACME):
            return name_of("c-1")
    except Exception as error:
        return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
