"""A worker resumes the purpose of a token, and has the gate ask whether the address may be used for that."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def deliver(token: str, candidate: Candidate) -> str:
    with gate.resume(token):
        gate.check("email_address")
        return candidate.email
