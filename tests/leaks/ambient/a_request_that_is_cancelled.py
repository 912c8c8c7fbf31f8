"""Catches the cancellation of a request outside of its block, and reads on to say goodbye."""

import asyncio

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    async def email_of(candidate_id: str) -> str:
        return an_applicant().email

    async def handle() -> str:
        try:
            async with asyncio.timeout(0.01), world.gate.purpose("respond_to_inquiries"):
                await asyncio.sleep(10)
        except TimeoutError:
            return await email_of("c-1")
        return "in time"

    return asyncio.run(handle())
