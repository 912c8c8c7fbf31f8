"""A function makes the label, so that nobody sees of what."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


def label(kind: str) -> Personal:
    return Personal(kind + "_address")


@dataclass
class Row:
    id: str
    value: Annotated[str, label("email")]  # finds: cannot-verify
