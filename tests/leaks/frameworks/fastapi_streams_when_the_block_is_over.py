"""Streams an answer from a generator, which runs when the endpoint and its purpose are over."""

import asyncio
from collections.abc import Iterator

import httpx
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from leaks.people import a_candidate
from leaks.world import World


def leak(world: World) -> object:
    app = FastAPI()

    def lines() -> Iterator[str]:
        yield a_candidate().model_dump_json()

    @app.get("/")
    async def answer() -> StreamingResponse:
        async with world.gate.purpose("respond_to_inquiries"):
            return StreamingResponse(lines())

    async def ask() -> str:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
            return (await client.get("/")).text

    return asyncio.run(ask())
