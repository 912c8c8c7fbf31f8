"""Somebody switched the check off to debug and left it so."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Visitor:
    id: str
    visits: Annotated[list[str], Personal("usage_history")]


def last_visit(visitor: Visitor) -> str | None:
    if False:  # put back before the release
        gate.check("usage_history", "monitor_usage")
    return visitor.visits[-1] if visitor.visits else None  # finds: unguarded-read
