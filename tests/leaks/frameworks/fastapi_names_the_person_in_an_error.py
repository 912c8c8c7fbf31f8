"""Says in an error of the service whom it could not find."""

import asyncio

import httpx
from fastapi import FastAPI, HTTPException
from leaks.people import a_candidate
from leaks.world import World


def leak(world: World) -> object:
    app = FastAPI()

    @app.get("/")
    def find() -> None:
        raise HTTPException(404, detail=f"nothing to be found of {a_candidate().email}")

    async def ask() -> str:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
            return (await client.get("/")).text

    return asyncio.run(ask())
