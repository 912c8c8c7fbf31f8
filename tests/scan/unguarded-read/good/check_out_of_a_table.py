"""Each of the functions in a table checks."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def surveys() -> None:
    gate.check("email_address", "inform_and_survey")


def mails() -> None:
    gate.check("email_address", "send_service_email")


CHECKS = {"mail": mails, "survey": surveys}


def recipient_of(candidate: Candidate, kind: str) -> str:
    CHECKS[kind]()
    return candidate.email
