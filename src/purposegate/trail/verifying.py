"""Whether a trail is what was written: every file against its own seals, and against the heads that others remember of it.

What a seal covers cannot be changed without the seal telling so. A whole file can be forged, and the end of one that was not closed
cut off, by whoever can write the folder: that is told by the heads in the other files, and by those that were exported before.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NamedTuple

from purposegate.errors import TrailError
from purposegate.trail.blocks import Block, Listed, blocks, header_bytes, listed, opened, pieces, vanished
from purposegate.trail.chain import (
    HEADER_START,
    MEND_START,
    RECORD_START,
    SEAL_START,
    Head,
    Header,
    Seal,
    file_name,
    header_of,
    hidden_name,
    is_hidden,
    mend_of,
    seal_of,
    seal_start,
)

_STARTS: Final = (RECORD_START, SEAL_START, MEND_START)
_NEXT_SEAL: Final = b"\n" + SEAL_START
_NEXT_MEND: Final = b"\n" + MEND_START
_NEXT_RECORD: Final = b"\n" + RECORD_START
_AT: Final = re.compile(rb'\n\{"id":"[^"\n]*","at":([0-9]{1,19}),')
_ANOTHER_NAME: Final = "its name is not that of the file which its header says it is"
# What a line is made of, which may be cut off; a loss of power leaves zeros for what had not been written.
_TEXT: Final = re.compile(rb"[ -~]*\x00*")


class State(StrEnum):
    """How a file stands. Only `tampered` and `missing` accuse: no accident that purposegate knows of leaves them."""

    WHOLE = "whole"
    MENDED = "mended"
    OPEN = "open"
    UNFINISHED = "unfinished"
    TORN = "torn"
    TAMPERED = "tampered"
    MISSING = "missing"
    FOREIGN = "foreign"


class Wrong(NamedTuple):
    """What is wrong with a file, and from which byte and line on; None where it is about the whole file."""

    what: str
    offset: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class FileReport:
    """What was found of one file.

    - `name`: its name; that of a missing file is not known. `chain`: the one that its name, or else its header, bears.
    - `records`: how many lines are records, as they begin; `unsealed`: how many of them no seal covers yet; `unreadable`: how many
      lines are nothing that a trail holds, such as half a line before the disk was full.
    - `first`, `last`: the times of the first and the last record, in nanoseconds since 1970.
    - `cut`: how many bytes of torn lines were cut off where it was mended.
    - `head`: its last seal, if that is right.
    """

    name: str
    chain: str | None
    state: State
    size: int = 0
    records: int = 0
    unsealed: int = 0
    unreadable: int = 0
    first: int | None = None
    last: int | None = None
    cut: int = 0
    head: Head | None = None
    wrong: tuple[Wrong, ...] = ()


class Remembered(NamedTuple):
    """A head, and who remembers it: the name of a file, or None for the heads that were passed."""

    head: Head
    by: str | None


def verify(
    folder: str | os.PathLike[str], heads: Iterable[Head] = (), *, progress: Callable[[int], None] | None = None
) -> Iterator[FileReport]:
    """Yield a report on everything that stands in a trail's folder, and on every file that is remembered and gone.

    `heads` are anchors: what `trail heads` exported before. `progress` is told how many bytes have been looked at since. Raises
    `TrailError` where something cannot be read.
    """
    found = listed(folder)
    headers = dict(_headers(found))
    remembered: dict[str, list[Remembered]] = {}
    for name, header in headers.items():
        for head in header.heads:
            remembered.setdefault(head.chain, []).append(Remembered(head, name))
    for head in heads:
        remembered.setdefault(head.chain, []).append(Remembered(head, None))
    chains = {each.name: each.chain or (headers[each.name].chain if each.name in headers else None) for each in found}
    borne = Counter(chains.values())
    for each in found:
        chain = chains[each.name]
        wanted = [] if chain is None else remembered.get(chain, [])
        try:
            report = _file_report(each, chain, wanted, progress, alone=chain is None or borne[chain] == 1)
        except TrailError:
            if is_hidden(each.name) and vanished(each.path):
                continue  # as above
            raise
        yield report
    for chain in sorted(remembered.keys() - set(chains.values())):
        yield FileReport("", chain, State.MISSING, wrong=tuple(_missing(remembered[chain])))


def _headers(found: Iterable[Listed]) -> Iterator[tuple[str, Header]]:
    for each in found:
        if not each.regular:
            continue
        try:
            with opened(each.path) as file:
                line = header_bytes(file, each.size)
        except TrailError:
            if is_hidden(each.name) and vanished(each.path):
                continue  # it has its own name now: a file that was begun when the others had been listed
            raise
        if line.startswith(HEADER_START):
            try:
                yield each.name, header_of(line)
            except ValueError:
                continue  # told of where the file itself is looked at


def _file_report(
    listed: Listed, chain: str | None, remembered: list[Remembered], progress: Callable[[int], None] | None, *, alone: bool
) -> FileReport:
    report = FileReport(listed.name, chain, State.FOREIGN, listed.size)
    if chain is None and not _begins_as_a_trail(listed):
        return report
    if not listed.regular:
        return replace(report, state=State.TAMPERED, wrong=(Wrong("it is no regular file, as every file of a trail is"),))
    with opened(listed.path) as file:
        report = _Verifying(file, listed, progress).report(chain, remembered)
    if not alone:
        other = Wrong(f"another file bears the chain {chain} too")
        report = replace(report, state=State.TAMPERED, wrong=(*report.wrong, other))
    return report


def _begins_as_a_trail(listed: Listed) -> bool:
    if not listed.regular:
        return False
    with opened(listed.path) as file:
        return header_bytes(file, min(listed.size, len(HEADER_START))).startswith(HEADER_START)


class _Verifying:
    """One file on its way through: what its seals have covered so far, and the first thing that is wrong."""

    def __init__(self, file: int, listed: Listed, progress: Callable[[int], None] | None) -> None:
        self.file = file
        self.name = listed.name
        self.chain = ""
        # It is not to be seen yet: nothing but its header and its first seal may stand in it.
        self.being_begun = False
        self.progress = progress
        # Whoever writes or mends a file holds it; while we hold it nobody mends, and it stays as it is.
        self.held = _is_held(file)
        self.size = os.fstat(file).st_size
        self.digest = hashlib.sha256()
        self.hashed = 0
        self.header_size = 0
        self.lines = self.records = self.seals = self.mends = self.cut = 0
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
        self.unmatched: dict[Head, str | None] = {}

    def report(self, chain: str | None, remembered: Iterable[Remembered]) -> FileReport:
        for each in remembered:
            self.unmatched.setdefault(each.head, each.by)
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
            self.lines - self.records - self.seals - self.mends,
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
        name = file_name(header.chain, header.at)
        self.being_begun = self.name == hidden_name(name)
        if chain is not None and self.name != name and not self.being_begun:
            self._complain(_ANOTHER_NAME)
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
        if self.being_begun and self.lines > 1:
            self._complain(_ANOTHER_NAME)
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
        if self.wrong is not None:
            return  # nothing that comes after it can be believed
        if self.ended:
            self._complain("something stands behind the last seal", offset)
            return
        if self.mended_to not in (None, offset):
            self._complain("behind a mend stands something else than the last seal", self.mended_to)
            return
        try:
            if line.startswith(MEND_START):
                self.cut += mend_of(line).cut
                self.mends += 1
                self.mended_to = offset + len(line)
                return
            seal = seal_of(line)
        except ValueError as error:
            self.broken = self.broken or Wrong(f"{error}, as it begins", offset)
            return
        complaint = self._seal_complaint(seal, offset, offset + len(line))
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
        if self.head is None and not self.mends and (seal.bytes, offset) != (self.header_size, self.header_size):
            return "the first seal does not stand behind the header"
        if seal.end and (seal.bytes != offset or end != self.size):
            return "something stands before or behind the last seal that it does not cover"
        if self.mends and not seal.end:
            return "behind a mend stands something else than the last seal"
        if next(pieces(self.file, seal.bytes - 1, seal.bytes), b"") != b"\n":
            return f"what seal {number} covers does not end with a line"
        return None

    def _covers(self, seal: Seal) -> bool:
        for piece in pieces(self.file, self.hashed, seal.bytes):
            self.digest.update(piece)
            self.hashed += len(piece)
        digest = self.digest.copy()
        digest.update(seal_start(seal.number, seal.at, seal.bytes, end=seal.end))
        return digest.hexdigest() == seal.sha256

    def _sealed(self, seal: Seal) -> None:
        self.seals += 1
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
            return State.MENDED if self.mends else State.WHOLE, ()
        if self.held:
            return State.OPEN, ()
        if self.tail or not self.size:
            return State.TORN, ()
        return State.UNFINISHED, ()

    def _unmatched(self) -> Iterator[Wrong]:
        last = 0 if self.head is None else self.head.seal
        for head, by in sorted(self.unmatched.items(), key=lambda item: item[0].seal):
            what = "is another one" if head.seal <= last else "is not there, so the end was cut off"
            yield Wrong(f"seal {head.seal}, which {_remembering(by)}, {what}")

    def _placed(self, wrong: Wrong) -> Wrong:
        if wrong.offset is None:
            return wrong
        return wrong._replace(line=1 + sum(piece.count(b"\n") for piece in pieces(self.file, 0, wrong.offset)))

    def _unsealed(self) -> int:
        """Count the records that no seal covers; a seal in the midst of a line there has lost what was before it."""
        records = 0
        for block in blocks(self.file, self.header_size if self.head is None else self.head.bytes, self.size):
            if block.whole:
                records += block.counts()[1]
                within = [place for place in _places(block.data, SEAL_START) if block.data[place - 1 : place] != b"\n"]
                if within:
                    self._complain("a seal stands in the midst of a line", block.offset + within[0])
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


def _missing(remembered: Iterable[Remembered]) -> Iterator[Wrong]:
    told: Mapping[str | None, Head] = {each.by: each.head for each in remembered}
    for by, head in told.items():
        yield Wrong(f"the file is gone: its seal {head.seal}, of {head.bytes} bytes, is one which {_remembering(by)}")


def _remembering(by: str | None) -> str:
    return "the heads that were passed name" if by is None else f"`{by}` names"
