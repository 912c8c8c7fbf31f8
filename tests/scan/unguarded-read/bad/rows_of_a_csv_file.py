"""A row of a file is written of the object and its id."""

import csv
from dataclasses import dataclass
from typing import Annotated, TextIO

from purposegate import Personal


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def export(candidates: list[Candidate], file: TextIO) -> None:
    writer = csv.writer(file)
    for candidate in candidates:
        writer.writerow([candidate.id, candidate])  # finds: unguarded-read
