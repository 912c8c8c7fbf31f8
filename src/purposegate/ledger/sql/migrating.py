"""Brings the tables of a ledger to the version that this code reads and writes, with Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

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
    command.upgrade(configuration(connection), "head")
