"""What is asked of the tables of a trail, made once: to make a statement takes longer than to run it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, func, insert, select, update

from purposegate.trail.sql.rows import COLUMNS
from purposegate.trail.sql.schema import RECORDS, STATE

AT_ONCE: Final = 1_000  # rows that are read together

HEAD: Final = select(STATE.c.position, STATE.c.sha256).where(STATE.c.id == 1)
# The last place that there is, and where the trail is said to end: both of one instant.
ENDS: Final = select(
    select(func.max(RECORDS.c.position)).scalar_subquery(),
    HEAD.with_only_columns(STATE.c.position).scalar_subquery(),
    HEAD.with_only_columns(STATE.c.sha256).scalar_subquery(),
)
_PAGE: Final = RECORDS.c.position.between(bindparam("first"), bindparam("last"))
ROWS: Final = (
    select(RECORDS.c.position, RECORDS.c.sha256, RECORDS.c.body, *(RECORDS.c[name] for name in COLUMNS))
    .where(_PAGE)
    .order_by(RECORDS.c.position)
    .limit(AT_ONCE)
)
BODIES: Final = ROWS.with_only_columns(RECORDS.c.position, RECORDS.c.body)
# How many records there are, and of how many characters.
SIZE: Final = select(func.count(), func.coalesce(func.sum(func.length(RECORDS.c.body)), 0)).select_from(RECORDS)

# What a writer does. Whoever has locked the state is the only writer until it commits.
LOCKING: Final = HEAD.with_for_update()
KNOWN: Final = select(RECORDS.c.id, RECORDS.c.body).where(RECORDS.c.id.in_(bindparam("ids", expanding=True)))
APPENDING: Final = insert(RECORDS)
MOVING: Final = update(STATE).where(STATE.c.id == 1).values(position=bindparam("at_position"), sha256=bindparam("at_sha256"))
