"""The last case of the match falls through to the read unchecked."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def address_for(candidate: Candidate, reason: str) -> str:
    match reason:
        case "reminder":
            gate.check("email_address", "send_service_email")
        case "survey":
            gate.check("email_address", "inform_and_survey")
    return candidate.email  # finds: unguarded-read
