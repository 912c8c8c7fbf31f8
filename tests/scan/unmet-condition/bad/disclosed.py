"""What is disclosed to a provider hangs on its agreement."""

from dataclasses import dataclass
from typing import Annotated, Any

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Ticket:
    id: str
    text: Annotated[str, Personal("inquiry")]


def to_call_centre(ticket: Ticket) -> Any:
    return gate.disclose(ticket, "respond_to_inquiries", "service_provider/call-centre")  # finds: unmet-condition
