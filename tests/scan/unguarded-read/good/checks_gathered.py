"""The check is awaited together with others."""

import asyncio
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


async def recipient_of(candidate: Candidate) -> str:
    await asyncio.gather(gate.acheck("email_address", "send_service_email"), asyncio.sleep(0))
    return candidate.email
