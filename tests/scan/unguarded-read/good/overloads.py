"""Overloads only say how the function may be called."""

from dataclasses import dataclass
from typing import Annotated, overload

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


@overload
def ask(number: int) -> None: ...
@overload
def ask(number: str) -> None: ...
def ask(number: int | str) -> None:
    print(number)
    gate.check("email_address", "send_service_email")


def recipient_of(candidate: Candidate) -> str:
    ask(1)
    return candidate.email
