"""A trail in memory: for tests and examples."""

from __future__ import annotations

from purposegate.trail.record import Record


class MemorySink:
    """Keeps every record in a list; safe to share between threads."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def write(self, record: Record) -> None:
        """Keep a record."""
        self.records.append(record)
