"""A ledger in a database, through SQLAlchemy: SQLite for one machine, PostgreSQL for a fleet.

Reading is one SELECT, which sees one consistent state. Writers go one after the other: each holds the row of the last place and
time until it commits, so that places are in the order of commits. Releases of several threads that wait are committed together.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from time import monotonic
from types import TracebackType
from typing import Any, Final
from weakref import WeakSet

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    Engine,
    bindparam,
    create_engine,
    event,
    func,
    insert,
    inspect,
    literal,
    null,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from purposegate.engine.use import Use
from purposegate.errors import LedgerError
from purposegate.ledger.deadlines import Deadlines
from purposegate.ledger.encoding import read, utc_text, utc_time, written
from purposegate.ledger.grouping import Grouping
from purposegate.ledger.journal import EVERYBODY, records_of, topics_of
from purposegate.ledger.keeping import Clock, Held, KeepingLedger, Writing, utc_now
from purposegate.ledger.protocol import AsOf
from purposegate.ledger.records import Claim, Entry, Kept, Records, Release
from purposegate.ledger.sql.listening import CHANNEL, Listener
from purposegate.ledger.sql.schema import ENTRIES, RELEASES, STATE, VERSION, VERSIONS_TABLE

_TOPICS: Final[BindParameter[Any]] = bindparam("topics", expanding=True)
_ABOUT: Final = select(ENTRIES.c.position, ENTRIES.c.recorded, ENTRIES.c.kind, ENTRIES.c.body).where(ENTRIES.c.topic.in_(_TOPICS))
_STATE: Final = select(STATE.c.position, STATE.c.recorded, literal("state"), null()).where(STATE.c.id == 1)
_SPENT: Final = select(func.count(), literal(""), literal("spent"), null()).where(RELEASES.c.claim == bindparam("claim"))
_AS_OF: Final[BindParameter[Any]] = bindparam("as_of")
# What a writer does, made once: to make a statement takes longer than to run it.
_LOCKING: Final = select(STATE.c.position, STATE.c.recorded).where(STATE.c.id == 1).with_for_update()
_MOVING: Final = update(STATE).where(STATE.c.id == 1).values(position=bindparam("at_position"), recorded=bindparam("at_time"))
_KNOWN: Final = select(RELEASES).where(RELEASES.c.id.in_(bindparam("ids", expanding=True)))
_KEEPING: Final = insert(RELEASES)
# Rows of entries: place, time, kind and body.
_Rows = tuple[tuple[Any, ...], ...]
_ANSWERS: Final = 8_192


def _reading(*, claim: bool, by: type) -> CompoundSelect[Any]:
    """Give the one SELECT of a decision, by whether it names a claim and as of when it is asked."""
    about, spent = _ABOUT, _SPENT
    if by is int:
        about, spent = about.where(ENTRIES.c.position <= _AS_OF), spent.where(RELEASES.c.position <= _AS_OF)
    elif by is str:
        about, spent = about.where(ENTRIES.c.recorded <= _AS_OF), spent.where(RELEASES.c.recorded <= _AS_OF)
    return union_all(_STATE, about, *([spent] if claim else []))


READING: Final = {(claim, by): _reading(claim=claim, by=by) for claim in (False, True) for by in (type(None), int, str)}


class SqlLedger(KeepingLedger):
    """A ledger in a SQLite file or a PostgreSQL database; safe to share between threads and processes, also over a fork.

    An operation that takes longer than the deadline, in seconds, is cut off and raises `LedgerError`; so does whatever the database
    raises, without its text. The next one tries anew.
    """

    def __init__(
        self, database: str | Path | URL, *, subject_key: bytes | None = None, deadline: float = 2.0, clock: Clock = utc_now
    ) -> None:
        """Open a ledger by its URL or by the path of a SQLite file, and make its tables where there are none yet.

        With `subject_key` people are kept under a keyed hash of their ids: everything that was entered with one key is found with
        that key only. Raises `LedgerError` where the database cannot be used or its tables are of another version.
        """
        super().__init__(subject_key, clock)
        self._deadlines = Deadlines(deadline, _cut)
        self.engine = _engine(_url(database), deadline)
        self._answers: dict[tuple[str | None, str | None, int, _Rows], tuple[tuple[int, str], Records]] = {}
        self._group = Grouping(self._commit, 2 * deadline)
        self._turn = Lock()
        self._listener: Listener | None = None
        with _TELLING:
            self._prepare()
        _ledgers.add(self)

    def record(self, releases: Sequence[Release]) -> None:
        """Keep releases before they happen, and spend their claims: all of them, or none and raise.

        What several threads wait for is committed together.
        """
        self._group.write(self._as_kept(releases))

    def on_change(self, changed: Callable[[str | None], None]) -> None:
        """Have a function told of each person about whom something was entered, on PostgreSQL also by other processes."""
        super().on_change(changed)
        self._listen()

    def migrate(self) -> None:
        """Bring the tables to the version that this code reads and writes; raise `LedgerError` where that fails."""
        from purposegate.ledger.sql.migrating import migrate  # noqa: PLC0415 - Alembic takes as long to import as all the rest

        with _TELLING, self._connected() as connection, _transaction(connection):
            migrate(connection)

    def close(self) -> None:
        """Close what is connected; the ledger opens again when it is used."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.stop()
        self.engine.dispose()

    def consult(self, use: Use, as_of: AsOf = None) -> Records:
        """Give all that is held about the use's subject, recipient and claim, as one consistent answer."""
        state, spent, rows = self._select(topics_of(use, self._pseudonyms), use.claim, as_of)
        # The same rows are the same answer: entries never change, and those of another database would be other rows.
        asked = (use.subject, use.claim, spent, rows)
        found = self._answers.get(asked)
        if found is None:
            with _TELLING:
                kept = [_kept(*row) for row in rows]
            records = records_of(kept, use, self._pseudonyms, spent=spent, position=state[0], latest=utc_time(state[1]))
            found = (state, replace(records, content=object()))
            if len(self._answers) >= _ANSWERS:
                self._answers.clear()
        elif found[0] != state:
            found = (state, found[1].seen_at(state[0], utc_time(state[1])))
        else:
            return found[1]
        self._answers[asked] = found
        return found[1]

    def _read(self, topics: Collection[str], claim: str | None, as_of: AsOf) -> Held:
        state, spent, rows = self._select(topics, claim, as_of)
        with _TELLING:
            return Held([_kept(*row) for row in rows], spent, state[0], utc_time(state[1]))

    def _select(self, topics: Collection[str], claim: str | None, as_of: AsOf) -> tuple[tuple[int, str], int, _Rows]:
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
        with _TELLING, self.engine.connect() as connection, self._deadlines.within(connection):
            rows = connection.execute(statement, parameters).all()
        return _sorted_out(rows)

    @contextmanager
    def _writing(self) -> Iterator[Writing]:
        with self._my_turn(), _TELLING, self._connected() as connection, _transaction(connection):
            journal = _Journal(connection, self._clock)
            yield journal
            journal.close()

    def _every(self, subject: str | None, as_of: AsOf) -> Iterable[Kept]:
        statement = select(ENTRIES.c.position, ENTRIES.c.recorded, ENTRIES.c.kind, ENTRIES.c.body).order_by(ENTRIES.c.position)
        if subject is not None:
            statement = statement.where(ENTRIES.c.kind == Claim.__name__)
        if as_of is not None:
            by_position = isinstance(as_of, int)
            statement = statement.where(
                ENTRIES.c.position <= as_of if by_position else ENTRIES.c.recorded <= utc_text(as_of)  # type: ignore[arg-type]  # an instant then
            )
        with _TELLING, self._connected() as connection:
            return [_kept(*row) for row in connection.execute(statement)]

    def _released(self, subject: str | None, recipient: str | None, claim: str | None) -> Iterable[Release]:
        statement = select(RELEASES).order_by(RELEASES.c.position)
        for column, value in ((RELEASES.c.subject, subject), (RELEASES.c.recipient, recipient), (RELEASES.c.claim, claim)):
            statement = statement if value is None else statement.where(column == value)
        with _TELLING, self._connected() as connection:
            return [_release(row._mapping) for row in connection.execute(statement)]  # noqa: SLF001 - the documented way

    def _commit(self, batch: Sequence[Sequence[Release]]) -> Sequence[LedgerError | None]:
        """Commit what is waited for; after a lost connection once more, under the same ids, which are kept once."""
        began = monotonic()
        try:
            try:
                return self._recorded(batch)
            except _LostError:
                if monotonic() - began > self._deadlines.seconds / 2:
                    raise
                return self._recorded(batch)
        except LedgerError as failed:
            return [LedgerError(*failed.args) for _ in batch]  # each is raised in a thread of its own

    def _recorded(self, batch: Sequence[Sequence[Release]]) -> Sequence[LedgerError | None]:
        with self._writing() as journal:
            return self._record(journal, batch)

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        """Wait for the other writers of this process, and no longer than the deadline."""
        if not self._turn.acquire(timeout=self._deadlines.seconds):
            raise LedgerError("the ledger took too long")
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        if self._listeners:
            self._listen()
        with self.engine.connect() as connection, self._deadlines.within(connection):
            yield connection

    def _listen(self) -> None:
        """Listen to what other processes enter, at first and again after it was closed."""
        if self._listener is None and self.engine.dialect.name == "postgresql":
            self._listener = Listener(self.engine, self._tell_each)

    def _prepare(self) -> None:
        """Make the tables where there are none; refuse those of another version."""
        with self._connected() as connection:
            found = _version(connection)
        if found is None:
            self.migrate()
        elif found != VERSION:
            error = LedgerError(f"the tables of the ledger are of version {found}, and this code wants {VERSION}")
            error.add_note("run `purposegate ledger migrate`, or install the version of purposegate that made them")
            raise error

    def _tell_each(self, topic: str | None) -> None:
        self._tell([EVERYBODY if topic is None else topic])

    def _begin_again(self) -> None:
        """Go on in a child process: the connections are the parent's."""
        self.engine.dispose(close=False)
        self._turn = Lock()
        self._group.begin_again()
        self._deadlines.begin_again()
        if self._listener is not None:
            self._listener = Listener(self.engine, self._tell_each)


class _Journal:
    """The journal on a connection that holds the row of its last place, within a transaction."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._postgresql = connection.dialect.name == "postgresql"
        row = connection.execute(_LOCKING).one()
        self._began = self._position = row.position
        # INVARIANT: what is recorded later never bears an earlier time, whatever the clocks of a fleet say.
        self._recorded = max(utc_text(clock().astimezone(UTC)), row.recorded)

    def held(self, topics: Collection[str]) -> Iterable[Kept]:
        return [_kept(*row) for row in self._connection.execute(_ABOUT, {"topics": list(topics)})]

    def spent(self, claims: Collection[str]) -> dict[str, int]:
        statement = select(RELEASES.c.claim, func.count()).where(RELEASES.c.claim.in_(list(claims))).group_by(RELEASES.c.claim)
        return {row[0]: row[1] for row in self._connection.execute(statement)}

    def known(self, ids: Collection[str]) -> dict[str, Release]:
        found = self._connection.execute(_KNOWN, {"ids": list(ids)})
        return {row.id: _release(row._mapping) for row in found}  # noqa: SLF001 - the documented way

    def append(self, topic: str, entry: Entry) -> None:
        self._position += 1
        kind, body = written(entry)
        row = {"position": self._position, "recorded": self._recorded, "topic": topic, "kind": kind, "body": body}
        self._connection.execute(insert(ENTRIES), row)
        if self._postgresql:
            self._connection.execute(text("SELECT pg_notify(:channel, :topic)"), {"channel": CHANNEL, "topic": topic})

    def keep(self, releases: Sequence[Release]) -> None:
        rows = []
        for each in releases:
            self._position += 1
            rows.append(_release_row(each) | {"position": self._position, "recorded": self._recorded})
        self._connection.execute(_KEEPING, rows)

    def close(self) -> None:
        if self._position != self._began:
            self._connection.execute(_MOVING, {"at_position": self._position, "at_time": self._recorded})


class _LostError(LedgerError):
    """The connection was lost: what was being committed may have been, or not."""


# Every ledger there is, to be put in order after a fork.
_ledgers: WeakSet[SqlLedger] = WeakSet()


def _after_fork() -> None:
    for ledger in list(_ledgers):
        ledger._begin_again()  # noqa: SLF001 - a ledger's own business


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


class _Telling:
    """Turns what a database raises into a `LedgerError` that says its kind, without its text: a row may stand in it."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None or isinstance(error, LedgerError):
            return
        if isinstance(error, DBAPIError):
            lost, cause = error.connection_invalidated, type(error.orig or error).__name__
        elif isinstance(error, (SQLAlchemyError, OSError, ValueError, KeyError, TypeError)):
            lost, cause = False, type(error).__name__
        else:
            return
        raise (_LostError if lost else LedgerError)(f"the ledger cannot be read or written ({cause})") from None


_TELLING: Final = _Telling()


@contextmanager
def _transaction(connection: Connection) -> Iterator[None]:
    """Begin as a writer, and commit, or roll back whatever happens."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.dialect.name == "sqlite" else "BEGIN")
    try:
        yield
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        try:
            connection.exec_driver_sql("ROLLBACK")
        except SQLAlchemyError:
            connection.invalidate()
        raise


def _url(database: str | Path | URL) -> URL:
    if isinstance(database, Path) or (isinstance(database, str) and "://" not in database):
        return URL.create("sqlite", database=str(database))
    url = make_url(database)
    return url.set(drivername="postgresql+psycopg") if url.drivername in {"postgresql", "postgres"} else url


def _engine(url: URL, deadline: float) -> Engine:
    if url.get_backend_name() == "sqlite":
        arguments: dict[str, Any] = {"timeout": deadline, "check_same_thread": False}
    else:
        milliseconds = int(deadline * 1000)
        arguments = {
            "connect_timeout": max(2, int(deadline)),
            "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}",
            "tcp_user_timeout": milliseconds,
            "prepare_threshold": 1,
        }
    engine = create_engine(
        url,
        connect_args=arguments,
        isolation_level="AUTOCOMMIT",  # transactions are begun and ended in so many words
        pool_reset_on_return=None,
        pool_timeout=deadline,
        hide_parameters=True,
        skip_autocommit_rollback=True,
    )
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepared)
    return engine


def _prepared(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _cut(connection: Connection) -> None:
    """End what a connection is waiting for, from another thread."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        driver.interrupt()
        return
    with socket.socket(fileno=os.dup(driver.fileno())) as wire:
        wire.shutdown(socket.SHUT_RDWR)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSIONS_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSIONS_TABLE}")).scalar()  # noqa: S608 - our own constant


def _sorted_out(rows: Sequence[Any]) -> tuple[tuple[int, str], int, _Rows]:
    state: tuple[int, str] | None = None
    spent, about = 0, []
    for row in rows:
        kind = row[2]
        if kind == "state":
            state = (row[0], row[1])
        elif kind == "spent":
            spent = row[0]
        else:
            about.append(tuple(row))
    if state is None:
        raise LedgerError("the ledger has lost its place")
    return state, spent, tuple(sorted(about))


def _kept(position: int, recorded: str, kind: str, body: str) -> Kept:
    return Kept(position, utc_time(recorded), read(kind, body))


def _release_row(release: Release) -> dict[str, Any]:
    return {
        "id": release.id,
        "at": utc_text(release.at),
        "subject": release.subject,
        "recipient": release.recipient,
        "data_category": release.data_category,
        "purpose": release.purpose,
        "channel": release.channel,
        "clauses": json.dumps(release.clauses),
        "claim": release.claim,
        "exempt": release.exempt,
    }


def _release(row: Mapping[Any, Any]) -> Release:
    return Release(
        id=row["id"],
        at=utc_time(row["at"]),
        data_category=row["data_category"],
        purpose=row["purpose"],
        recipient=row["recipient"],
        subject=row["subject"],
        channel=row["channel"],
        clauses=tuple(json.loads(row["clauses"])),
        claim=row["claim"],
        exempt=row["exempt"],
    )
