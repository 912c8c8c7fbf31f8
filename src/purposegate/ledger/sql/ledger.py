"""A ledger in a database, through SQLAlchemy: SQLite for one machine, PostgreSQL for a fleet.

Reading is one SELECT, which sees one consistent state. Writers go one after the other: each holds the row of the last place and
time until it commits, so that places are in the order of commits. Releases of several threads that wait are committed together.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any, Final
from weakref import WeakSet

from sqlalchemy import Connection, select, text, update
from sqlalchemy.engine import URL

from purposegate.engine.use import Use
from purposegate.errors import LedgerError
from purposegate.ledger.deadlines import Deadlines, Within
from purposegate.ledger.encoding import utc_text, utc_time, written
from purposegate.ledger.grouping import Grouping
from purposegate.ledger.journal import EVERYBODY, records_of, topics_of
from purposegate.ledger.keeping import Clock, Held, KeepingLedger, LostError, Writing, utc_now
from purposegate.ledger.protocol import AsOf
from purposegate.ledger.records import Claim, Entry, Kept, Records, Release
from purposegate.ledger.sql.connecting import (
    TELLING,
    cut,
    engine_of,
    is_there,
    key_check_of,
    listens,
    shares_files,
    transaction,
    unchained,
    url_of,
    version_of,
)
from purposegate.ledger.sql.listening import CHANNEL, Listener
from purposegate.ledger.sql.schema import ENTRIES, RELEASES, STATE, VERSION
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
    release_of,
    release_row,
    sorted_out,
)
from purposegate.ledger.turns import Pausing, Turns

_log = logging.getLogger("purposegate")

_ANSWERS: Final = 8_192
_AT_ONCE: Final = 10_000
_PATIENCE: Final = 60.0  # seconds that making or migrating the tables may take


class SqlLedger(KeepingLedger):
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
        url = url_of(database)
        if not create and not is_there(url, deadline=deadline):
            error = LedgerError("there is no ledger in that database")
            error.add_note("make one with `purposegate ledger init`")
            raise error
        self._deadlines = Deadlines(deadline, cut)
        self._answers: dict[tuple[str | None, str | None, int, Rows], tuple[State, Records]] = {}
        self._group = Grouping(self._commit, deadline)
        self._turn = Turns()
        self._pausing = Pausing()
        self._listener: Listener | None = None
        with TELLING:
            self.engine = engine_of(url, deadline)
            try:
                self._prepare()
            except BaseException:
                self.close()
                raise
        _ledgers.add(self)

    @classmethod
    def migrate(cls, database: str | Path | URL, *, deadline: float = 60.0) -> str:
        """Bring the tables of a ledger to the version that this code reads and writes, and give it.

        Raises `LedgerError` where there is no ledger, or one of a version that this code does not know.
        """
        ledger = _LedgerOfAnyVersion(database, deadline=deadline, create=False)
        try:
            ledger._migrate()  # noqa: SLF001 - a ledger of its own class
        finally:
            ledger.close()
        return VERSION

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
        with TELLING:
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
        if self._stopped_listening():
            self._tell([EVERYBODY])  # what others enter goes unheard until it opens again
            self._stopped_listening()  # whoever was told may have asked the ledger something
        self._deadlines.stop()
        self.engine.dispose()

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
        with TELLING:
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
        with TELLING, self._pausing, self.engine.connect() as connection, self._deadlines.within(connection):
            rows = connection.execute(statement, parameters).all()
        return sorted_out(rows, self._pseudonyms.check)

    @contextmanager
    def _writing(self) -> Iterator[Writing]:
        with self._my_turn(), TELLING, self._connected() as (connection, within), transaction(connection, within.demand):
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
        with TELLING, self._connected() as (connection, _):
            return [kept(*row) for row in connection.execute(statement)]

    def _released(self, subject: str | None, recipient: str | None, claim: str | None) -> Iterable[Release]:
        statement = select(RELEASES).order_by(RELEASES.c.position)
        for column, value in ((RELEASES.c.subject, subject), (RELEASES.c.recipient, recipient), (RELEASES.c.claim, claim)):
            statement = statement if value is None else statement.where(column == value)
        with TELLING, self._connected() as (connection, _):
            return [release_of(row._mapping) for row in connection.execute(statement)]  # noqa: SLF001 - the documented way

    def _commit(self, batch: Sequence[Sequence[Release]]) -> Sequence[LedgerError | None]:
        """Commit what is waited for; after a lost connection once more, under the same ids, which are kept once.

        What cannot be written together is written one by one, so that nobody is refused for another's sake.
        """
        began = monotonic()
        try:
            return self._recorded(batch)
        except LedgerError as error:
            failed = error
        if monotonic() - began < self._deadlines.seconds / 2:
            if len(batch) > 1:
                return [outcome for releases in batch for outcome in self._commit([releases])]
            if isinstance(failed, LostError):
                try:
                    return self._recorded(batch)
                except LedgerError as error:
                    failed = error
        return [LedgerError(*failed.args) for _ in batch]  # each is raised in a thread of its own

    def _recorded(self, batch: Sequence[Sequence[Release]]) -> Sequence[LedgerError | None]:
        with self._writing() as journal:
            return self._record(journal, batch)

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        """Wait for the other writers of this process, and no longer than the deadline."""
        if not self._turn.take(self._deadlines.seconds):
            raise LedgerError("the ledger took too long")
        try:
            yield
        finally:
            self._turn.give_back()

    @contextmanager
    def _connected(self, deadlines: Deadlines[Connection] | None = None) -> Iterator[tuple[Connection, Within[Connection]]]:
        if self._listeners:
            self._listen()
        deadlines = self._deadlines if deadlines is None else deadlines
        with self._pausing, self.engine.connect() as connection, deadlines.within(connection) as within:
            yield connection, within

    def _listen(self) -> None:
        """Listen to what other processes enter, at first and again after it was closed."""
        if self._listener is None and listens(self.engine):
            self._listener = Listener(self.engine, self._tell_each)

    def _prepare(self) -> None:
        """Make the tables where there are none; refuse those of another version, or made with another key."""
        with self._connected() as (connection, _):
            found = version_of(connection)
        if found is None:
            self._migrate()
        elif found != VERSION:
            error = LedgerError(f"the tables of the ledger are of version {found}, and this code wants {VERSION}")
            error.add_note("run `purposegate ledger migrate`, or install the version of purposegate that made them")
            raise error
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

    def _migrate(self) -> None:
        from purposegate.ledger.sql.migrating import migrate  # noqa: PLC0415 - Alembic takes as long to import as all the rest

        # Nobody waits for it but whoever opens the ledger: it is given more time than what a use waits for.
        patient = Deadlines(max(_PATIENCE, self._deadlines.seconds), cut)
        try:
            with TELLING, self._connected(patient) as (connection, within), transaction(connection, within.demand):
                migrate(connection)
        finally:
            patient.stop()

    def _tell_each(self, topic: str | None) -> None:
        self._tell([EVERYBODY if topic is None else topic])

    def _pause(self) -> None:
        """Hold SQLite up for a fork: a child that has an open file in it takes the locks of its parent for its own."""
        if shares_files(self.engine):
            self._pausing.pause(self._deadlines.seconds)
            self.engine.dispose()

    def _go_on(self) -> None:
        self._pausing.go_on()

    def _begin_again(self) -> None:
        """Go on in a child process: the connections are the parent's."""
        self._pausing = Pausing()
        self.engine.dispose(close=False)
        self._turn = Turns()
        self._group.begin_again()
        self._deadlines.begin_again()
        if self._listener is not None:
            self._listener = Listener(self.engine, self._tell_each)


class _LedgerOfAnyVersion(SqlLedger):
    """A ledger whose tables may be older than this code: it can be migrated, and nothing else."""

    def _prepare(self) -> None:
        pass


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
        return {row[0]: row[1] for part in _sliced(claims) for row in self._connection.execute(SPENDING, {"claims": part})}

    def known(self, ids: Collection[str]) -> dict[str, Release]:
        found = (row for part in _sliced(ids) for row in self._connection.execute(KNOWN, {"ids": part}))
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


def _sliced(values: Collection[str]) -> Iterator[list[str]]:
    """Yield values in as many at once as every database takes parameters."""
    listed = list(values)
    return (listed[start : start + _AT_ONCE] for start in range(0, len(listed), _AT_ONCE))


# Every ledger there is, to be put in order around a fork.
_ledgers: WeakSet[SqlLedger] = WeakSet()


def _before_fork() -> None:
    for ledger in list(_ledgers):
        ledger._pause()  # noqa: SLF001 - a ledger's own business


def _after_fork_in_parent() -> None:
    for ledger in list(_ledgers):
        ledger._go_on()  # noqa: SLF001 - as above


def _after_fork() -> None:
    for ledger in list(_ledgers):
        try:
            ledger._begin_again()  # noqa: SLF001 - as above
        except Exception as error:  # noqa: BLE001 - one ledger that cannot go on must not keep the others from it
            _log.error("a ledger does not go on in this process: %s", type(error).__name__)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork)
