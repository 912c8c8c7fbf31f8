"""A trail in memory: for tests and examples."""

from __future__ import annotations

from collections.abc import Sequence

from purposegate.trail.record import Record


class MemorySink:
    """Keeps every record in a list; safe to share between threads, and gone with the process."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def write(self, records: Sequence[Record]) -> None:
        """Keep records."""
        self.records.extend(records)
