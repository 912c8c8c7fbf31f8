"""Each subclass checks where the class only declares it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


class Mailer(ABC):
    @abstractmethod
    def ask(self) -> None: ...

    def recipient_of(self, candidate: Candidate) -> str:
        self.ask()
        return candidate.email


class Reminder(Mailer):
    def ask(self) -> None:
        gate.check("email_address", "send_service_email")


class Survey(Mailer):
    def ask(self) -> None:
        gate.check("email_address", "inform_and_survey")
