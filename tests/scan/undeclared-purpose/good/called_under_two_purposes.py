"""Both callers of the helper open a purpose that opens the name."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Visitor:
    id: str
    name: Annotated[str, Personal("name")]


def salutation(visitor: Visitor) -> str:
    return f"Hello {visitor.name}"


def mail(visitor: Visitor) -> str:
    with gate.purpose("send_service_email"):
        return salutation(visitor)


def answer(visitor: Visitor) -> str:
    with gate.purpose("respond_to_inquiries", "data_subject", subject=visitor.id):
        return salutation(visitor)
