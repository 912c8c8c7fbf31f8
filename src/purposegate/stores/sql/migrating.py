"""Brings the tables of a store to the version that this code reads and writes, with Alembic."""

from __future__ import annotations

from threading import Lock

from alembic import command, context
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, text

from purposegate.stores.sql.tables import Tables

# Alembic keeps the connection that it migrates where a second thread would find it.
_ALONE = Lock()


def configuration(tables: Tables, connection: Connection) -> Config:
    """Give Alembic's configuration for the tables of a store on a connection."""
    config = Config()
    config.set_main_option("script_location", str(tables.migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=connection, tables=tables)
    return config


def migrate(tables: Tables, connection: Connection) -> None:
    """Run the migrations that the database has not seen; the transaction is the caller's."""
    if connection.dialect.name == "postgresql":  # SQLite lets only one begin to write
        lock = text("SELECT pg_advisory_xact_lock(hashtext(:name))")
        connection.execute(lock, {"name": f"purposegate_{tables.kind.name}"})
    with _ALONE:
        try:
            command.upgrade(configuration(tables, connection), "head")
        except CommandError:
            pass  # told below, without what Alembic says of it
        else:
            return
    unknown = tables.kind.error(f"the tables of the {tables.kind.name} are of a version that this code does not know")
    unknown.add_note("install the version of purposegate that made them")
    raise unknown


def run() -> None:
    """Run what Alembic was asked for, on the connection that it was handed: this is what a folder of migrations has it do."""
    tables: Tables = context.config.attributes["tables"]
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=tables.metadata,
        version_table=tables.versions_table,
        transaction_per_migration=False,
    )
    context.run_migrations()
