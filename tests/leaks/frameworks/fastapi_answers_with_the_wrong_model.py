"""Answers a request with the model that the service keeps, not with the one made for answers."""

import asyncio

import httpx
from fastapi import FastAPI
from leaks.people import Candidate, a_candidate
from leaks.world import World


def leak(world: World) -> object:
    app = FastAPI()

    @app.get("/typed")
    def typed() -> list[Candidate]:
        return [a_candidate()]

    @app.get("/untyped")
    def untyped() -> object:
        return {"found": a_candidate()}

    async def ask() -> list[str]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
            return [(await client.get(path)).text for path in ("/typed", "/untyped")]

    return asyncio.run(ask())
