"""The journal of entries, the releases, and the place and time of the last thing recorded."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_POSITION = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    state = op.create_table(
        "purposegate_ledger_state",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("position", _POSITION, nullable=False),
        sa.Column("recorded", sa.Text, nullable=False),
        sa.Column("key_check", sa.Text),
    )
    op.bulk_insert(state, [{"id": 1, "position": 0, "recorded": "0001-01-01T00:00:00.000000+00:00"}])
    op.create_table(
        "purposegate_ledger_entries",
        sa.Column("position", _POSITION, primary_key=True, autoincrement=False),
        sa.Column("recorded", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("purposegate_ledger_entries_topic", "purposegate_ledger_entries", ["topic", "position"])
    op.create_index("purposegate_ledger_entries_kind", "purposegate_ledger_entries", ["kind", "position"])
    op.create_table(
        "purposegate_ledger_releases",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("position", _POSITION, nullable=False, unique=True),
        sa.Column("recorded", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("data_category", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("channel", sa.Text),
        sa.Column("clauses", sa.Text, nullable=False),
        sa.Column("claim", sa.Text),
        sa.Column("exempt", sa.Text),
    )
    op.create_index("purposegate_ledger_releases_subject", "purposegate_ledger_releases", ["subject", "recipient"])
    op.create_index("purposegate_ledger_releases_recipient", "purposegate_ledger_releases", ["recipient"])
    op.create_index("purposegate_ledger_releases_claim", "purposegate_ledger_releases", ["claim"])
