"""A task checks some time later, and its violation comes to nobody."""

import asyncio
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


async def address(candidate: Candidate) -> str:
    task = asyncio.create_task(gate.acheck("email_address", "send_service_email"))
    task.add_done_callback(print)
    return candidate.email  # finds: unguarded-read
