"""The block's purpose opens the visits, but not the name that is read in it."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Visitor:
    id: str
    name: Annotated[str, Personal("name")]
    visits: Annotated[list[str], Personal("usage_history")]


def banner(visitor: Visitor) -> str:
    with gate.purpose("distribute_advertising"):
        campaign = "returning" if visitor.visits else "new"
        return f"{campaign}: Hello {visitor.name}!"  # finds: undeclared-purpose
