"""Run by Alembic, on the connection that it is handed."""

from alembic import context

from purposegate.ledger.sql.schema import METADATA, VERSIONS_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSIONS_TABLE,
    transaction_per_migration=False,
)
context.run_migrations()
