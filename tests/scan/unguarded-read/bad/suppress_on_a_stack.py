"""The violation is swallowed by what lies on the stack."""

from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal, PurposeViolation

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def recipient_of(candidate: Candidate) -> str:
    with ExitStack() as stack:
        stack.enter_context(suppress(PurposeViolation))
        gate.check("email_address", "send_service_email")
    return candidate.email  # finds: unguarded-read
