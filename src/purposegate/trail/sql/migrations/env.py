"""Run by Alembic, on the connection that it is handed."""

from purposegate.stores.sql.migrating import run

run()
