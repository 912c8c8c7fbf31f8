"""Opens a purpose in an async generator, and leaves it half-way."""

import asyncio
from collections.abc import AsyncIterator

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "lent-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    async def ids() -> AsyncIterator[str]:
        async with world.gate.purpose("respond_to_inquiries"):
            yield "c-1"

    async def first() -> str:
        async for candidate_id in ids():
            return email_of(candidate_id)
        return "nobody"

    return asyncio.run(first())
