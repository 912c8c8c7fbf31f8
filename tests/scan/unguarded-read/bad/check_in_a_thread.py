"""A thread checks; its exception ends the thread and nothing else."""

from dataclasses import dataclass
from threading import Thread
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def address(candidate: Candidate) -> str:
    thread = Thread(target=gate.check, args=("email_address", "send_service_email"))
    thread.start()
    thread.join()
    return candidate.email  # finds: unguarded-read
