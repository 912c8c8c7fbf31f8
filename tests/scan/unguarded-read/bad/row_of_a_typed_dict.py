"""An ETL step reads a labelled key of a row."""

from collections.abc import Iterator
from typing import Annotated, TypedDict

from purposegate import Personal


class CandidateRow(TypedDict):
    id: int
    email: Annotated[str, Personal("email_address")]
    applied_on: str


def domains(rows: list[CandidateRow]) -> Iterator[str]:
    for row in rows:
        yield row["email"].rpartition("@")[2]  # finds: unguarded-read
