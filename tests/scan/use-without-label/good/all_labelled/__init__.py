"""Whatever is used some field is labelled with, if only a sealed value."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal, Sealed

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Visitor:
    id: str
    email: Annotated[Sealed[str], Personal("email_address")]
    pages: Annotated[list[str], Personal("usage_history")]


def report(visitors: list[Visitor]) -> int:
    gate.check("usage_history", "monitor_usage")
    return sum(len(visitor.pages) for visitor in visitors)


def mail(visitor: Visitor) -> str:
    return gate.open(visitor.email, "send_service_email", subject=visitor.id)
