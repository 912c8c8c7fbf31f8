"""The job cannot be made without the check, which the method repeats for each person."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


class ReminderJob:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._require("nobody")

    def run(self, candidates: list[Candidate]) -> list[str]:
        addresses = []
        for candidate in candidates:
            self._require(candidate.id)
            addresses.append(candidate.email)
        return addresses

    def _require(self, subject: str) -> None:
        self._gate.check("email_address", "send_service_email", subject=subject)
