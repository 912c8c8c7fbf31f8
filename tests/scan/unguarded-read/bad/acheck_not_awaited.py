"""A coroutine that nobody awaits checks nothing."""

from dataclasses import dataclass
from typing import Annotated

import httpx

from purposegate import Gate, Personal


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


async def send_code(gate: Gate, client: httpx.AsyncClient, candidate: Candidate) -> None:
    gate.acheck("email_address", "send_service_email")
    await client.post("/codes", json={"to": candidate.email})  # finds: unguarded-read
