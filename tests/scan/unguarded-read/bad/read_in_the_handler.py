"""What was denied is written into the log of denials."""

import logging
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal, PurposeViolation

log = logging.getLogger("audit")
gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def send(candidate: Candidate, outbox: list[str]) -> None:
    try:
        gate.check("email_address", "send_service_email")
        outbox.append(candidate.email)
    except PurposeViolation:
        log.warning("no mail for %s", candidate.email)  # finds: unguarded-read
