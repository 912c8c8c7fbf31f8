"""Inside of the loop each read has its check before it."""

from collections import deque
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Job:
    candidate_id: str
    address: Annotated[str, Personal("email_address")]


def drain(queue: deque[Job]) -> int:
    sent = 0
    while queue:
        job = queue.popleft()
        gate.check("email_address", "send_service_email", subject=job.candidate_id)
        print("RCPT TO", job.address)
        sent += 1
    return sent
