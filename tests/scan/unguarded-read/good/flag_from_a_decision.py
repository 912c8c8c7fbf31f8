"""The decision becomes a flag, and the flag decides."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Visitor:
    id: str
    device: Annotated[str, Personal("terminal_information")]


def banner(visitor: Visitor) -> str:
    personalised = bool(gate.decide("terminal_information", "distribute_advertising", subject=visitor.id))
    size = "320x50" if personalised and "Mobile" in visitor.device else "728x90"
    return f"/banners/{size}.png"
