"""The loop is left only once the use is permitted."""

from dataclasses import dataclass
from time import sleep
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def recipient_of(candidate: Candidate) -> str:
    while not gate.decide("email_address", "send_service_email"):
        sleep(60)
    return candidate.email
