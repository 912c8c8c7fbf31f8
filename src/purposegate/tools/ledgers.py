"""Makes a ledger only where that is asked for: a path misspelt is no new, empty ledger."""

from __future__ import annotations

from purposegate.ledger.sql import SqlLedger, is_there


def opened(database: str, subject_key: bytes | None = None) -> SqlLedger:
    """Open a ledger that is there; raise `LedgerError` where there is none, and leave the database as it is."""
    return SqlLedger(database, subject_key=subject_key, create=False)


def made(database: str) -> bool:
    """Make a ledger where there is none; tell whether there was none. Raise `LedgerError` where that fails."""
    new = not is_there(database)
    if new:
        SqlLedger(database, create=True).close()
    return new


def migrated(database: str) -> str:
    """Bring the tables of a ledger to the version that this code reads, and give it; raise `LedgerError` where that fails."""
    return SqlLedger.migrate(database)
