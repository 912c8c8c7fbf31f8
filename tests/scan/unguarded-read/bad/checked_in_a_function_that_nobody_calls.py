"""The nested function would check, if it were called."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    email_address: Annotated[str, Personal("email_address")]


def confirmation(applicant: Applicant) -> tuple[str, str]:
    def allowed() -> None:
        gate.check("email_address", "send_service_email")

    subject = "We have received your interview"
    return applicant.email_address, subject  # finds: unguarded-read
