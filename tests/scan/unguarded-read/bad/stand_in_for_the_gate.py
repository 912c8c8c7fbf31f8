"""Where it is no production, something stands in for the gate that permits all."""

import os
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


class Permissive:
    def check(self, *names: str) -> None:
        """Permit everything."""


chosen = gate if os.environ.get("PRODUCTION") else Permissive()


def recipient_of(candidate: Candidate) -> str:
    chosen.check("email_address", "send_service_email")
    return candidate.email  # finds: unguarded-read
