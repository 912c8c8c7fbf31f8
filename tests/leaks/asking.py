"""Asks an app what a program's colleague wrote, as a client would, and gives the text of the answer."""

import asyncio
from typing import Any

import httpx
from fastapi import FastAPI


def ask(app: FastAPI, path: str = "/", method: str = "GET", **request: Any) -> str:
    async def asking() -> str:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return (await client.request(method, path, **request)).text

    return asyncio.run(asking())
