"""Refuses a wrong address, and repeats it in the answer."""

import asyncio
from typing import Annotated

import httpx
from fastapi import FastAPI
from leaks.world import SECRET, World
from pydantic import BaseModel, Field

from purposegate import Personal, Sealed


class Signup(BaseModel):
    email: Annotated[Sealed[Annotated[str, Field(max_length=10)]], Personal("email_address")]


def leak(world: World) -> object:
    app = FastAPI()

    @app.post("/")
    def sign_up(signup: Signup) -> None: ...

    async def ask() -> str:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://x") as client:
            return (await client.post("/", json={"email": SECRET})).text

    return asyncio.run(ask())
