"""The records of a trail, over all its files: as fast as a disk gives them, or in the order of time.

Nothing is verified here (`trail.verifying`). What cannot be read is counted and never left out in silence; the last line of a file
is not read without its newline, for nothing was released by it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from heapq import heapify, heappop, heappush, heappushpop, heapreplace
from typing import Any, Final, Protocol

from purposegate.errors import TrailError
from purposegate.trail.blocks import Block, Listed, blocks, header_bytes, opened, trail_files
from purposegate.trail.chain import HEADER_START, MEND_START, RECORD_START, SEAL_START
from purposegate.trail.lines import UNREADABLE, record_of
from purposegate.trail.record import Record
from purposegate.trail.wanted import Wanted

# How many records of a file may stand between one and its place: threads append without waiting for each other.
WINDOW: Final = 1024
_NEXT_SEAL: Final = b"\n" + SEAL_START
_NEXT_MEND: Final = b"\n" + MEND_START
# What a record begins with, and nothing else within one: the quotes in its texts are written with a backslash.
_BEGINNING: Final = re.compile(rb'\{"id":"[0-9a-f]{16}-[0-9]+","at":')
Fields = dict[str, Any]


class Readable(Protocol):
    """One reading of a trail, wherever it is kept."""

    unreadable: int
    total: int
    progress: Callable[[int], None] | None

    def fields(self) -> Iterator[Fields]:
        """Yield the fields of the records that are wanted."""
        ...

    def records(self) -> Iterator[Record]:
        """Yield the records that are wanted."""
        ...


class Reading:
    """One reading of a trail's folder, as it stood when the reading began.

    `unreadable` counts the lines so far that are no records and should be: of lines that are not wanted, those that do not begin or
    end as records. `done` and `total` are bytes; `progress` is told how many were read since.
    """

    def __init__(self, folder: str | os.PathLike[str], wanted: Wanted | None = None) -> None:
        """Look at the folder; raise `TrailError` where it cannot be read."""
        self.wanted = Wanted() if wanted is None else wanted
        self.files = trail_files(folder)
        self.total = sum(each.size for each in self.files)
        self.done = 0
        self.unreadable = 0
        self.progress: Callable[[int], None] | None = None

    def fields(self) -> Iterator[Fields]:
        """Yield the fields of the records, a file after the other; raise `TrailError` where one cannot be read."""
        for each in self.files:
            yield from self._fields_of(each)

    def records(self) -> Iterator[Record]:
        """Yield the records in the order of time; raise `TrailError` where a file cannot be read.

        Of one file they are in order where none stands more than `WINDOW` records from its place; the files are merged by that.
        Where a clock went backwards, they follow the clock.
        """
        for found in self._merged():
            try:
                record = record_of(found)
            except UNREADABLE:
                self.unreadable += 1
            else:
                yield record

    def _merged(self) -> Iterator[Fields]:
        waiting = [(_begun(each), number, each) for number, each in enumerate(self.files)]
        heapify(waiting)
        # The next record of each file that has been begun; only these files are in memory.
        begun: list[tuple[int, int, Fields, Iterator[tuple[int, Fields]]]] = []
        while begun or waiting:
            while waiting and (not begun or waiting[0][0] <= begun[0][0]):
                _, number, each = heappop(waiting)
                ordered = self._ordered(each)
                first = next(ordered, None)
                if first is not None:
                    heappush(begun, (first[0], number, first[1], ordered))
            if not begun:
                return
            _, number, found, ordered = begun[0]
            following = next(ordered, None)
            if following is None:
                heappop(begun)
            else:
                heapreplace(begun, (following[0], number, following[1], ordered))
            yield found

    def _ordered(self, listed: Listed) -> Iterator[tuple[int, Fields]]:
        window: list[tuple[int, int, Fields]] = []
        for number, found in enumerate(self._fields_of(listed)):
            each = (found["at"], number, found)
            if len(window) < WINDOW:
                heappush(window, each)
            else:
                at, _, earliest = heappushpop(window, each)
                yield at, earliest
        while window:
            at, _, earliest = heappop(window)
            yield at, earliest

    def _fields_of(self, listed: Listed) -> Iterator[Fields]:
        with opened(listed.path) as file:
            header = header_bytes(file, listed.size)
            self._read(len(header))
            if not header.endswith(b"\n"):
                self._read(listed.size - len(header))
                return
            if not header.startswith(HEADER_START):
                self.unreadable += 1
            try:
                for block in blocks(file, len(header), listed.size):
                    if block.whole:
                        yield from self._fields_in(block)
                    self._read(len(block.data) - 1)
            except ValueError as error:
                message = f"`{listed.name}` cannot be read: {error}"
            else:
                return
        raise TrailError(message)

    def _fields_in(self, block: Block) -> Iterator[Fields]:
        if not all(part in block.data for part in self.wanted.parts):
            self.unreadable += _strange(block)
            return
        read, fits, may_fit = json.loads, self.wanted.fits, self.wanted.may_fit
        everything = self.wanted == Wanted()
        for line in block.data[1:-1].split(b"\n"):
            if line.startswith(RECORD_START) and line.endswith(b"}"):
                if not everything and not may_fit(line):
                    continue
                try:
                    found = read(line)
                    wanted = type(found["at"]) is int and (everything or fits(found))
                except UNREADABLE:
                    pass
                else:
                    if wanted:
                        yield found
                    elif type(found["at"]) is not int:
                        self.unreadable += 1
                    continue
            elif line.startswith((SEAL_START, MEND_START)) and not _BEGINNING.search(line):
                continue
            self.unreadable += 1
            yield from self._behind(line)

    def _behind(self, line: bytes) -> Iterator[Fields]:
        """Yield the record that stands behind half a line, as a disk leaves it that was full and then had room again."""
        *_, last = [None, *_BEGINNING.finditer(line, 1)]
        if last is None or not self.wanted.may_fit(line[last.start() :]):
            return
        try:
            found = json.loads(line[last.start() :])
            if type(found["at"]) is int and self.wanted.fits(found):
                yield found
        except UNREADABLE:
            return

    def _read(self, size: int) -> None:
        self.done += size
        if self.progress is not None:
            self.progress(size)


def read(folder: str | os.PathLike[str], wanted: Wanted | None = None) -> Iterator[Record]:
    """Yield the records of a trail that are wanted in the order of time, as `Reading.records` does; that counts the unreadable."""
    yield from Reading(folder, wanted).records()


def _strange(block: Block) -> int:
    """Count the lines of a block that are nothing that a trail holds, by how they begin and end."""
    lines, records = block.counts()
    others = lines - records
    return others - block.data.count(_NEXT_SEAL) - block.data.count(_NEXT_MEND) if others else 0


def _begun(listed: Listed) -> int:
    """Give when a file was begun, by its name, in nanoseconds since 1970."""
    try:
        return int(datetime.strptime(listed.name[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()) * 10**9
    except ValueError:  # the digits are no time
        return 0
