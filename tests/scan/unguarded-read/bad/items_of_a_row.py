"""A loop over the items of a row reads every key."""

from typing import Annotated, TypedDict

from purposegate import Personal


class Row(TypedDict):
    id: str
    email: Annotated[str, Personal("email_address")]


def as_lines(row: Row) -> list[str]:
    lines = []
    for key, value in row.items():  # finds: unguarded-read
        lines.append(f"{key}={value}")
    return lines
