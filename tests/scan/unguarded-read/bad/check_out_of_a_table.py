"""Only one of the functions in a table checks."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def no_check() -> None:
    return None


def checks() -> None:
    gate.check("email_address", "send_service_email")


CHECKS = {"mail": checks, "none": no_check}


def recipient_of(candidate: Candidate, kind: str) -> str:
    CHECKS[kind]()
    return candidate.email  # finds: unguarded-read
