"""Starts reading in a thread with `to_thread`, and gives up waiting for it."""

import asyncio
from threading import Event

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    over = Event()

    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    def read_slowly() -> str:
        over.wait(10)
        return email_of("c-1")

    async def handle() -> str:
        async with world.gate.purpose("respond_to_inquiries"):
            reading = asyncio.create_task(asyncio.to_thread(read_slowly))
            await asyncio.sleep(0.01)
        over.set()
        return await reading

    return asyncio.run(handle())
