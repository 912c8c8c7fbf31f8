"""A ledger in a database (extra `sql`): SQLite for one machine, PostgreSQL for a fleet."""

from purposegate.ledger.sql.connecting import is_there
from purposegate.ledger.sql.ledger import SqlLedger

__all__ = ["SqlLedger", "is_there"]
