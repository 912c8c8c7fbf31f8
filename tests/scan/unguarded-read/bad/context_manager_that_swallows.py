"""A context manager of our own catches around its `yield`, and goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal, PurposeViolation

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


@contextmanager
def quietly() -> Iterator[None]:
    try:
        yield
    except PurposeViolation:
        print("never mind")


def recipient_of(candidate: Candidate) -> str:
    with quietly():
        gate.check("email_address", "send_service_email")
    return candidate.email  # finds: unguarded-read
