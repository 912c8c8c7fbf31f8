"""The tables of a ledger. Times are text in UTC with their zone, `2026-01-15T12:00:00.000000+00:00`, in every database."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text

from purposegate.ledger.keeping import LEDGER
from purposegate.stores.sql.tables import Tables

METADATA: Final = MetaData()
TABLES: Final = Tables(
    LEDGER,
    METADATA,
    version="0001",
    versions_table="purposegate_ledger_version",
    migrations=Path(__file__).with_name("migrations"),
    to_make="make one with `purposegate ledger init`",
    to_migrate="run `purposegate ledger migrate`",
)
_POSITION: Final = BigInteger().with_variant(Integer, "sqlite")

# One row: the last place in the order of the ledger, and the time of what was recorded there. Whoever writes holds it. `key_check`
# tells, without the key, whether a key for the ids of people is the one that they are kept under.
STATE: Final = Table(
    "purposegate_ledger_state",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("position", _POSITION, nullable=False),
    Column("recorded", Text, nullable=False),
    Column("key_check", Text),
)

# What was stated of people, recipients and claims. Rows are added, never changed.
ENTRIES: Final = Table(
    "purposegate_ledger_entries",
    METADATA,
    Column("position", _POSITION, primary_key=True, autoincrement=False),
    Column("recorded", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),
    Index("purposegate_ledger_entries_topic", "topic", "position"),
    Index("purposegate_ledger_entries_kind", "kind", "position"),
)

# To whom whose data were given. Rows are added, never changed.
RELEASES: Final = Table(
    "purposegate_ledger_releases",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("position", _POSITION, nullable=False, unique=True),
    Column("recorded", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("data_category", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("channel", Text),
    Column("clauses", Text, nullable=False),
    Column("claim", Text),
    Column("exempt", Text),
    Index("purposegate_ledger_releases_subject", "subject", "recipient"),
    Index("purposegate_ledger_releases_recipient", "recipient"),
    Index("purposegate_ledger_releases_claim", "claim"),
)
