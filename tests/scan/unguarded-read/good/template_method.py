"""The base class checks before it calls what the subclass reads."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal


@dataclass
class Candidate:
    id: str
    name: Annotated[str, Personal("name")]
    email: Annotated[str, Personal("email_address")]


class Mail(ABC):
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def send(self, candidate: Candidate) -> str:
        self._gate.check("user_information", "send_service_email", subject=candidate.id)
        return f"To: {candidate.email}\n\n{self._body(candidate)}"

    @abstractmethod
    def _body(self, candidate: Candidate) -> str: ...


class Welcome(Mail):
    def _body(self, candidate: Candidate) -> str:
        return f"Welcome, {candidate.name}"
