"""A partial of `check` is a check."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")
release_for_mail = partial(gate.check, purpose="send_service_email")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def recipient_of(candidate: Candidate) -> str:
    release_for_mail("email_address", subject=candidate.id)
    return candidate.email
