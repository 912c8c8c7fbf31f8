"""The check stands where a chain of comparisons may never come to."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def may_mail() -> int:
    gate.check("email_address", "send_service_email")
    return 10


def recipient_of(candidate: Candidate, age: int) -> str:
    if 18 < age < may_mail():
        print(age)
    return candidate.email  # finds: unguarded-read
