"""A context manager of our own catches around its `yield`, and raises again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


@contextmanager
def transaction() -> Iterator[None]:
    try:
        yield
    except Exception:
        print("rolled back")
        raise
    finally:
        print("closed")


def recipient_of(candidate: Candidate) -> str:
    with transaction():
        gate.check("email_address", "send_service_email")
    return candidate.email
