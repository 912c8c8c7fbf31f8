"""What is awaited is another call, to which the check is only handed."""

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
    await asyncio.sleep(0, gate.acheck("email_address", "send_service_email"))
    return candidate.email  # finds: unguarded-read
