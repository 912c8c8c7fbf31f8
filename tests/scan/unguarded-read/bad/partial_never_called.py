"""A partial of `check` is made, and that is all."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def address(candidate: Candidate) -> str:
    release = partial(gate.check, "email_address", "send_service_email")
    del release
    return candidate.email  # finds: unguarded-read
