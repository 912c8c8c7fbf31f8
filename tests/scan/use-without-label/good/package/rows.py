"""Rows with labels."""

from typing import Annotated, TypedDict

from purposegate import Personal


class Hit(TypedDict):
    path: str
    device: Annotated[str, Personal("terminal_information")]
    pages: Annotated[list[str], Personal("usage_history")]
