"""What the helper returns is told from its body."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from purposegate import Personal


@dataclass
class Visitor:
    id: str
    device: Annotated[str, Personal("terminal_information")]


def _load(path: Path):
    return Visitor(**json.loads(path.read_text()))


def is_phone(path: Path) -> bool:
    visitor = _load(path)
    return "Mobile" in visitor.device  # finds: unguarded-read
