"""Guards an object that is called like a coroutine function, and awaits it when the purpose is over."""

import asyncio

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


class Read:
    async def __call__(self, candidate_id: str) -> str:
        return an_applicant().email


def leak(world: World) -> object:
    email_of = world.gate.guard("email_address")(Read())

    async def handle() -> str:
        async with world.gate.purpose("respond_to_inquiries"):
            later = email_of("c-1")
        return await later

    return asyncio.run(handle())
