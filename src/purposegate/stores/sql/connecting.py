"""How a store reaches its database, and what becomes of what the database raises."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import Any, Final, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from purposegate.errors import PurposegateError
from purposegate.stores.kind import Kind
from purposegate.stores.sql.tables import Tables

_P = ParamSpec("_P")
_T = TypeVar("_T")

_SQLITE, _POSTGRESQL = "sqlite", "postgresql"
_AT_ONCE: Final = 10_000
# What would be gone with the connection.
_IN_MEMORY: Final = frozenset({None, "", ":memory:"})


class Telling:
    """Turns what a database raises into the store's error, which says its kind, without its text: a row may stand in it."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None or isinstance(error, self._kind.error):
            return
        if isinstance(error, DBAPIError):
            lost, cause = error.connection_invalidated, type(error.orig or error).__name__
        elif isinstance(error, _FAULTS):
            lost, cause = False, type(error).__name__
        else:
            return
        if lost:
            raise self._kind.lost(f"the connection to the {self._kind.name} was lost ({cause})") from None
        raise self._kind.error(f"the {self._kind.name} cannot be read or written ({cause})") from None


# What SQLAlchemy and a driver raise, and what reading a row that is none does.
_FAULTS: Final = (SQLAlchemyError, OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError)


def unchained(method: Callable[_P, _T]) -> Callable[_P, _T]:
    """Raise a store's error without what it came from: the database's own exception may show a row."""

    @wraps(method)
    def told(*arguments: _P.args, **named: _P.kwargs) -> _T:
        try:
            return method(*arguments, **named)
        except PurposegateError as error:
            error.__cause__ = error.__context__ = None
            raise

    return told


def url_of(database: str | Path | URL, kind: Kind) -> URL:
    """Give the URL of a database: a path is a SQLite file. Raise the store's error where it cannot be kept in one of its kind."""
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
        error = kind.error(f"a {kind.name} is kept in SQLite or in PostgreSQL")
        error.add_note("name the path of a SQLite file, or a URL that begins with `sqlite://` or `postgresql://`")
        raise error
    return url


def engine_of(url: URL, deadline: float, kind: Kind, settings: str = "") -> Engine:
    """Give an engine whose transactions are begun and ended in so many words, and that waits no longer than the deadline.

    `settings` are options for PostgreSQL's server; they hold against what the URL says.
    """
    if url.get_backend_name() == _SQLITE:
        arguments: dict[str, Any] = {"timeout": deadline, "check_same_thread": False}
    else:
        milliseconds = int(deadline * 1000)
        limits = f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds} {settings}"
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
        missing = kind.error(f"a {kind.name} in PostgreSQL needs an extra")
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


def sliced(values: Collection[str]) -> Iterator[list[str]]:
    """Yield values in as many at once as every database takes parameters."""
    listed = list(values)
    return (listed[start : start + _AT_ONCE] for start in range(0, len(listed), _AT_ONCE))


def shares_files(engine: Engine) -> bool:
    """Tell whether a child process would inherit what is open: SQLite takes the locks of its parent for its own then."""
    return engine.dialect.name == _SQLITE


def holds(database: str | Path | URL, tables: Tables, deadline: float) -> bool:
    """Tell whether a database holds such tables, and leave it as it is; raise the store's error where it cannot be read."""
    url = url_of(database, tables.kind)
    if url.get_backend_name() == _SQLITE:
        # Connecting to a SQLite file makes one, or changes one that is somebody else's: look without connecting first.
        return _file_holds(Path(url.database or ""), tables)
    with Telling(tables.kind):
        engine = engine_of(url, deadline, tables.kind)
        try:
            with engine.connect() as connection:
                found = tables.version_in(connection)
        finally:
            engine.dispose()
    return found is not None


def _file_holds(path: Path, tables: Tables) -> bool:
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = ?", (tables.versions_table,)).fetchone()
    except sqlite3.Error as error:
        raise tables.kind.error(f"the {tables.kind.name} cannot be read or written ({type(error).__name__})") from None
    return bool(found[0])


def _prepared(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
