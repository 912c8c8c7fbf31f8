"""`async with` opens the purpose as `with` does; what is called inside runs in it."""

from dataclasses import dataclass
from typing import Annotated

import httpx

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


async def post(client: httpx.AsyncClient, candidate: Candidate) -> None:
    await client.post("/mails", json={"to": candidate.email})


async def remind(client: httpx.AsyncClient, candidates: list[Candidate]) -> None:
    async with gate.purpose("send_service_email"):
        for candidate in candidates:
            await post(client, candidate)
