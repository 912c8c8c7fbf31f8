"""To ask which fields may be read is no use of those that may not."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Visitor:
    id: str
    visits: Annotated[list[str], Personal("usage_history")]
    name: Annotated[str, Personal("name")]


def header(path: Path) -> None:
    with path.open("w") as out:
        csv.writer(out).writerow(gate.fields(Visitor, "distribute_advertising"))
