"""The exit codes of every command."""

from enum import StrEnum
from typing import Final

OK: Final = 0  # clean, or permitted
DENIED: Final = 1  # denied, or findings at or above --fail-level
COULD_NOT_RUN: Final = 2


class FailOn(StrEnum):
    """Which changes between two policies give exit code 1."""

    WIDENED = "widened"
    NARROWED = "narrowed"
    ANY = "any"
