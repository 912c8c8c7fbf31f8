"""The guard of the class stands for its public methods, and for what only they call."""

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
    def __init__(self, sender: str) -> None:
        self.sender = sender

    def line(self, applicant: Applicant) -> str:
        return f"{self.sender} -> {self._normalised(applicant)}"

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]

    def _normalised(self, applicant: Applicant) -> str:
        return applicant.email.strip().lower()
