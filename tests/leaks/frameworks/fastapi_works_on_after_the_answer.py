"""Hands the mailing to a background task, which runs when the request's purpose is over."""

import asyncio

import httpx
from fastapi import BackgroundTasks, FastAPI
from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    app, outbox = FastAPI(), list[str]()

    @world.gate.guard("email_address")
    async def mail(candidate_id: str) -> None:
        outbox.append(an_applicant().email)

    @app.post("/")
    async def apply(tasks: BackgroundTasks) -> None:
        async with world.gate.purpose("respond_to_inquiries"):
            tasks.add_task(mail, "c-1")

    async def ask() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
            await client.post("/")

    asyncio.run(ask())
    return outbox
