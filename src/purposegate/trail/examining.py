"""One file of a trail against its own seals, and against what is remembered of it."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from purposegate.errors import TrailError
from purposegate.trail.blocks import Block, Listed, blocks, header_bytes, pieces
from purposegate.trail.chain import (
    HEADER_START,
    MEND_START,
    RECORD_START,
    SEAL_START,
    Head,
    Mend,
    Seal,
    file_name,
    header_of,
    mend_of,
    seal_of,
    seal_start,
)
from purposegate.trail.report import FileReport, Remembered, State, Wrong

_STARTS: Final = (RECORD_START, SEAL_START, MEND_START)
_NEXT_SEAL: Final = b"\n" + SEAL_START
_NEXT_MEND: Final = b"\n" + MEND_START
_NEXT_RECORD: Final = b"\n" + RECORD_START
_AT: Final = re.compile(rb'\n\{"id":"[^"\n]*","at":([0-9]{1,19}),')
# What a line is made of, which may be cut off; a loss of power leaves zeros for what had not been written.
_TEXT: Final = re.compile(rb"[ -~]*\x00*")
# The end of a record and no line feed; in the midst of one `,` or `}` follows.
_JOINED: Final = re.compile(rb"\}[^\n,}]", re.DOTALL)


class Examined:
    """One file on its way through: what its seals have covered so far, and the first thing that is wrong."""

    def __init__(self, file: int, listed: Listed, progress: Callable[[int], None] | None) -> None:
        self.file = file
        self.name = listed.name
        self.chain = ""
        self.progress = progress
        # Whoever writes or mends a file holds it; while we hold it nobody mends, and it stays as it is.
        self.held = _is_held(file)
        self.size = os.fstat(file).st_size
        self.digest = hashlib.sha256()
        self.hashed = 0
        self.header_size = 0
        self.lines = self.records = self.known = self.cut = 0
        # Where the last mend ends: only another one, or the last seal, stands behind it.
        self.mended_to: int | None = None
        self.head: Head | None = None
        self.ended = False
        self.tail = b""
        self.first: int | None = None
        self.last: int | None = None
        self.wrong: Wrong | None = None
        # A line that begins as a seal or a mend and is none; a later seal that covers it says that it was so then.
        self.broken: Wrong | None = None
        self.unmatched: dict[Head, Remembered] = {}
        # What is looked at now: most of what a seal covers stands in it too.
        self.block = Block(0, b"")

    def report(self, chain: str | None, remembered: Iterable[Remembered]) -> FileReport:
        """Look at the whole file; `chain` is what its name bears, or else its header.

        Raises `TrailError` where it cannot be read.
        """
        for each in remembered:
            self.unmatched.setdefault(each.head, each)
        unsealed = 0
        if self._header(chain):
            self._body()
            if self.wrong is None and not self.ended:
                unsealed = self._unsealed()
        state, wrong = self._state()
        return FileReport(
            self.name,
            chain,
            state,
            self.size,
            self.records,
            unsealed,
            self.lines - self.records - self.known,
            self.first,
            self.last,
            self.cut,
            self.head,
            wrong,
        )

    def _header(self, chain: str | None) -> bool:
        """Look at the first line; tell whether the rest can be looked at."""
        line = header_bytes(self.file, self.size)
        if not line.endswith(b"\n"):
            self.tail = line
            if not _begins(line, (HEADER_START,)):
                self._complain("the first line is no header of a trail's file", 0)
            return False
        try:
            header = header_of(line)
        except ValueError as error:
            self._complain(str(error), 0)
            return False
        if chain is not None and file_name(header.chain, header.at) != self.name:
            self._complain("its name is not that of the file which its header says it is")
        self.chain = header.chain
        self.header_size = len(line)
        follows = next(pieces(self.file, len(line), min(self.size, len(line) + len(MEND_START))), b"")
        if follows and not any(_is_beginning(follows, start) for start in (SEAL_START, MEND_START)):
            self._complain("the first seal does not stand behind the header", len(line))
        return True

    def _body(self) -> None:
        if self.progress is not None:
            self.progress(self.header_size)
        try:
            for block in blocks(self.file, self.header_size, self.size):
                self.block = block
                if not block.whole:
                    self.tail = block.data[1:]
                else:
                    others = self._count(block)
                    for offset, line in _seals_and_mends(block, others):
                        self._seal_or_mend(offset, line)
                if self.progress is not None:
                    self.progress(len(block.data) - 1)
        except ValueError as error:
            self._complain(str(error))
            return
        if self.mended_to not in (None, self.size - len(self.tail)) and not self.ended:
            self._complain("behind a mend stands something else than the last seal", self.mended_to)
        if self.tail and not self.held and not _begins(self.tail, _STARTS):
            self._complain("the last line is not even the beginning of one", self.size - len(self.tail))

    def _count(self, block: Block) -> int:
        """Count the lines of a block; give how many of them are no records."""
        lines, records = block.counts()
        self.lines += lines
        self.records += records
        self.first = _time(block.data, block.data.find(_NEXT_RECORD)) if self.first is None else self.first
        self.last = _time(block.data, block.data.rfind(_NEXT_RECORD)) or self.last
        return lines - records

    def _seal_or_mend(self, offset: int, line: bytes) -> None:
        try:
            found = mend_of(line) if line.startswith(MEND_START) else seal_of(line)
        except ValueError as error:
            self.broken = self.broken or Wrong(f"{error}, as it begins", offset)
            return
        self.known += 1
        if self.wrong is not None:
            return  # nothing that comes after it can be believed
        if self.ended:
            self._complain("something stands behind the last seal", offset)
        elif self.mended_to not in (None, offset):
            self._complain("behind a mend stands something else than the last seal", self.mended_to)
        elif isinstance(found, Mend):
            self.cut += found.cut
            self.mended_to = offset + len(line)
        else:
            self._seal(found, offset, offset + len(line))

    def _seal(self, seal: Seal, offset: int, end: int) -> None:
        complaint = self._seal_complaint(seal, offset, end)
        if complaint is not None:
            self._complain(complaint, offset)
        elif self._covers(seal):
            self._sealed(seal)
        else:
            since = 0 if self.head is None else self.head.bytes
            self._complain(f"what stands before byte {seal.bytes} is not what seal {seal.number} covers", since)

    def _seal_complaint(self, seal: Seal, offset: int, end: int) -> str | None:  # noqa: PLR0911 - one line a rule
        number, since = (1, self.header_size) if self.head is None else (self.head.seal + 1, self.head.bytes)
        if seal.number != number:
            return f"seal {seal.number} stands where seal {number} should"
        if not since <= seal.bytes <= offset:
            return f"seal {number} covers {seal.bytes} bytes, where it can cover {since} to {offset}"
        if self.head is None and self.mended_to is None and (seal.bytes, offset) != (self.header_size, self.header_size):
            return "the first seal does not stand behind the header"
        if seal.end and (seal.bytes != offset or end != self.size):
            return "something stands before or behind the last seal that it does not cover"
        if self.mended_to is not None and not seal.end:
            return "behind a mend stands something else than the last seal"
        if next(self._bytes(seal.bytes - 1, seal.bytes), b"") != b"\n":
            return f"what seal {number} covers does not end with a line"
        return None

    def _covers(self, seal: Seal) -> bool:
        for piece in self._bytes(self.hashed, seal.bytes):
            self.digest.update(piece)
            self.hashed += len(piece)
        digest = self.digest.copy()
        digest.update(seal_start(seal.number, seal.at, seal.bytes, end=seal.end))
        return digest.hexdigest() == seal.sha256

    def _bytes(self, start: int, end: int) -> Iterator[bytes | memoryview]:
        block = self.block
        if block.offset <= start and end <= block.offset + len(block.data):
            return iter((memoryview(block.data)[start - block.offset : end - block.offset],))
        return pieces(self.file, start, end)

    def _sealed(self, seal: Seal) -> None:
        self.ended = seal.end
        self.head = Head(self.chain, seal.number, seal.bytes, seal.sha256)
        self.unmatched.pop(self.head, None)
        if self.broken is not None and (self.broken.offset or 0) < seal.bytes:
            self.broken = None

    def _state(self) -> tuple[State, tuple[Wrong, ...]]:
        wrong = self.wrong or self.broken
        if wrong is not None:
            return State.TAMPERED, (self._placed(wrong),)
        if self.unmatched:
            return State.TAMPERED, tuple(self._unmatched())
        if self.ended:
            return State.WHOLE if self.mended_to is None else State.MENDED, ()
        if self.held:
            return State.OPEN, ()
        if self.tail or not self.size:
            return State.TORN, ()
        return State.UNFINISHED, ()

    def _unmatched(self) -> Iterator[Wrong]:
        last = 0 if self.head is None else self.head.seal
        for each in sorted(self.unmatched.values(), key=lambda each: each.head.seal):
            what = "is another one" if each.head.seal <= last else "is not there, so the end was cut off"
            yield Wrong(f"seal {each.head.seal}, which {each.words}, {what}")

    def _placed(self, wrong: Wrong) -> Wrong:
        if wrong.offset is None:
            return wrong
        return wrong._replace(line=1 + sum(piece.count(b"\n") for piece in pieces(self.file, 0, wrong.offset)))

    def _unsealed(self) -> int:
        """Count the records that no seal covers.

        A seal there that stands behind a whole record, with something else than a line feed between them, was not written so.
        Behind half a record it may: so it is where the disk was full.
        """
        records = 0
        for block in blocks(self.file, self.header_size if self.head is None else self.head.bytes, self.size):
            if block.whole:
                records += block.counts()[1]
                joined = [place for place in _places(block.data, SEAL_START) if _JOINED.fullmatch(block.data[place - 2 : place])]
                if joined:
                    self._complain("the end of the line before a seal is not what was written", block.offset + joined[0] - 1)
        return records

    def _complain(self, what: str, offset: int | None = None) -> None:
        self.wrong = self.wrong or Wrong(what, offset)


def _is_held(file: int) -> bool:
    """Tell whether somebody holds a file; hold it too where nobody does, until it is closed."""
    import fcntl  # noqa: PLC0415 - where there is none the command line still starts

    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
    else:
        return False
    raise TrailError(f"a file of the trail cannot be looked at: {reason}")


def _seals_and_mends(block: Block, others: int) -> Iterator[tuple[int, bytes]]:
    """Yield the seals and mends among the lines of a block that are no records, each with where it begins."""
    data = block.data
    places = [*_places(data, _NEXT_SEAL)] if others else []
    if len(places) < others:
        places = sorted([*places, *_places(data, _NEXT_MEND)])
    for place in places:
        yield block.offset + place + 1, data[place + 1 : data.index(b"\n", place + 1) + 1]


def _places(data: bytes, start: bytes) -> Iterator[int]:
    place = data.find(start)
    while place >= 0:
        yield place
        place = data.find(start, place + 1)


def _time(data: bytes, place: int) -> int | None:
    found = None if place < 0 else _AT.match(data, place)
    return None if found is None else int(found[1])


def _begins(line: bytes, starts: Iterable[bytes]) -> bool:
    """Tell whether a line that is cut off began as one of a trail."""
    told = line.rstrip(b"\0")
    return _TEXT.fullmatch(line) is not None and any(_is_beginning(told, start) for start in starts)


def _is_beginning(line: bytes, start: bytes) -> bool:
    return line[: len(start)] == start[: len(line)]
