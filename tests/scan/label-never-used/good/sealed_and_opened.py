"""The sealed field is opened by the gate."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal, Sealed

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Lead:
    id: str
    email: Annotated[Sealed[str], Personal("email_address")]


def address(lead: Lead) -> str:
    return gate.open(lead.email, "send_service_email", subject=lead.id)
