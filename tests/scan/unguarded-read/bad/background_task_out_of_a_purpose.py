"""A background task runs when the purpose of the block has ended."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import BackgroundTasks

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def send(candidate: Candidate) -> None:
    print(candidate.email)  # finds: unguarded-read


def accepted(tasks: BackgroundTasks, candidate: Candidate) -> None:
    with gate.purpose("send_service_email"):
        tasks.add_task(send, candidate)
