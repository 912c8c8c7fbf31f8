"""The guard of a class asks for its public methods; a function goes around them."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    email: Annotated[str, Personal("email_address")]


@gate.guard("email_address", purpose="send_service_email")
class Mailer:
    def address(self, applicant: Applicant) -> str:
        return self._normalised(applicant)

    def _normalised(self, applicant: Applicant) -> str:
        return applicant.email.strip().lower()  # finds: unguarded-read


def debug_line(mailer: Mailer, applicant: Applicant) -> str:
    return f"{applicant.id} -> {mailer._normalised(applicant)}"
