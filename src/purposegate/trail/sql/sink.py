"""A trail in a database, through SQLAlchemy: SQLite for one machine, PostgreSQL for a fleet.

Writers go one after the other: each holds the row of the last place and digest until it commits, so that places are in the order of
commits. What several threads wait for is committed together. What is read is read in pages, so that no reader is in anybody's way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, func
from sqlalchemy.engine import URL

from purposegate.engine.decision import Reason
from purposegate.errors import PurposegateError, TrailError
from purposegate.stores.grouping import Grouping, committed
from purposegate.stores.sql.connecting import holds, sliced, unchained
from purposegate.stores.sql.store import SqlStore, migrated
from purposegate.trail.lines import nanoseconds
from purposegate.trail.record import Asked, Record
from purposegate.trail.sql.chain import Fault, Head, Row, faults, following
from purposegate.trail.sql.rows import record_in, row_of, storable
from purposegate.trail.sql.schema import RECORDS, TABLES, TRAIL
from purposegate.trail.sql.statements import APPENDING, AT_ONCE, BODIES, ENDS, HEAD, KNOWN, LOCKING, MOVING, ROWS, SIZE

# A row that is still to be given its place and digest.
_Unplaced = dict[str, Any]

_T = TypeVar("_T")

_FIRST: Final = -(2**63)  # and not 1: who puts a row before the beginning is to be found out
# A commit survives a loss of power, whatever the server's default says.
_DURABLE: Final = "-c synchronous_commit=on"


def is_there(database: str | Path | URL, *, deadline: float = 2.0) -> bool:
    """Tell whether a database holds a trail, and leave it as it is; raise `TrailError` where it cannot be read."""
    return holds(database, TABLES, deadline)


class SqlSink(SqlStore):
    """A trail in a SQLite file or a PostgreSQL database; safe to share between threads and processes, also over a fork.

    Every record survives a loss of power once it is written. An operation that takes longer than the deadline, in seconds, is cut
    off and raises `TrailError`; so does whatever the database raises, without its text. The next one tries anew. It may share the
    database of a ledger.
    """

    @unchained
    def __init__(self, database: str | Path | URL, *, deadline: float = 2.0, create: bool = False) -> None:
        """Open a trail by its URL or by the path of a SQLite file; with `create`, make its tables where there are none.

        A path that was misspelt would else be a new trail, in which nobody would ever look. Raises `TrailError` where the database
        cannot be used, or its tables are of another version.
        """
        self._group = Grouping(self._commit, deadline, TRAIL)
        self._open(database, TABLES, deadline=deadline, create=create, settings=_DURABLE)

    @classmethod
    def migrate(cls, database: str | Path | URL, *, deadline: float = 60.0) -> str:
        """Bring the tables of a trail to the version that this code reads and writes, and give it.

        Raises `TrailError` where there is no trail, or one of a version that this code does not know.
        """
        return migrated(database, TABLES, deadline)

    @unchained
    def write(self, records: Sequence[Record]) -> None:
        """Keep records: all of them, or none and raise.

        What several threads wait for is committed together. A record that is kept already is not kept again; another one under the
        same id is refused. Where the connection was lost they may have been kept: records too many, of what was not released.
        """
        with self._telling:
            rows = [row_of(each) for each in records]
        if rows:
            self._group.write(rows)

    def records(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        asked: Asked | None = None,
        purpose: str | None = None,
        recipient: str | None = None,
        reason: Reason | None = None,
        subject: str | None = None,
    ) -> Iterator[Record]:
        """Yield the records there are now, in the order in which they were written: from `since` on, and before `until`.

        One that stands for several decisions is among them where any of these may have been made then. Raises `TrailError` where
        they cannot be read. Whether they are what was written is told by `verify` alone.
        """
        table = RECORDS.c
        wanted: list[ColumnElement[bool]] = []
        if until is not None:
            wanted.append(func.coalesce(table.since, table.at) < nanoseconds(until))
        names = {table.purpose: purpose, table.recipient: recipient}
        wanted += [column == storable(name) for column, name in names.items() if name is not None]
        if asked is not None:
            wanted.append(table.asked == asked.value)
        return self._found(wanted, since, reason, subject, _record)

    def bodies(
        self, *, since: datetime | None = None, reason: Reason | None = None, subject: str | None = None
    ) -> Iterator[object]:
        """Yield the records as they are kept, as JSON, in the order in which they were written; nothing is read of them."""
        return self._found([], since, reason, subject, _body)

    @unchained
    def size(self) -> tuple[int, int]:
        """Give how many records there are, and how many characters as JSON."""
        with self._telling, self._connected() as (connection, _):
            found = connection.execute(SIZE).one()
            return int(found[0]), int(found[1])

    @unchained
    def head(self) -> Head:
        """Give where the trail ends now, to be kept somewhere else: `verify` looks later whether it is still in the trail."""
        with self._telling, self._connected() as (connection, _):
            return Head(*connection.execute(HEAD).one())

    def verify(self, head: Head | None = None) -> Iterator[Fault]:
        """Yield what is wrong with the trail: rows that were changed, put in, taken out or exchanged, at its end too.

        Who could write all of its tables anew is found out by a `head` that was kept somewhere else. Raises `TrailError` where the
        trail cannot be read.
        """
        last, said = self._ends()
        return faults(self._pages(ROWS, last, _sealed), said, head)

    def _found(
        self,
        wanted: list[ColumnElement[bool]],
        since: datetime | None,
        reason: Reason | None,
        subject: str | None,
        read: Callable[[Sequence[Any]], _T],
    ) -> Iterator[_T]:
        table = RECORDS.c
        if since is not None:
            wanted.append(table.at >= nanoseconds(since))
        if reason is not None:
            wanted.append(table.reason == reason.value)
        if subject is not None:
            wanted.append(table.subject == storable(subject))
        last, _ = self._ends()
        return self._pages(BODIES.where(*wanted), last, read)

    def _commit(self, batch: Sequence[Sequence[_Unplaced]]) -> Sequence[PurposegateError | None]:
        return committed(batch, self._written, TRAIL, self._deadlines.seconds)

    def _written(self, batch: Sequence[Sequence[_Unplaced]]) -> Sequence[TrailError | None]:
        """Write what several callers keep, each all or nothing; give for each why it was refused, or None."""
        with self._writer() as connection:
            head = Head(*connection.execute(LOCKING).one())
            known = _known(connection, [row["id"] for rows in batch for row in rows])
            outcomes: list[TrailError | None] = []
            placed: list[dict[str, Any]] = []
            for rows in batch:
                new = _new(rows, known)
                outcomes.append(TrailError("another record was kept under the same id") if new is None else None)
                for id_, row in (new or {}).items():
                    known[id_] = row["body"]
                    head = following(head, row["body"])
                    placed.append(row | {"position": head.position, "sha256": head.sha256})
            if placed:
                connection.execute(APPENDING, placed)
                connection.execute(MOVING, {"at_position": head.position, "at_sha256": head.sha256})
        return outcomes

    @unchained
    def _ends(self) -> tuple[int | None, Head | None]:
        """Give the last place that there is, and where the trail is said to end."""
        with self._telling, self._connected() as (connection, _):
            last, position, digest = connection.execute(ENDS).one()
        return last, None if position is None else Head(position, digest)

    def _pages(self, statement: Select[Any], last: int | None, read: Callable[[Sequence[Any]], _T]) -> Iterator[_T]:
        """Yield what is read of each row up to a place; none where there is no place."""
        first = _FIRST
        while last is not None and first <= last:
            page = self._page(statement, first, last, read)
            yield from (each for _, each in page)
            if len(page) < AT_ONCE:
                return
            first = page[-1][0] + 1

    @unchained
    def _page(self, statement: Select[Any], first: int, last: int, read: Callable[[Sequence[Any]], _T]) -> list[tuple[int, _T]]:
        with self._telling, self._connected() as (connection, _):
            rows = connection.execute(statement, {"first": first, "last": last}).all()
            return [(row[0], read(row)) for row in rows]

    def _begin_again(self) -> None:
        """Go on in a child process: the connections are the parent's."""
        super()._begin_again()
        self._group.begin_again()


def _known(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Give the bodies of the records that are kept already."""
    return {row.id: row.body for part in sliced(ids) for row in connection.execute(KNOWN, {"ids": part})}


def _new(rows: Sequence[_Unplaced], known: Mapping[str, str]) -> dict[str, _Unplaced] | None:
    """Give those rows that are not kept yet, by their ids; None where one is another than what is kept under its id."""
    new: dict[str, _Unplaced] = {}
    for row in rows:
        if known.get(row["id"], row["body"]) != row["body"] or new.setdefault(row["id"], row)["body"] != row["body"]:
            return None
    return {id_: row for id_, row in new.items() if id_ not in known}


def _record(row: Sequence[Any]) -> Record:
    return record_in(row[1])


def _body(row: Sequence[Any]) -> object:
    return row[1]


def _sealed(row: Sequence[Any]) -> Row:
    return Row(row[0], row[1], row[2], tuple(row[3:]))
