"""What is asked of the tables of a ledger, made once (to make a statement takes longer than to run it), and what rows say."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import BindParameter, CompoundSelect, Connection, bindparam, func, insert, literal, null, select, union_all, update

from purposegate.errors import LedgerError
from purposegate.ledger.encoding import read, texts, utc_text, utc_time
from purposegate.ledger.records import Kept, Release
from purposegate.ledger.sql.schema import ENTRIES, RELEASES, STATE

# Rows of entries: place, time, kind and body.
Rows = tuple[tuple[Any, ...], ...]
# The last place and time.
State = tuple[int, str]

_TOPICS: Final[BindParameter[Any]] = bindparam("topics", expanding=True)
_AS_OF: Final[BindParameter[Any]] = bindparam("as_of")
ENTRY: Final = select(ENTRIES.c.position, ENTRIES.c.recorded, ENTRIES.c.kind, ENTRIES.c.body)
ABOUT: Final = ENTRY.where(ENTRIES.c.topic.in_(_TOPICS))
_OF_CLAIMS: Final = "spent"  # and no check of a key
_STATE: Final = select(STATE.c.position, STATE.c.recorded, STATE.c.key_check, null()).where(STATE.c.id == 1)
_SPENT: Final = select(func.count(), literal(""), literal(_OF_CLAIMS), null()).where(RELEASES.c.claim == bindparam("claim"))


def _reading(*, claim: bool, by: type) -> CompoundSelect[Any]:
    about, spent = ABOUT, _SPENT
    if by is int:
        about, spent = about.where(ENTRIES.c.position <= _AS_OF), spent.where(RELEASES.c.position <= _AS_OF)
    elif by is str:
        about, spent = about.where(ENTRIES.c.recorded <= _AS_OF), spent.where(RELEASES.c.recorded <= _AS_OF)
    return union_all(_STATE, about, *([spent] if claim else []))


# The one SELECT of a decision, by whether it names a claim and as of when it is asked: now, a place, or a time as text.
READING: Final = {(claim, by): _reading(claim=claim, by=by) for claim in (False, True) for by in (type(None), int, str)}

# What a writer does. Whoever has locked the state is the only writer until it commits.
LOCKING: Final = select(STATE.c.position, STATE.c.recorded, STATE.c.key_check).where(STATE.c.id == 1).with_for_update()
MOVING: Final = update(STATE).where(STATE.c.id == 1).values(position=bindparam("at_position"), recorded=bindparam("at_time"))
APPENDING: Final = insert(ENTRIES)
KNOWN: Final = select(RELEASES).where(RELEASES.c.id.in_(bindparam("ids", expanding=True)))
KEEPING: Final = insert(RELEASES)
SPENDING: Final = (
    select(RELEASES.c.claim, func.count())
    .where(RELEASES.c.claim.in_(bindparam("claims", expanding=True)))
    .group_by(RELEASES.c.claim)
)


def sorted_out(rows: Sequence[Any], key_check: str | None) -> tuple[State, int, Rows]:
    """Give of the rows of a decision the last place and time, how often a claim was used, and the entries in their order.

    `key_check` is that of the key which people's ids were asked for under; raise `LedgerError` where they are kept under another.
    """
    state: State | None = None
    spent, about = 0, []
    for row in rows:
        if row[3] is not None:  # every entry has a body
            about.append(tuple(row))
        elif row[2] == _OF_CLAIMS:
            spent = row[0]
        else:
            state = (row[0], row[1])
            demand_key(row[2], key_check)
    if state is None:
        raise LedgerError("the ledger has lost its place")
    return state, spent, tuple(sorted(about))


def key_check_of(connection: Connection) -> tuple[int, str | None]:
    """Give the last place of a ledger, and what tells whether a key for the ids of people is the one that it was made with."""
    row = connection.execute(select(STATE.c.position, STATE.c.key_check).where(STATE.c.id == 1)).one()
    return row[0], row[1]


def demand_key(kept_under: str | None, asked_under: str | None) -> None:
    """Raise `LedgerError` where people are kept under another key than they are asked for under: nobody would be found."""
    if kept_under != asked_under:
        raise LedgerError("people are kept under another key for their ids in this ledger, or under none")


def kept(position: int, recorded: str, kind: str, body: str) -> Kept:
    """Read a row of an entry; raise where it is none."""
    return Kept(position, utc_time(recorded), read(kind, body))


def release_row(release: Release) -> dict[str, Any]:
    """Write a release as a row, but for its place and time."""
    return {
        "id": release.id,
        "at": utc_text(release.at),
        "subject": release.subject,
        "recipient": release.recipient,
        "data_category": release.data_category,
        "purpose": release.purpose,
        "channel": release.channel,
        "clauses": json.dumps(release.clauses),
        "claim": release.claim,
        "exempt": release.exempt,
    }


def release_of(row: Mapping[Any, Any]) -> Release:
    """Read a row of a release; raise where it is none."""
    return Release(
        id=row["id"],
        at=utc_time(row["at"]),
        data_category=row["data_category"],
        purpose=row["purpose"],
        recipient=row["recipient"],
        subject=row["subject"],
        channel=row["channel"],
        clauses=texts(json.loads(row["clauses"])),
        claim=row["claim"],
        exempt=row["exempt"],
    )
