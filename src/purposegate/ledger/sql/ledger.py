"""A ledger in a database, through SQLAlchemy: SQLite for one machine, PostgreSQL for a fleet.

Reading is one SELECT, which sees one consistent state. Writers go one after the other: each holds the row of the last place and
time until it commits, so that places are in the order of commits. Releases of several threads that wait are committed together.
"""

from __future__ import annotations

import json
import os
import socket
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC
from functools import wraps
from pathlib import Path
from time import monotonic
from typing import Any, Final, ParamSpec, TypeVar
from weakref import WeakSet

from sqlalchemy import (
    BindParameter,
    Connection,
    Engine,
    Row,
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
from purposegate.ledger.encoding import read, texts, utc_text, utc_time, written
from purposegate.ledger.journal import EVERYBODY
from purposegate.ledger.keeping import Clock, Held, KeepingLedger, Writing, utc_now
from purposegate.ledger.protocol import AsOf
from purposegate.ledger.records import Claim, Entry, Kept, Records, Release
from purposegate.ledger.sql.listening import CHANNEL, Listener
from purposegate.ledger.sql.schema import ENTRIES, RELEASES, STATE, VERSION, VERSIONS_TABLE
from purposegate.ledger.turns import Pausing, Turns

_P = ParamSpec("_P")
_T = TypeVar("_T")

_TOPICS: Final[BindParameter[Any]] = bindparam("topics", expanding=True)
_ABOUT: Final = select(ENTRIES.c.position, ENTRIES.c.recorded, ENTRIES.c.kind, ENTRIES.c.body).where(ENTRIES.c.topic.in_(_TOPICS))
_STATE: Final = select(STATE.c.position, STATE.c.recorded, literal("state"), null()).where(STATE.c.id == 1)
_SPENT: Final = select(func.count(), literal(""), literal("spent"), null()).where(RELEASES.c.claim == bindparam("claim"))
_BY_POSITION: Final[BindParameter[Any]] = bindparam("position")
_BY_TIME: Final[BindParameter[Any]] = bindparam("recorded")
# The one SELECT of a decision, by whether a claim is named and as of when it is asked.
_READING: Final = {
    (False, type(None)): union_all(_STATE, _ABOUT),
    (True, type(None)): union_all(_STATE, _ABOUT, _SPENT),
    (False, int): union_all(_STATE, _ABOUT.where(ENTRIES.c.position <= _BY_POSITION)),
    (True, int): union_all(
        _STATE, _ABOUT.where(ENTRIES.c.position <= _BY_POSITION), _SPENT.where(RELEASES.c.position <= _BY_POSITION)
    ),
    (False, str): union_all(_STATE, _ABOUT.where(ENTRIES.c.recorded <= _BY_TIME)),
    (True, str): union_all(_STATE, _ABOUT.where(ENTRIES.c.recorded <= _BY_TIME), _SPENT.where(RELEASES.c.recorded <= _BY_TIME)),
}


def _unchained(method: Callable[_P, _T]) -> Callable[_P, _T]:
    """Raise a `LedgerError` without what it came from: the database's own exception may show a row."""

    @wraps(method)
    def told(*arguments: _P.args, **named: _P.kwargs) -> _T:
        try:
            return method(*arguments, **named)
        except LedgerError as error:
            error.__cause__ = error.__context__ = None
            raise

    return told


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
        self._deadlines = Deadlines(deadline)
        self._engine = _engine(_url(database), deadline)
        self._waiting: deque[_Waiting] = deque()
        self._turn = Turns()
        self._pausing = Pausing()
        self._listener: Listener | None = None
        self._open()
        _ledgers.add(self)

    @_unchained
    def consult(self, use: Use, as_of: AsOf = None) -> Records:
        """Give all that is held about the use's subject, recipient and claim, as one consistent answer."""
        with _told():
            return super().consult(use, as_of)

    @_unchained
    def enter(self, *entries: Entry) -> None:
        """Keep entries, all of them or none; raise `LedgerError` where one contradicts what is held."""
        super().enter(*entries)

    @_unchained
    def entries(
        self, *, subject: str | None = None, recipient: str | None = None, claim: str | None = None, as_of: AsOf = None
    ) -> tuple[Kept, ...]:
        """Give the entries about a person, a recipient or a claim, or all of them, in the order in which they were recorded."""
        return super().entries(subject=subject, recipient=recipient, claim=claim, as_of=as_of)

    @_unchained
    def releases(
        self, *, subject: str | None = None, recipient: str | None = None, claim: str | None = None
    ) -> tuple[Release, ...]:
        """Give the releases of a person's data, to a recipient, or under a claim, in the order in which they were recorded."""
        return super().releases(subject=subject, recipient=recipient, claim=claim)

    @_unchained
    def record(self, releases: Sequence[Release]) -> None:
        """Keep releases before they happen, and spend their claims: all of them, or none and raise.

        What several threads wait for is committed together.
        """
        mine = _Waiting(self._as_kept(releases))
        self._waiting.append(mine)
        with self._my_turn(mine):
            if not mine.done:
                batch = []
                with suppress(IndexError):
                    while True:
                        batch.append(self._waiting.popleft())
                self._commit([each for each in batch if not each.given_up])
        if mine.refused is not None:
            raise mine.refused

    def on_change(self, changed: Callable[[str | None], None]) -> None:
        """Have a function told of each person about whom something was entered, on PostgreSQL also by other processes."""
        super().on_change(changed)
        self._listen()

    @_unchained
    def migrate(self) -> None:
        """Bring the tables to the version that this code reads and writes; raise `LedgerError` where that fails."""
        from purposegate.ledger.sql.migrating import migrate  # noqa: PLC0415 - Alembic takes as long to import as all the rest

        with _told(), self._connected() as connection, _transaction(connection):
            migrate(connection)

    def close(self) -> None:
        """Close what is connected; the ledger opens again when it is used."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.stop()
        self._engine.dispose()

    def _read(self, topics: Collection[str], claim: str | None, as_of: AsOf) -> Held:
        by = utc_text(as_of) if as_of is not None and not isinstance(as_of, int) else as_of
        statement = _READING[claim is not None, type(by)]
        parameters: dict[str, Any] = {"topics": list(topics), "claim": claim, "position": by, "recorded": by}
        with _told(), self._connected() as connection:
            rows = connection.execute(statement, {key.key: parameters[key.key] for key in _asked(claim, by)}).all()
            return _held(rows)

    @contextmanager
    def _writing(self) -> Iterator[Writing]:
        with self._my_turn(None), _told(), self._connected() as connection, _transaction(connection):
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
        with _told(), self._connected() as connection:
            return [_kept(*row) for row in connection.execute(statement)]

    def _released(self, subject: str | None, recipient: str | None, claim: str | None) -> Iterable[Release]:
        statement = select(RELEASES).order_by(RELEASES.c.position)
        for column, value in ((RELEASES.c.subject, subject), (RELEASES.c.recipient, recipient), (RELEASES.c.claim, claim)):
            statement = statement if value is None else statement.where(column == value)
        with _told(), self._connected() as connection:
            return [_release(row._mapping) for row in connection.execute(statement)]  # noqa: SLF001 - the documented way

    def _commit(self, batch: Sequence[_Waiting]) -> None:
        """Commit what is waited for; after a lost connection once more, under the same ids, which are kept once."""
        if not batch:
            return
        # INVARIANT: whatever ends this thread, none of the others is told that its releases are kept before they are.
        for each in batch:
            each.done = True
            each.refused = LedgerError("the ledger was not written")
        began = monotonic()
        for attempt in (1, 2):
            try:
                refused = self._written(batch)
            except _LostError as error:
                failed: LedgerError = error
                if attempt == 1 and monotonic() - began < self._deadlines.seconds / 2:
                    continue
            except LedgerError as error:
                failed = error
            else:
                for each, refusal in zip(batch, refused, strict=True):
                    each.refused = refusal
                return
            break
        for each in batch:
            each.refused = failed

    def _written(self, batch: Sequence[_Waiting]) -> list[LedgerError | None]:
        """Commit what is waited for; tell of each whether it was refused."""
        refused: list[LedgerError | None] = []
        with _told(), self._connected() as connection, _transaction(connection):
            journal = _Journal(connection, self._clock)
            for each in batch:
                try:
                    self._record(journal, each.releases)
                except LedgerError as refusal:
                    refused.append(refusal)
                else:
                    refused.append(None)
            journal.close()
        return refused

    @contextmanager
    def _my_turn(self, mine: _Waiting | None) -> Iterator[None]:
        """Wait for the other writers of this process, and no longer than the deadline."""
        came = False
        try:
            came = self._turn.take(self._deadlines.seconds)
        finally:
            if not came and mine is not None:
                mine.given_up = True
        if not came:
            raise LedgerError("the ledger took too long")
        try:
            yield
        finally:
            self._turn.give_back()

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        if self._listeners:
            self._listen()  # it may have been closed
        with self._pausing.running(), self._engine.connect() as connection, self._deadlines.within(lambda: _cut(connection)):
            yield connection

    def _listen(self) -> None:
        if self._listener is None and self._engine.dialect.name == "postgresql":
            self._listener = Listener(self._engine, self._tell_each)

    @_unchained
    def _open(self) -> None:
        with _told():
            self._prepare()

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

    def _pause(self) -> None:
        """Hold SQLite up for a fork: a child that has an open file in it takes the locks of its parent for its own."""
        if self._engine.dialect.name == "sqlite":
            self._pausing.pause(self._deadlines.seconds)
            self._engine.dispose()

    def _go_on(self) -> None:
        self._pausing.go_on()

    def _begin_again(self) -> None:
        """Go on in a child process: the connections are the parent's."""
        self._pausing = Pausing()
        self._engine.dispose(close=False)
        self._turn = Turns()
        self._waiting.clear()
        self._deadlines.begin_again()
        if self._listener is not None:
            self._listener = Listener(self._engine, self._tell_each)


class _Waiting:
    """Releases that a thread waits for."""

    __slots__ = ("done", "given_up", "refused", "releases")

    def __init__(self, releases: Sequence[Release]) -> None:
        self.releases = releases
        self.done = False
        self.given_up = False
        self.refused: LedgerError | None = None


class _Journal:
    """The journal on a connection that holds the row of its last place, within a transaction."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._postgresql = connection.dialect.name == "postgresql"
        row = connection.execute(select(STATE.c.position, STATE.c.recorded).where(STATE.c.id == 1).with_for_update()).one()
        self._began = self._position = row.position
        # INVARIANT: what is recorded later never bears an earlier time, whatever the clocks of a fleet say.
        self._recorded = max(utc_text(clock().astimezone(UTC)), row.recorded)

    def held(self, topics: Collection[str]) -> Iterable[Kept]:
        return [_kept(*row) for row in self._connection.execute(_ABOUT, {"topics": list(topics)})]

    def spent(self, claims: Collection[str]) -> dict[str, int]:
        statement = select(RELEASES.c.claim, func.count()).where(RELEASES.c.claim.in_(list(claims))).group_by(RELEASES.c.claim)
        return {row[0]: row[1] for row in self._connection.execute(statement)}

    def known(self, ids: Collection[str]) -> dict[str, Release]:
        found = self._connection.execute(select(RELEASES).where(RELEASES.c.id.in_(list(ids))))
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
        self._connection.execute(insert(RELEASES), rows)

    def close(self) -> None:
        if self._position != self._began:
            new = {"position": self._position, "recorded": self._recorded}
            self._connection.execute(update(STATE).where(STATE.c.id == 1).values(**new))


class _LostError(LedgerError):
    """The connection was lost: what was being committed may have been, or not."""


# Every ledger there is, to be put in order after a fork.
_ledgers: WeakSet[SqlLedger] = WeakSet()


def _before_fork() -> None:
    for ledger in list(_ledgers):
        ledger._pause()  # noqa: SLF001 - a ledger's own business


def _after_fork_in_parent() -> None:
    for ledger in list(_ledgers):
        ledger._go_on()  # noqa: SLF001 - as above


def _after_fork() -> None:
    for ledger in list(_ledgers):
        ledger._begin_again()  # noqa: SLF001 - as above


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what a database raises into a `LedgerError` that says its kind, without its text: a row may stand in it."""
    try:
        yield
    except LedgerError:
        raise
    except DBAPIError as error:
        lost, cause = error.connection_invalidated, type(error.orig or error).__name__
    except (SQLAlchemyError, OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        lost, cause = False, type(error).__name__
    else:
        return
    raise (_LostError if lost else LedgerError)(f"the ledger cannot be read or written ({cause})")


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


def _asked(claim: str | None, by: int | str | None) -> Iterator[Any]:
    yield _TOPICS
    if claim is not None:
        yield bindparam("claim")
    if by is not None:
        yield _BY_POSITION if isinstance(by, int) else _BY_TIME


def _held(rows: Sequence[Row[Any]]) -> Held:
    kept, spent = [], 0
    position = latest = None
    for place, recorded, kind, body in map(tuple, rows):
        if body is not None:  # every entry has one
            kept.append(_kept(place, recorded, kind, body))
        elif kind == "state":
            position, latest = place, utc_time(recorded)
        else:
            spent = place
    if position is None or latest is None:
        raise LedgerError("the ledger has lost its place")
    return Held(kept, spent, position, latest)


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
        clauses=texts(json.loads(row["clauses"])),
        claim=row["claim"],
        exempt=row["exempt"],
    )
