"""The check is only in the first of two functions of one name."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def may_mail() -> None:
    gate.check("email_address", "send_service_email")


def may_mail() -> None:  # noqa: F811 - the case itself
    return None


def recipient_of(candidate: Candidate) -> str:
    may_mail()
    return candidate.email  # finds: unguarded-read
