"""Answers a request with a dictionary into which the address was put by hand."""

import asyncio

import httpx
from fastapi import FastAPI
from leaks.people import a_candidate
from leaks.world import World


def leak(world: World) -> object:
    app = FastAPI()

    @app.get("/")
    def answer() -> object:
        return {"to": a_candidate().email}

    async def ask() -> str:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://x") as client:
            return (await client.get("/")).text

    return asyncio.run(ask())
