"""Starts a guarded coroutine as a task inside the block, which begins when the block is over."""

import asyncio

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    async def email_of(candidate_id: str) -> str:
        return an_applicant().email

    async def handle() -> str:
        async with world.gate.purpose("respond_to_inquiries"):
            task = asyncio.create_task(email_of("c-1"))
        return await task

    return asyncio.run(handle())
