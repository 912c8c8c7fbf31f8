"""The exit codes of every command."""

from typing import Final

OK: Final = 0  # clean, or permitted
DENIED: Final = 1  # denied, or findings at or above --fail-level
COULD_NOT_RUN: Final = 2
