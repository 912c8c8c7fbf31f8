"""A trail in a database (extra `sql`): SQLite for one machine, PostgreSQL for a fleet."""

from purposegate.trail.sql.chain import Fault, Head
from purposegate.trail.sql.sink import SqlSink, is_there

__all__ = ["Fault", "Head", "SqlSink", "is_there"]
