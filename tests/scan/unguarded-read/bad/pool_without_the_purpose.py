"""A thread of a pool does not run under the purpose of the block."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def send(candidate: Candidate) -> None:
    print(candidate.email)  # finds: unguarded-read


def send_all(candidates: list[Candidate], pool: ThreadPoolExecutor) -> None:
    with gate.purpose("send_service_email"):
        for candidate in candidates:
            pool.submit(send, candidate)
