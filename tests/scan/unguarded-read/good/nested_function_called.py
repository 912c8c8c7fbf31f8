"""The nested function checks, and is called before the read."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    email_address: Annotated[str, Personal("email_address")]


def confirmation(applicant: Applicant) -> tuple[str, str]:
    def ensure() -> None:
        gate.check("email_address", "send_service_email", subject=applicant.id)

    subject = "We have received your interview"
    ensure()
    return applicant.email_address, subject
