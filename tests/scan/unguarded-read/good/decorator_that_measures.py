"""The helper's decorator calls it and lets everything through."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def measured(function: Callable[[], None]) -> Callable[[], None]:
    @wraps(function)
    def wrapper() -> None:
        try:
            function()
        finally:
            print("done")

    return wrapper


@measured
def may_mail() -> None:
    gate.check("email_address", "send_service_email")


def recipient_of(candidate: Candidate) -> str:
    may_mail()
    return candidate.email
