"""Guards generators by the name, and yields whole persons."""

import asyncio
from collections.abc import AsyncIterator, Iterator

from leaks.people import Applicant, an_applicant
from leaks.world import ACME, World

REFUSED = "unnamed-return"


def leak(world: World) -> object:
    @world.gate.guard("name", check_return=True)
    def names() -> Iterator[Applicant]:
        yield an_applicant()

    @world.gate.guard("name", check_return=True)
    async def names_later() -> AsyncIterator[Applicant]:
        yield an_applicant()

    async def first() -> Applicant:
        return await anext(aiter(names_later()))

    with world.gate.purpose("view_video_interview", ACME):
        try:
            return asyncio.run(first())
        finally:
            next(names())
