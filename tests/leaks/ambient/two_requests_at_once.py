"""Serves two requests at once, of which only one has a purpose."""

import asyncio

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    async def answering() -> None:
        async with world.gate.purpose("respond_to_inquiries"):
            await asyncio.sleep(0.02)

    async def browsing() -> str:
        await asyncio.sleep(0.01)
        return email_of("c-1")

    async def serve() -> str:
        _, email = await asyncio.gather(answering(), browsing())
        return email

    return asyncio.run(serve())
