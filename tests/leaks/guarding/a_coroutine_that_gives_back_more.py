"""Guards a coroutine function by the name, and gives back a whole person."""

import asyncio

from leaks.people import Applicant, an_applicant
from leaks.world import ACME, World

REFUSED = "unnamed-return"


def leak(world: World) -> object:
    @world.gate.guard("name", check_return=True)
    async def name_of(candidate_id: str) -> dict[str, Applicant]:
        return {candidate_id: an_applicant()}

    with world.gate.purpose("view_video_interview", ACME):
        return asyncio.run(name_of("c-1"))
