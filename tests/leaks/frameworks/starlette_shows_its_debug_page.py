"""Runs the service with `debug=True`, whose page shows the exception."""

import asyncio

import httpx
from leaks.people import a_candidate
from leaks.world import World
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


async def find(request: Request) -> Response:
    raise LookupError(a_candidate().email)


def leak(world: World) -> object:
    async def ask() -> str:
        transport = httpx.ASGITransport(Starlette(debug=True, routes=[Route("/", find)]), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return (await client.get("/", headers={"accept": "text/html"})).text

    return asyncio.run(ask())
