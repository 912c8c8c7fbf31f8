"""The code has labels, and uses a category that no field bears."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Visitor:
    id: str
    email: Annotated[str, Personal("email_address")]
    pages: list[str]


def report(visitors: list[Visitor]) -> int:
    gate.check("usage_history", "monitor_usage")
    return sum(len(visitor.pages) for visitor in visitors)


def mail(visitor: Visitor) -> str:
    gate.check("email_address", "send_service_email", subject=visitor.id)
    return visitor.email
