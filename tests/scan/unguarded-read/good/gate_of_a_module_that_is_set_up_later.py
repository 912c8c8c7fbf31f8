"""The gate is made at start-up, and taken away at the end."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


mails: Gate | None = None


def start() -> None:
    global mails
    mails = Gate.load("policies/en-japan-video-interview.yaml")


def stop() -> None:
    global mails
    mails = None


def recipient_of(candidate: Candidate) -> str:
    mails.check("email_address", "send_service_email")
    return candidate.email
