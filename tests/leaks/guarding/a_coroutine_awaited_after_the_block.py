"""Calls a coroutine function inside the block of a purpose, and awaits it after it."""

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
            later = email_of("c-1")
        return await later

    return asyncio.run(handle())
