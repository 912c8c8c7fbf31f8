"""The object is known, and its attribute of that name bears no label."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Visitor:
    id: str
    device: Annotated[str, Personal("terminal_information")]


@dataclass
class Encoder:
    device: str = "/dev/video0"


class Studio:
    def __init__(self) -> None:
        self.encoder = Encoder()

    def command(self) -> str:
        return f"ffmpeg -f v4l2 -i {self.encoder.device}"
