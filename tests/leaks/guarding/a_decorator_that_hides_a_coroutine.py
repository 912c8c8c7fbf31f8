"""Puts the guard above a decorator that retries, so that it no longer sees a coroutine function."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def retried(function: Callable[[str], Awaitable[str]]) -> Callable[[str], Awaitable[str]]:
    @wraps(function)
    def wrapper(candidate_id: str) -> Awaitable[str]:
        return function(candidate_id)

    return wrapper


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    @retried
    async def email_of(candidate_id: str) -> str:
        return an_applicant().email

    async def handle() -> str:
        async with world.gate.purpose("respond_to_inquiries"):
            later = email_of("c-1")
        return await later

    return asyncio.run(handle())
