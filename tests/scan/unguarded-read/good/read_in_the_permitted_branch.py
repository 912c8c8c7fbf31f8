"""The read stands in the branch of the permission, also with a walrus."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Visitor:
    id: str
    cookie: Annotated[str, Personal("cookie")]


def session_key(visitor: Visitor) -> tuple[str, str]:
    if decision := gate.decide("cookie", "manage_sessions"):
        return visitor.cookie, ", ".join(decision.clauses)
    return visitor.id, ""
