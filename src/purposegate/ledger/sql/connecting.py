"""How a ledger reaches its database, and what becomes of what the database raises."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import Any, Final, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from purposegate.errors import LedgerError
from purposegate.ledger.keeping import LostError
from purposegate.ledger.sql.schema import STATE, VERSIONS_TABLE

_P = ParamSpec("_P")
_T = TypeVar("_T")

_SQLITE, _POSTGRESQL = "sqlite", "postgresql"
# What would be gone with the connection.
_IN_MEMORY: Final = frozenset({None, "", ":memory:"})


class _Telling:
    """Turns what a database raises into a `LedgerError` that says its kind, without its text: a row may stand in it."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None or isinstance(error, LedgerError):
            return
        if isinstance(error, DBAPIError):
            lost, cause = error.connection_invalidated, type(error.orig or error).__name__
        elif isinstance(error, _FAULTS):
            lost, cause = False, type(error).__name__
        else:
            return
        if lost:
            raise LostError(f"the connection to the ledger was lost ({cause})") from None
        raise LedgerError(f"the ledger cannot be read or written ({cause})") from None


# What SQLAlchemy and a driver raise, and what reading a row that is none does.
_FAULTS: Final = (SQLAlchemyError, OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
TELLING: Final = _Telling()


def unchained(method: Callable[_P, _T]) -> Callable[_P, _T]:
    """Raise a `LedgerError` without what it came from: the database's own exception may show a row."""

    @wraps(method)
    def told(*arguments: _P.args, **named: _P.kwargs) -> _T:
        try:
            return method(*arguments, **named)
        except LedgerError as error:
            error.__cause__ = error.__context__ = None
            raise

    return told


def url_of(database: str | Path | URL) -> URL:
    """Give the URL of a database: a path is a SQLite file. Raise `LedgerError` where no ledger can be kept in one of its kind."""
    if isinstance(database, Path) or (isinstance(database, str) and "://" not in database):
        url: URL | None = URL.create(_SQLITE, database=str(database))
    else:
        try:
            url = make_url(database)
        except ArgumentError:
            url = None
    if url is not None and url.drivername in {_POSTGRESQL, "postgres"}:
        url = url.set(drivername="postgresql+psycopg")
    if url is None or url.get_backend_name() not in {_SQLITE, _POSTGRESQL} or url.database in _IN_MEMORY:
        error = LedgerError("a ledger is kept in SQLite or in PostgreSQL")
        error.add_note("name the path of a SQLite file, or a URL that begins with `sqlite://` or `postgresql://`")
        raise error
    return url


def engine_of(url: URL, deadline: float) -> Engine:
    """Give an engine whose transactions are begun and ended in so many words, and that waits no longer than the deadline."""
    if url.get_backend_name() == _SQLITE:
        arguments: dict[str, Any] = {"timeout": deadline, "check_same_thread": False}
    else:
        milliseconds = int(deadline * 1000)
        limits = f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}"
        given = {name: value for name, value in url.query.items() if isinstance(value, str)}
        arguments = {
            "connect_timeout": given.get("connect_timeout", max(2, int(deadline))),
            "options": f"{given.get('options', '')} {limits}".strip(),
            "tcp_user_timeout": milliseconds,
            "prepare_threshold": 1,
        }
    try:
        engine = create_engine(
            url,
            connect_args=arguments,
            isolation_level="AUTOCOMMIT",
            pool_reset_on_return=None,
            pool_timeout=deadline,
            hide_parameters=True,
            skip_autocommit_rollback=True,
        )
    except ImportError:
        missing = LedgerError("a ledger in PostgreSQL needs an extra")
        missing.add_note("pip install 'purposegate[postgres]'")
        raise missing from None
    if url.get_backend_name() == _SQLITE:
        event.listen(engine, "connect", _prepared)
    return engine


@contextmanager
def transaction(connection: Connection, demand: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Begin as a writer, and commit, or roll back whatever happens; `demand` raises where it must not be committed any more."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.dialect.name == _SQLITE else "BEGIN")
    try:
        yield
        demand()
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        try:
            connection.exec_driver_sql("ROLLBACK")
        except SQLAlchemyError:
            connection.invalidate()
        raise


def cut(connection: Connection) -> None:
    """End what a connection is waiting for, from another thread."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == _SQLITE:
        driver.interrupt()
    else:
        shut(driver)


def shut(driver: Any) -> None:  # noqa: ANN401 - psycopg's connection
    """End what a connection to PostgreSQL is waiting for, whatever its server does."""
    with socket.socket(fileno=os.dup(driver.fileno())) as wire:
        wire.shutdown(socket.SHUT_RDWR)


def listens(engine: Engine) -> bool:
    """Tell whether a database tells of what other processes enter."""
    return engine.dialect.name == _POSTGRESQL


def shares_files(engine: Engine) -> bool:
    """Tell whether a child process would inherit what is open: SQLite takes the locks of its parent for its own then."""
    return engine.dialect.name == _SQLITE


def version_of(connection: Connection) -> str | None:
    """Give the version of the tables of a ledger; None where there are none."""
    if not inspect(connection).has_table(VERSIONS_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSIONS_TABLE}")).scalar()  # noqa: S608 - our own constant


def key_check_of(connection: Connection) -> tuple[int, str | None]:
    """Give the last place of a ledger, and what tells whether a key for the ids of people is the one that it was made with."""
    row = connection.execute(select(STATE.c.position, STATE.c.key_check).where(STATE.c.id == 1)).one()
    return row[0], row[1]


def is_there(database: str | Path | URL, *, deadline: float = 2.0) -> bool:
    """Tell whether a database holds a ledger, and leave it as it is; raise `LedgerError` where it cannot be read."""
    url = url_of(database)
    if url.get_backend_name() == _SQLITE:
        # Connecting to a SQLite file makes one, or changes one that is somebody else's: look without connecting first.
        return _holds_a_ledger(Path(url.database or ""))
    with TELLING:
        engine = engine_of(url, deadline)
        try:
            with engine.connect() as connection:
                found = version_of(connection)
        finally:
            engine.dispose()
    return found is not None


def _holds_a_ledger(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = ?", (VERSIONS_TABLE,)).fetchone()
    except sqlite3.Error as error:
        raise LedgerError(f"the ledger cannot be read or written ({type(error).__name__})") from None
    return bool(found[0])


def _prepared(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
