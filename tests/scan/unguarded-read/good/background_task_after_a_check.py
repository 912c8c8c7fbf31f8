"""A background task is only begun once it was checked."""

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
    print(candidate.email)


def accepted(tasks: BackgroundTasks, candidate: Candidate) -> None:
    gate.check("email_address", "send_service_email")
    tasks.add_task(send, candidate)
