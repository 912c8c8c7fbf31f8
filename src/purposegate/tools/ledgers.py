"""Opens the ledgers that are there, and makes one only where that is asked for: a path misspelt is no new, empty ledger."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from purposegate.errors import LedgerError
from purposegate.ledger.sql import SqlLedger
from purposegate.ledger.sql.schema import VERSION, VERSIONS_TABLE

# What would be gone with the command.
_IN_MEMORY: Final = frozenset({None, "", ":memory:"})
_KINDS: Final = frozenset({"sqlite", "postgresql", "postgres"})


def opened(database: str, subject_key: bytes | None = None) -> SqlLedger:
    """Open a ledger that is there; raise `LedgerError` where there is none, and leave the database as it is."""
    return _ExistingLedger(_known(database), subject_key=subject_key)


def made(database: str) -> bool:
    """Make a ledger where there is none; tell whether there was none. Raise `LedgerError` where that fails."""
    try:
        opened(database).close()
    except _NoLedgerError:
        SqlLedger(database).close()
        return True
    return False


def migrated(database: str) -> str:
    """Bring the tables of a ledger to the version that this code reads, and give it; raise `LedgerError` where that fails."""
    from alembic.util import CommandError  # noqa: PLC0415 - Alembic takes as long to import as all the rest

    with closing(_LedgerOfAnyVersion(_known(database))) as ledger:
        try:
            ledger.migrate()
        except CommandError:
            error = LedgerError("the tables of the ledger are of a version that this code does not know")
            error.add_note("install the version of purposegate that made them")
            raise error from None
    return VERSION


class _NoLedgerError(LedgerError):
    """There is no ledger in a database."""


class _ExistingLedger(SqlLedger):
    """A ledger that was there before it was opened."""

    def _prepare(self) -> None:
        self._demand()
        super()._prepare()

    def _demand(self) -> None:
        if not self._is_there():
            error = _NoLedgerError("there is no ledger in that database")
            error.add_note("make one with `purposegate ledger init`")
            raise error

    def _is_there(self) -> bool:
        url = self.engine.url
        if url.get_backend_name() == "sqlite":
            # Connecting to a SQLite file makes one, or changes one that is somebody else's: look without connecting first.
            return _holds_a_ledger(Path(url.database or ""))
        with self._connected() as connection:
            return inspect(connection).has_table(VERSIONS_TABLE)


class _LedgerOfAnyVersion(_ExistingLedger):
    """A ledger whose tables may be older than this code: it can be migrated, and nothing else."""

    def _prepare(self) -> None:
        self._demand()


def _known(database: str) -> str:
    """Give a database back where a ledger can be kept in one of its kind."""
    try:
        url = make_url(database if "://" in database else f"sqlite:///{database}")
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() not in _KINDS or url.database in _IN_MEMORY:
        error = LedgerError("a ledger is kept in SQLite or in PostgreSQL")
        error.add_note("name the path of a SQLite file, or a URL that begins with `sqlite://` or `postgresql://`")
        raise error
    return database


def _holds_a_ledger(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = ?", (VERSIONS_TABLE,)).fetchone()
    except sqlite3.Error as error:
        raise LedgerError(f"the ledger cannot be read or written ({type(error).__name__})") from None
    return bool(found[0])
