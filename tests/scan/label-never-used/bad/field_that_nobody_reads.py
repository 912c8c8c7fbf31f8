"""One of the labelled fields is kept and never read."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]
    device: Annotated[str, Personal("terminal_information")] = ""  # finds: label-never-used


def remind(candidate: Candidate) -> str:
    gate.check("email_address", "send_service_email", subject=candidate.id)
    return candidate.email
