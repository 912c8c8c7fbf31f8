"""Reads addresses in an event loop's executor, which carries no context."""

import asyncio

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    async def handle() -> str:
        async with world.gate.purpose("respond_to_inquiries"):
            return await asyncio.get_running_loop().run_in_executor(None, email_of, "c-1")

    return asyncio.run(handle())
