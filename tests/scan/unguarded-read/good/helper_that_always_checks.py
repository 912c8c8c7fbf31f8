"""The helper checks on each of its ways before it returns."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def require_mail(candidate_id: str, *, survey: bool) -> None:
    if survey:
        gate.check("email_address", "inform_and_survey", subject=candidate_id)
        return
    gate.check("email_address", "send_service_email", subject=candidate_id)


def recipient_of(candidate: Candidate) -> str:
    require_mail(candidate.id, survey=False)
    return candidate.email
