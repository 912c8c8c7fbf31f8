"""Asks an event loop to call back in a moment, when the purpose will be over."""

import asyncio

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    async def handle() -> str:
        answer = asyncio.get_running_loop().create_future()

        def call_back() -> None:
            try:
                answer.set_result(email_of("c-1"))
            except Exception as error:
                answer.set_exception(error)

        async with world.gate.purpose("respond_to_inquiries"):
            asyncio.get_running_loop().call_soon(call_back)
        return str(await answer)

    return asyncio.run(handle())
