"""The check dominates the read, with statements in between."""

import logging
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

log = logging.getLogger(__name__)
gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def remind(candidate: Candidate, outbox: list[str]) -> None:
    gate.check("email_address", "send_service_email", subject=candidate.id)
    for attempt in range(3):
        log.info("attempt %d for %s", attempt, candidate.id)
        outbox.append(candidate.email)
