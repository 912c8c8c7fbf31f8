"""The read lies in a helper, of whose callers one opens a purpose that does not open the name."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Visitor:
    id: str
    name: Annotated[str, Personal("name")]


def salutation(visitor: Visitor) -> str:
    return f"Hello {visitor.name}"  # finds: undeclared-purpose


def mail(visitor: Visitor) -> str:
    with gate.purpose("send_service_email"):
        return salutation(visitor)


def banner(visitor: Visitor) -> str:
    with gate.purpose("distribute_advertising"):
        return salutation(visitor)
