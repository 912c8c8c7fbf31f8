"""A record as a row: its body is a line of the trail, and beside it stands what one looks for."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from purposegate.trail.lines import UNREADABLE, line_of, nanoseconds, record_of
from purposegate.trail.record import Record

# What stands beside the body, in this order.
COLUMNS: Final = (
    "id",
    "at",
    "since",
    "asked",
    "mode",
    "data_category",
    "purpose",
    "recipient",
    "reason",
    "subject",
    "policy_digest",
    "provision",
    "count",
)
# What a database cannot keep in a text, and what tells that it is written in another way.
_UNSTORABLE: Final = re.compile("[\\\\\0\ud800-\udfff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def row_of(record: Record) -> dict[str, Any]:
    """Write a record as a row, but for its place and digest; raise where it cannot be written."""
    return columns_of(record) | {"body": line_of(record).decode("ascii").removesuffix("\n")}


def columns_of(record: Record) -> dict[str, Any]:
    """Give what stands beside the body; instants are nanoseconds since 1970, as in it."""
    decision = record.decision
    return {
        "id": storable(record.id),
        "at": nanoseconds(record.at),
        "since": None if record.since is None else nanoseconds(record.since),
        "asked": record.asked.value,
        "mode": record.mode.value,
        "data_category": storable(decision.data_category),
        "purpose": storable(decision.purpose),
        "recipient": storable(decision.recipient),
        "reason": decision.reason.value,
        "subject": None if record.subject is None else storable(record.subject),
        "policy_digest": storable(decision.policy.digest),
        "provision": int(record.provision),
        "count": record.count,
    }


def record_in(body: object) -> Record:
    """Read the record of a row; raise `ValueError` where it is none."""
    try:
        return record_of(json.loads(body) if isinstance(body, str) else {})
    except UNREADABLE:
        raise ValueError("the body is no record") from None


def storable(text: str) -> str:
    r"""Give a text as every database keeps it: NUL and lone surrogates as `\u0000`, and the backslash so too.

    No two texts that JSON tells apart are stored alike.
    """
    if not _UNSTORABLE.search(text):
        return text
    if _SURROGATE.search(text):  # two that make one character are that one, as JSON has it
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    return _UNSTORABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
