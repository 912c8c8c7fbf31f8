"""The helper returns early where it remembers a person, whatever the purpose was."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")
seen: set[str] = set()


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def may_mail(candidate_id: str) -> None:
    if candidate_id in seen:
        return
    seen.add(candidate_id)
    gate.check("email_address", "send_service_email")


def recipient_of(candidate: Candidate) -> str:
    may_mail(candidate.id)
    return candidate.email  # finds: unguarded-read
