"""A lambda reads the field where it is called."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Visitor:
    id: str
    device: Annotated[str, Personal("terminal_information")]


def phones(visitors: list[Visitor]) -> list[Visitor]:
    return list(filter(lambda visitor: "iPhone" in visitor.device, visitors))  # finds: unguarded-read
