"""Begins to stream addresses inside a block, and goes on after it."""

import asyncio
from collections.abc import AsyncIterator

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    async def emails() -> AsyncIterator[str]:
        yield "nobody yet"
        yield an_applicant().email

    async def stream() -> list[str]:
        reading = emails()
        async with world.gate.purpose("respond_to_inquiries"):
            await anext(reading)
        return [email async for email in reading]

    return asyncio.run(stream())
