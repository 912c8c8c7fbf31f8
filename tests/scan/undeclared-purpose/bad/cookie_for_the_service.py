"""Cookies are collected for the purposes of article 8 and no others."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response

from purposegate import Gate

app = FastAPI()
gate = Gate.load("policies/en-japan-video-interview.yaml")


@app.middleware("http")
async def count(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    await gate.acheck("cookie", "monitor_usage")  # finds: undeclared-purpose
    return await call_next(request)
