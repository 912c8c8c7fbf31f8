"""The tables of a trail. Instants are nanoseconds since 1970, in every database."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text

from purposegate.errors import TrailError
from purposegate.stores.kind import Kind
from purposegate.stores.sql.tables import Tables


class LostError(TrailError):
    """The connection was lost: what was being kept may have been, or not."""


TRAIL: Final = Kind("trail", TrailError, LostError)
METADATA: Final = MetaData()
TABLES: Final = Tables(
    TRAIL,
    METADATA,
    version="0001",
    versions_table="purposegate_trail_version",
    migrations=Path(__file__).with_name("migrations"),
    to_make="make one with `purposegate trail init`",
    to_migrate="run `purposegate trail migrate`",
)
_NUMBER: Final = BigInteger().with_variant(Integer, "sqlite")

# One row: the last place in the order of the trail, and the digest of the record there. Whoever writes holds it.
STATE: Final = Table(
    "purposegate_trail_state",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("position", _NUMBER, nullable=False),
    Column("sha256", Text, nullable=False),
)

# Who was allowed what, and why. Rows are added, never changed.
RECORDS: Final = Table(
    "purposegate_trail",
    METADATA,
    Column("position", _NUMBER, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("at", _NUMBER, nullable=False),
    Column("since", _NUMBER),
    Column("asked", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("data_category", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("subject", Text),
    Column("policy_digest", Text, nullable=False),
    Column("provision", Integer, nullable=False),
    Column("count", _NUMBER, nullable=False),
    Column("body", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Index("purposegate_trail_at", "at"),
    Index("purposegate_trail_subject", "subject", "position"),
    Index("purposegate_trail_recipient", "recipient", "position"),
    Index("purposegate_trail_reason", "reason", "position"),
)
