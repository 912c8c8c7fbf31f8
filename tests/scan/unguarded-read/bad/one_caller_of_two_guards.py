"""The address book is reached from a guarded job and from an unguarded export."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def address_line(candidate: Candidate) -> str:
    return f"<{candidate.email}>"  # finds: unguarded-read


def weekly_mail(candidates: list[Candidate]) -> list[str]:
    gate.check("email_address", "send_service_email")
    return [address_line(each) for each in candidates]


def export(candidates: list[Candidate]) -> str:
    return "\n".join(address_line(each) for each in candidates)
