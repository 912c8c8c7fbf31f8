"""Both labelled fields are read."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    name: Annotated[str, Personal("name")]
    email: Annotated[str, Personal("email_address")]


@gate.guard("name", "email_address", purpose="send_service_email")
def header(candidate: Candidate) -> str:
    return f"{candidate.name} <{candidate.email}>"
