"""The coroutine is awaited before the read."""

from dataclasses import dataclass
from typing import Annotated

import httpx

from purposegate import Gate, Personal


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


async def send_code(gate: Gate, client: httpx.AsyncClient, candidate: Candidate) -> None:
    await gate.acheck("email_address", "send_service_email", subject=candidate.id)
    await client.post("/codes", json={"to": candidate.email})
