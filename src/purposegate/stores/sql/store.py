"""A store in a database: what is connected, whose turn it is to write, how long it may take, and what becomes of it over a fork."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from weakref import WeakSet

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL

from purposegate.stores.deadlines import Deadlines, Within
from purposegate.stores.sql.connecting import Telling, cut, engine_of, holds, shares_files, transaction, unchained, url_of
from purposegate.stores.sql.tables import Tables
from purposegate.stores.turns import Pausing, Turns

_log = logging.getLogger("purposegate")

_PATIENCE: Final = 60.0  # seconds that making or migrating the tables may take


class SqlStore:
    """What every store in a database is: safe to share between threads and processes, also over a fork.

    An operation that takes longer than the deadline, in seconds, is cut off and raises the store's error; so does whatever the
    database raises, without its text. The next one tries anew.
    """

    engine: Engine

    def _open(self, database: str | Path | URL, tables: Tables, *, deadline: float, create: bool, settings: str = "") -> None:
        """Open a store by its URL or by the path of a SQLite file; with `create`, make its tables where there are none.

        Raises the store's error where the database cannot be used, or its tables are of another version.
        """
        url = url_of(database, tables.kind)
        if not create and not holds(url, tables, deadline):
            raise tables.missing()
        self._tables = tables
        self._telling = Telling(tables.kind)
        self._deadlines = Deadlines(deadline, cut, tables.kind)
        self._turn = Turns()
        self._pausing = Pausing()
        with self._telling:
            self.engine = engine_of(url, deadline, tables.kind, settings)
            try:
                self._prepare()
            except BaseException:
                self.close()
                raise
        _stores.add(self)

    def close(self) -> None:
        """Close what is connected; the store opens again when it is used."""
        self._deadlines.stop()
        self.engine.dispose()

    @contextmanager
    def _connected(self, deadlines: Deadlines[Connection] | None = None) -> Iterator[tuple[Connection, Within[Connection]]]:
        deadlines = self._deadlines if deadlines is None else deadlines
        with self._pausing, self.engine.connect() as connection, deadlines.within(connection) as within:
            yield connection, within

    @contextmanager
    def _writer(self) -> Iterator[Connection]:
        """Give a connection in a transaction of its own, which is committed at the end, or none of it."""
        with self._my_turn(), self._telling, self._connected() as (connection, within), transaction(connection, within.demand):
            yield connection

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        """Wait for the other writers of this process, and no longer than the deadline."""
        if not self._turn.take(self._deadlines.seconds):
            raise self._tables.kind.too_slow()
        try:
            yield
        finally:
            self._turn.give_back()

    def _prepare(self) -> None:
        """Make the tables where there are none; refuse those of another version."""
        with self._connected() as (connection, _):
            found = self._tables.version_in(connection)
        if found is None:
            self._migrate()
        elif found != self._tables.version:
            raise self._tables.outdated(found)

    def _migrate(self) -> None:
        from purposegate.stores.sql.migrating import migrate  # noqa: PLC0415 - Alembic takes as long to import as all the rest

        # Nobody waits for it but whoever opens the store: it is given more time than what a use waits for.
        patient = Deadlines(max(_PATIENCE, self._deadlines.seconds), cut, self._tables.kind)
        try:
            with self._telling, self._connected(patient) as (connection, within), transaction(connection, within.demand):
                migrate(self._tables, connection)
        finally:
            patient.stop()

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
        self._deadlines.begin_again()


@unchained
def migrated(database: str | Path | URL, tables: Tables, deadline: float) -> str:
    """Bring the tables of a store to the version that this code reads and writes, and give it.

    Raises the store's error where there is none, or one of a version that this code does not know.
    """
    store = _StoreOfAnyVersion(database, tables, deadline)
    try:
        store._migrate()  # noqa: SLF001 - a store of its own class
    finally:
        store.close()
    return tables.version


class _StoreOfAnyVersion(SqlStore):
    """A store whose tables may be older than this code: it can be migrated, and nothing else."""

    def __init__(self, database: str | Path | URL, tables: Tables, deadline: float) -> None:
        self._open(database, tables, deadline=deadline, create=False)

    def _prepare(self) -> None:
        pass


# Every store there is, to be put in order around a fork.
_stores: WeakSet[SqlStore] = WeakSet()


def _before_fork() -> None:
    for store in list(_stores):
        store._pause()  # noqa: SLF001 - a store's own business


def _after_fork_in_parent() -> None:
    for store in list(_stores):
        store._go_on()  # noqa: SLF001 - as above


def _after_fork() -> None:
    for store in list(_stores):
        try:
            store._begin_again()  # noqa: SLF001 - as above
        except Exception as error:  # noqa: BLE001 - one store that cannot go on must not keep the others from it
            kind = store._tables.kind  # noqa: SLF001 - as above
            _log.error("a %s does not go on in this process: %s", kind.name, type(error).__name__)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork)
