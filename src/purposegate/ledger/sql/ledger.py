"""A ledger in a database, through SQLAlchemy: SQLite for one machine, PostgreSQL for a fleet.

Reading is one SELECT, which sees one consistent state. Writers go one after the other: each holds the row of the last place and
time until it commits, so that places are in the order of commits. Releases of several threads that wait are committed together.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, select, text, update
from sqlalchemy.engine import URL

from purposegate.engine.use import Use
from purposegate.errors import LedgerError, PurposegateError
from purposegate.ledger.encoding import utc_text, utc_time, written
from purposegate.ledger.journal import EVERYBODY, records_of, topics_of
from purposegate.ledger.keeping import LEDGER, Clock, Held, KeepingLedger, Writing, utc_now
from purposegate.ledger.protocol import AsOf
from purposegate.ledger.records import Claim, Entry, Kept, Records, Release
from purposegate.ledger.sql.listening import CHANNEL, Listener, listens
from purposegate.ledger.sql.schema import ENTRIES, RELEASES, STATE, TABLES
from purposegate.ledger.sql.statements import (
    ABOUT,
    APPENDING,
    ENTRY,
    KEEPING,
    KNOWN,
    LOCKING,
    MOVING,
    READING,
    SPENDING,
    Rows,
    State,
    demand_key,
    kept,
    key_check_of,
    release_of,
    release_row,
    sorted_out,
)
from purposegate.stores.deadlines import Deadlines, Within
from purposegate.stores.grouping import Grouping, committed
from purposegate.stores.sql.connecting import holds, sliced, transaction, unchained
from purposegate.stores.sql.store import SqlStore, migrated

_ANSWERS: Final = 8_192


def is_there(database: str | Path | URL, *, deadline: float = 2.0) -> bool:
    """Tell whether a database holds a ledger, and leave it as it is; raise `LedgerError` where it cannot be read."""
    return holds(database, TABLES, deadline)


class SqlLedger(SqlStore, KeepingLedger):
    """A ledger in a SQLite file or a PostgreSQL database; safe to share between threads and processes, also over a fork.

    An operation that takes longer than the deadline, in seconds, is cut off and raises `LedgerError`; so does whatever the database
    raises, without its text. The next one tries anew.
    """

    @unchained
    def __init__(
        self,
        database: str | Path | URL,
        *,
        subject_key: bytes | None = None,
        deadline: float = 2.0,
        clock: Clock = utc_now,
        create: bool = False,
    ) -> None:
        """Open a ledger by its URL or by the path of a SQLite file; with `create`, make its tables where there are none.

        A path that was misspelt would else be a new ledger, in which nobody ever objected to anything. With `subject_key` people
        are kept under a keyed hash of their ids, and the ledger answers to this key only. Raises `LedgerError` where the database
        cannot be used, its tables are of another version or the key is another.
        """
        super().__init__(subject_key, clock)
        self._answers: dict[tuple[str | None, str | None, int, Rows], tuple[State, Records]] = {}
        self._group = Grouping(self._commit, deadline, LEDGER)
        self._listener: Listener | None = None
        self._closing = False
        self._open(database, TABLES, deadline=deadline, create=create)

    @classmethod
    def migrate(cls, database: str | Path | URL, *, deadline: float = 60.0) -> str:
        """Bring the tables of a ledger to the version that this code reads and writes, and give it.

        Raises `LedgerError` where there is no ledger, or one of a version that this code does not know.
        """
        return migrated(database, TABLES, deadline)

    def consult(self, use: Use, as_of: AsOf = None) -> Records:
        """Give all that is held about the use's subject, recipient and claim, as one consistent answer."""
        try:
            return self._consulted(use, as_of)
        except LedgerError as error:
            error.__cause__ = error.__context__ = None  # as `unchained` does, which costs more than it
            raise

    def _consulted(self, use: Use, as_of: AsOf) -> Records:
        state, spent, rows = self._select(topics_of(use, self._pseudonyms), use.claim, as_of)
        # The same rows are the same answer: entries never change, and those of another database would be other rows.
        asked = (use.subject, use.claim, spent, rows)
        found = self._answers.get(asked)
        if found is not None and found[0] == state:
            return found[1]
        with self._telling:
            if found is None:
                about = [kept(*row) for row in rows]
                records = records_of(about, use, self._pseudonyms, spent=spent, position=state[0], latest=utc_time(state[1]))
                records = replace(records, content=object())
                if len(self._answers) >= _ANSWERS:
                    self._answers.clear()
            else:
                records = found[1].seen_at(state[0], utc_time(state[1]))
        self._answers[asked] = (state, records)
        return records

    @unchained
    def record(self, releases: Sequence[Release]) -> None:
        """Keep releases before they happen, and spend their claims: all of them, or none and raise.

        What several threads wait for is committed together.
        """
        self._group.write(self._as_kept(releases))

    @unchained
    def enter(self, *entries: Entry) -> None:
        """Keep entries, all of them or none; raise `LedgerError` where one contradicts what is held."""
        super().enter(*entries)

    @unchained
    def entries(
        self, *, subject: str | None = None, recipient: str | None = None, claim: str | None = None, as_of: AsOf = None
    ) -> tuple[Kept, ...]:
        """Give the entries about a person, a recipient or a claim, or all of them, in the order in which they were recorded."""
        return super().entries(subject=subject, recipient=recipient, claim=claim, as_of=as_of)

    @unchained
    def releases(
        self, *, subject: str | None = None, recipient: str | None = None, claim: str | None = None
    ) -> tuple[Release, ...]:
        """Give the releases of a person's data, to a recipient, or under a claim, in the order in which they were recorded."""
        return super().releases(subject=subject, recipient=recipient, claim=claim)

    def on_change(self, changed: Callable[[str | None], None]) -> None:
        """Have a function told of each person about whom something was entered, on PostgreSQL also by other processes."""
        super().on_change(changed)
        self._listen()

    def close(self) -> None:
        """Close what is connected; the ledger opens again when it is used."""
        self._closing = True
        try:
            if self._stopped_listening():
                self._tell([EVERYBODY])  # what others enter goes unheard until it opens again
                self._stopped_listening()  # whoever was asking just then may have begun to
            super().close()
        finally:
            self._closing = False

    def _stopped_listening(self) -> bool:
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.stop()
        return listener is not None

    def hears(self) -> bool:
        """Tell whether listeners are told now of what other processes enter too; on SQLite they never are."""
        return not listens(self.engine) or (self._listener is not None and self._listener.listening.is_set())

    def _read(self, topics: Collection[str], claim: str | None, as_of: AsOf) -> Held:
        state, spent, rows = self._select(topics, claim, as_of)
        with self._telling:
            return Held([kept(*row) for row in rows], spent, state[0], utc_time(state[1]))

    def _select(self, topics: Collection[str], claim: str | None, as_of: AsOf) -> tuple[State, int, Rows]:
        """Give the last place and time, how often a claim was used, and what is held about topics, in its order."""
        by = utc_text(as_of) if isinstance(as_of, datetime) else as_of
        parameters: dict[str, Any] = {"topics": topics}
        if claim is not None:
            parameters["claim"] = claim
        if by is not None:
            parameters["as_of"] = by
        statement = READING[claim is not None, type(by)]
        if self._listeners:
            self._listen()
        with self._telling, self._pausing, self.engine.connect() as connection, self._deadlines.within(connection):
            rows = connection.execute(statement, parameters).all()
        return sorted_out(rows, self._pseudonyms.check)

    @contextmanager
    def _writing(self) -> Iterator[Writing]:
        with self._writer() as connection:
            journal = _Journal(connection, self._clock, self._pseudonyms.check)
            yield journal
            journal.close()

    def _every(self, subject: str | None, as_of: AsOf) -> Iterable[Kept]:
        statement = ENTRY.order_by(ENTRIES.c.position)
        if subject is not None:
            statement = statement.where(ENTRIES.c.kind == Claim.__name__)
        if isinstance(as_of, datetime):
            statement = statement.where(ENTRIES.c.recorded <= utc_text(as_of))
        elif as_of is not None:
            statement = statement.where(ENTRIES.c.position <= as_of)
        with self._telling, self._connected() as (connection, _):
            return [kept(*row) for row in connection.execute(statement)]

    def _released(self, subject: str | None, recipient: str | None, claim: str | None) -> Iterable[Release]:
        statement = select(RELEASES).order_by(RELEASES.c.position)
        for column, value in ((RELEASES.c.subject, subject), (RELEASES.c.recipient, recipient), (RELEASES.c.claim, claim)):
            statement = statement if value is None else statement.where(column == value)
        with self._telling, self._connected() as (connection, _):
            return [release_of(row._mapping) for row in connection.execute(statement)]  # noqa: SLF001 - the documented way

    def _commit(self, batch: Sequence[Sequence[Release]]) -> Sequence[PurposegateError | None]:
        return committed(batch, self._recorded, LEDGER, self._deadlines.seconds)

    def _recorded(self, batch: Sequence[Sequence[Release]]) -> Sequence[LedgerError | None]:
        with self._writing() as journal:
            return self._record(journal, batch)

    @contextmanager
    def _connected(self, deadlines: Deadlines[Connection] | None = None) -> Iterator[tuple[Connection, Within[Connection]]]:
        if self._listeners:
            self._listen()
        with super()._connected(deadlines) as connected:
            yield connected

    def _listen(self) -> None:
        """Listen to what other processes enter, at first and again after it was closed."""
        # Whoever is told that it closes may ask it something, and is not to open it again by that.
        if self._listener is None and not self._closing and listens(self.engine):
            self._listener = Listener(self.engine, self._tell_each)

    def _prepare(self) -> None:
        """Make the tables where there are none; refuse those of another version, or made with another key."""
        super()._prepare()
        self._demand_the_key()

    def _demand_the_key(self) -> None:
        """Refuse another key than the one that people are kept under; the first one that comes is the one."""
        mine = self._pseudonyms.check
        with self._connected() as (connection, _):
            position, made_with = key_check_of(connection)
            if made_with is None and mine is not None and position == 0:
                with transaction(connection):
                    connection.execute(
                        update(STATE).where(STATE.c.key_check.is_(None), STATE.c.position == 0).values(key_check=mine)
                    )
                _, made_with = key_check_of(connection)
        demand_key(made_with, mine)

    def _tell_each(self, topic: str | None) -> None:
        self._tell([EVERYBODY if topic is None else topic])

    def _begin_again(self) -> None:
        """Go on in a child process: the connections are the parent's."""
        super()._begin_again()
        self._group.begin_again()
        self._closing = False
        if self._listener is not None:
            self._listener = Listener(self.engine, self._tell_each)


class _Journal:
    """The journal on a connection that holds the row of its last place, within a transaction."""

    def __init__(self, connection: Connection, clock: Clock, key_check: str | None) -> None:
        self._connection = connection
        self._notifies = listens(connection.engine)
        row = connection.execute(LOCKING).one()
        demand_key(row.key_check, key_check)
        self._began = self._position = row.position
        # INVARIANT: what is recorded later never bears an earlier time, whatever the clocks of a fleet say.
        self._recorded = max(utc_text(clock()), row.recorded)

    def held(self, topics: Collection[str]) -> Iterable[Kept]:
        return [kept(*row) for row in self._connection.execute(ABOUT, {"topics": list(topics)})]

    def spent(self, claims: Collection[str]) -> dict[str, int]:
        return {row[0]: row[1] for part in sliced(claims) for row in self._connection.execute(SPENDING, {"claims": part})}

    def known(self, ids: Collection[str]) -> dict[str, Release]:
        found = (row for part in sliced(ids) for row in self._connection.execute(KNOWN, {"ids": part}))
        return {row.id: release_of(row._mapping) for row in found}  # noqa: SLF001 - the documented way

    def append(self, topic: str, entry: Entry) -> None:
        self._position += 1
        kind, body = written(entry)
        row = {"position": self._position, "recorded": self._recorded, "topic": topic, "kind": kind, "body": body}
        self._connection.execute(APPENDING, row)
        if self._notifies:
            self._connection.execute(text("SELECT pg_notify(:channel, :topic)"), {"channel": CHANNEL, "topic": topic})

    def keep(self, releases: Sequence[Release]) -> None:
        rows = []
        for each in releases:
            self._position += 1
            rows.append(release_row(each) | {"position": self._position, "recorded": self._recorded})
        self._connection.execute(KEEPING, rows)

    def close(self) -> None:
        if self._position != self._began:
            self._connection.execute(MOVING, {"at_position": self._position, "at_time": self._recorded})
