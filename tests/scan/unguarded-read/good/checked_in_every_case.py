"""Each case of the match checks, and the last one raises."""

from dataclasses import dataclass
from typing import Annotated, Literal

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def address_for(candidate: Candidate, reason: Literal["reminder", "survey"] | str) -> str:
    match reason:
        case "reminder":
            gate.check("email_address", "send_service_email")
        case "survey":
            gate.check("email_address", "inform_and_survey")
        case _:
            raise ValueError(reason)
    return candidate.email
