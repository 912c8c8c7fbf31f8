"""Opens the purpose in a dependency, and works on in a background task, which the dependency outlives."""

import asyncio
from collections.abc import AsyncIterator

import httpx
from fastapi import BackgroundTasks, Depends, FastAPI
from leaks.people import an_applicant
from leaks.world import World

REASON = "the dependency holds its block open until the tasks have run; the one of the FastAPI integration does not"


def leak(world: World) -> object:
    app, outbox = FastAPI(), list[str]()

    async def answering() -> AsyncIterator[None]:
        async with world.gate.purpose("respond_to_inquiries"):
            yield

    @world.gate.guard("email_address")
    async def mail(candidate_id: str) -> None:
        outbox.append(an_applicant().email)

    @app.post("/", dependencies=[Depends(answering)])
    async def apply(tasks: BackgroundTasks) -> None:
        tasks.add_task(mail, "c-1")

    async def ask() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
            await client.post("/")

    asyncio.run(ask())
    return outbox
