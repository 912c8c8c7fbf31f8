"""What seals the rows of a trail: each bears a digest of itself and of the one before it, and the last one is kept apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, NamedTuple

from purposegate.trail.sql.rows import COLUMNS, columns_of, record_in


@dataclass(frozen=True, slots=True)
class Head:
    """Where a trail ends: the place of its last record, and the digest that seals all records up to it.

    Kept somewhere else, it shows later whether the trail still begins with the same records.
    """

    position: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong with a trail, at the place of a record; it shows no value."""

    place: int
    what: str


class Row(NamedTuple):
    """A row as it is read: its columns are in the order of `COLUMNS`."""

    position: int
    sha256: object
    body: object
    columns: tuple[Any, ...]


BEGINNING: Final = Head(0, "0" * 64)


def following(before: Head, body: str) -> Head:
    """Give the head of a trail to which a record is added: the SHA-256 of the last digest, the place and the body, a line each."""
    position = before.position + 1
    return Head(position, _digest(before.sha256, position, body))


def faults(rows: Iterable[Row], last: Head | None, head: Head | None) -> Iterator[Fault]:
    """Yield what is wrong with rows, given in the order of their places.

    `last` is where the trail is said to end, and None where nothing says it; `head` is what `head` told at an earlier time.
    """
    before = BEGINNING
    anchored = head is None or head == before
    for row in rows:
        if row.position <= before.position:
            yield Fault(row.position, "the record stands before the beginning of the trail")
            continue
        if row.position > before.position + 1:
            yield _missing(before.position + 1, row.position - 1)
        yield from _faults_of(row, before.sha256)
        before = Head(row.position, str(row.sha256))
        anchored = anchored or before == head
    yield from _faults_at_the_end(before, last)
    if head is not None and not anchored:
        yield Fault(head.position, "the record is not the one that the head was told of")


def _faults_of(row: Row, before: str) -> Iterator[Fault]:
    if row.sha256 != _digest(before, row.position, row.body):
        yield Fault(row.position, "the digest is not that of the record and of the one before it")
    try:
        told = columns_of(record_in(row.body))
    except ValueError:
        yield Fault(row.position, "the body is no record")
        return
    for name, held in zip(COLUMNS, row.columns, strict=True):
        if held != told[name]:
            yield Fault(row.position, f"the column `{name}` says something else than the body")


def _faults_at_the_end(found: Head, last: Head | None) -> Iterator[Fault]:
    if last is None:
        yield Fault(found.position, "nothing says where the trail ends")
    elif last.position > found.position:
        yield _missing(found.position + 1, last.position)
    elif last.position < found.position:
        yield Fault(last.position + 1, "the trail is said to end before this record")
    elif last != found:
        yield Fault(found.position, "the digest of the last record is not the one that is kept apart from it")


def _missing(first: int, last: int) -> Fault:
    return Fault(first, "the record is missing" if first == last else f"the records from here to place {last} are missing")


def _digest(before: str, position: int, body: object) -> str:
    return sha256(f"{before}\n{position}\n{body}".encode(errors="surrogatepass")).hexdigest()
