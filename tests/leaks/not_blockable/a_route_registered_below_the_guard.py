"""Puts the guard above the decorator that registers the route, which keeps the function as it was."""

import asyncio

import httpx
from fastapi import FastAPI
from leaks.people import an_applicant
from leaks.world import World

REASON = "a framework calls the function that it was given, and it was given the one below the guard; put the guard below the route"


def leak(world: World) -> object:
    app = FastAPI()

    @world.gate.guard("email_address")
    @app.get("/")
    def email() -> str:
        return an_applicant().email

    async def ask() -> str:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
            return (await client.get("/")).text

    return asyncio.run(ask())
