"""`operator.itemgetter` reads a labelled key of every row."""

from operator import itemgetter
from typing import Annotated, TypedDict

from purposegate import Personal


class Row(TypedDict):
    id: int
    name: Annotated[str, Personal("name")]


def in_order(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=itemgetter("name"))  # finds: unguarded-read
