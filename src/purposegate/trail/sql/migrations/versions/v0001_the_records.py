"""The records, and the place and digest of the last of them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    state = op.create_table(
        "purposegate_trail_state",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("position", _NUMBER, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
    )
    op.bulk_insert(state, [{"id": 1, "position": 0, "sha256": "0" * 64}])
    op.create_table(
        "purposegate_trail",
        sa.Column("position", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("at", _NUMBER, nullable=False),
        sa.Column("since", _NUMBER),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("asked", "mode", "data_category", "purpose", "recipient", "reason")
        ),
        sa.Column("subject", sa.Text),
        sa.Column("policy_digest", sa.Text, nullable=False),
        sa.Column("provision", sa.Integer, nullable=False),
        sa.Column("count", _NUMBER, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
    )
    op.create_index("purposegate_trail_at", "purposegate_trail", ["at"])
    for name in ("subject", "recipient", "reason"):
        op.create_index(f"purposegate_trail_{name}", "purposegate_trail", [name, "position"])
