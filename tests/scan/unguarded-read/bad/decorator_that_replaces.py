"""The helper's decorator puts something in its place that does nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def switched_off(function: Callable[[], None]) -> Callable[[], None]:
    return lambda: None


@switched_off
def may_mail() -> None:
    gate.check("email_address", "send_service_email")


def recipient_of(candidate: Candidate) -> str:
    may_mail()
    return candidate.email  # finds: unguarded-read
