"""The records of a trail in a database, as `trail.reading` gives those of one in files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from purposegate.trail.lines import UNREADABLE, record_of
from purposegate.trail.reading import Fields
from purposegate.trail.record import Record
from purposegate.trail.sql.sink import SqlSink
from purposegate.trail.wanted import Wanted


class SqlReading:
    """One reading of a trail in a database, as it stood when the reading began, in the order in which it was written.

    `unreadable` counts the bodies so far that are no records. `done` and `total` are bytes of bodies; `progress`
    is told how many were read since.
    """

    def __init__(self, sink: SqlSink, wanted: Wanted | None = None) -> None:
        """Look at the trail; raise `TrailError` where it cannot be read."""
        self.wanted = Wanted() if wanted is None else wanted
        _, self.total = sink.size()
        self.done = 0
        self.unreadable = 0
        self.progress: Callable[[int], None] | None = None
        self._sink = sink

    def fields(self) -> Iterator[Fields]:
        """Yield the fields of the records; raise `TrailError` where they cannot be read."""
        for body in self._sink.bodies(since=self.wanted.since, subject=self.wanted.subject, reason=self.wanted.reason):
            self._read(len(body) if isinstance(body, str) else 0)
            try:
                found = json.loads(body if isinstance(body, str) else "")
                wanted = type(found["at"]) is int and self.wanted.fits(found)
            except UNREADABLE:
                self.unreadable += 1
            else:
                if wanted:
                    yield found

    def records(self) -> Iterator[Record]:
        """Yield the records; raise `TrailError` where they cannot be read."""
        for found in self.fields():
            try:
                record = record_of(found)
            except UNREADABLE:
                self.unreadable += 1
            else:
                yield record

    def _read(self, size: int) -> None:
        self.done += size
        if self.progress is not None:
            self.progress(size)
