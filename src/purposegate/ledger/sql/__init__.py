"""A ledger in a database (extra `sql`): SQLite for one machine, PostgreSQL for a fleet."""

from purposegate.ledger.sql.ledger import SqlLedger, is_there

__all__ = ["SqlLedger", "is_there"]
