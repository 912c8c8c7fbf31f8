"""The handler logs the violation and the function goes on."""

import logging
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal, PurposeViolation

log = logging.getLogger(__name__)
gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def newsletter_line(candidate: Candidate) -> str:
    try:
        gate.check("email_address", "inform_and_survey")
    except PurposeViolation:
        log.warning("the gate complains about %s", candidate.id)
    return f"{candidate.id};{candidate.email}"  # finds: unguarded-read
