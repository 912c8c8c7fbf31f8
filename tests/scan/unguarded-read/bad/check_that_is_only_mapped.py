"""Nobody walks over what `map` gives, so that nothing is checked."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def recipient_of(candidate: Candidate) -> str:
    map(gate.check, ["email_address"], ["send_service_email"])
    return candidate.email  # finds: unguarded-read
