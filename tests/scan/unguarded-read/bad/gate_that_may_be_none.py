"""Without a gate, as in most scripts, nothing is asked."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def address(candidate: Candidate, gate: Gate | None = None) -> str:
    if gate is not None:
        gate.check("email_address", "send_service_email", subject=candidate.id)
    return candidate.email  # finds: unguarded-read
