"""One of the decisions is enough, and it may be the other one."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def recipient_of(candidate: Candidate) -> str:
    if any(gate.decide(each, "send_service_email") for each in ("email_address", "name")):
        return candidate.email  # finds: unguarded-read
    return ""
