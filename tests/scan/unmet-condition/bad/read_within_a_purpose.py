"""What a provider reads under its purpose hangs on its agreement."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Ticket:
    id: str
    text: Annotated[str, Personal("inquiry")]


def outsourced(ticket: Ticket) -> str:
    with gate.purpose("respond_to_inquiries", "service_provider/call-centre", subject=ticket.id):
        return f"> {ticket.text}"  # finds: unmet-condition
