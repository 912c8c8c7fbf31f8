"""A ledger in a database (extra `sql`): SQLite for one machine, PostgreSQL for a fleet."""

from purposegate.ledger.sql.ledger import SqlLedger

__all__ = ["SqlLedger"]
