"""The same key in a row of another type bears no label."""

from typing import Annotated, TypedDict

from purposegate import Personal


class VisitRow(TypedDict):
    id: int
    pages: Annotated[list[str], Personal("usage_history")]


class BrochureRow(TypedDict):
    id: int
    pages: int


def thick(rows: list[BrochureRow]) -> list[int]:
    return [row["id"] for row in rows if row["pages"] > 40]
