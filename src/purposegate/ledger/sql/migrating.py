"""Brings the tables of a ledger to the version that this code reads and writes, with Alembic."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, text

from purposegate.errors import LedgerError

# Alembic keeps the connection that it migrates where a second thread would find it.
_ALONE = Lock()
_FOLDER = Path(__file__).with_name("migrations")


def configuration(connection: Connection) -> Config:
    """Give Alembic's configuration for a ledger on a connection."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def migrate(connection: Connection) -> None:
    """Run the migrations that the database has not seen; the transaction is the caller's."""
    if connection.dialect.name == "postgresql":  # SQLite lets only one begin to write
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('purposegate_ledger'))"))
    with _ALONE:
        try:
            command.upgrade(configuration(connection), "head")
        except CommandError:
            pass  # told below, without what Alembic says of it
        else:
            return
    unknown = LedgerError("the tables of the ledger are of a version that this code does not know")
    unknown.add_note("install the version of purposegate that made them")
    raise unknown
