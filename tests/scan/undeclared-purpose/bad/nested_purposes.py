"""The inner block narrows the purpose to one that does not open the cookie."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Visitor:
    id: str
    cookie: Annotated[str, Personal("cookie")]


def key(visitor: Visitor) -> str:
    with gate.purpose("provide_service"):
        with gate.purpose("view_evaluation_result"):
            return visitor.cookie[:8]  # finds: undeclared-purpose
