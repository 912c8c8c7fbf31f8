"""A record as a line of JSON, version 1 of its schema (docs/trail.md), and back.

The clauses are kept and not their quotes, which stand in the policy that the digest names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from purposegate.engine.decision import Citation, Decision, PolicyStamp, Reason
from purposegate.engine.use import Standing
from purposegate.errors import TrailError
from purposegate.policy.terms import Role, ShownBy
from purposegate.trail.record import Asked, Mode, Record, Shown

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# What reading a line raises that is no record, whoever wrote it.
UNREADABLE: Final = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
_MICROSECOND: Final = timedelta(microseconds=1)


def nanoseconds(at: datetime) -> int:
    """Give an instant in nanoseconds since 1970, as OpenTelemetry counts."""
    return (at - EPOCH) // _MICROSECOND * 1000


def instant(nanos: int) -> datetime:
    """Give the instant, to the microsecond, of nanoseconds since 1970; raise `OverflowError` beyond the calendar."""
    return EPOCH + nanos // 1000 * _MICROSECOND


def fields(record: Record) -> dict[str, Any]:
    """Give the fields of a record in the order of the schema, without those that are empty; the subject is the last one."""
    decision = record.decision
    found: dict[str, Any] = {
        "id": record.id,
        "at": nanoseconds(record.at),
        "asked": record.asked.value,
        "mode": record.mode.value,
        "data_category": decision.data_category,
        "purpose": decision.purpose,
        "recipient": decision.recipient,
        "role": None if record.role is None else record.role.value,
        "reason": decision.reason.value,
        "clauses": list(decision.clauses),
        "policy": {"id": decision.policy.id, "revision": decision.policy.revision, "digest": decision.policy.digest},
        "standing": decision.standing.value,
        "unmet": list(decision.unmet),
        "objections": list(decision.objections),
        "unaccepted": decision.unaccepted,
        "channel": record.channel,
        "claim": record.claim,
        "shown": _by_what(record.shown),
        "hit": list(record.hit),
        "registered": record.registered,
        "position": record.position,
        "provision": record.provision,
        "release": record.release,
        "justification": record.justification,
        "trace_id": record.trace_id,
        "count": None if record.count == 1 else record.count,
        "since": None if record.since is None else nanoseconds(record.since),
        "subject": record.subject,
    }
    # Of the decision what tells the verdict always stands there, also where no clause decided.
    return {name: value for name, value in found.items() if name == "clauses" or (value is not False and value not in _EMPTY)}


_encode: Final = json.JSONEncoder(separators=(",", ":")).encode
_EMPTY: Final[tuple[object, ...]] = (None, [], {})


def line_of(record: Record) -> bytes:
    """Write a record as one line."""
    return _encode(fields(record)).encode() + b"\n"


def lines_of(records: Iterable[Record], *, longest: int | None = None) -> bytes:
    """Write records, a line each; raise `TrailError` where one holds what no record may, or is longer than so many bytes."""
    try:
        lines = list(map(line_of, records))
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        cause = type(error).__name__
    else:
        if longest is not None and any(len(line) > longest for line in lines):
            raise too_long()
        return b"".join(lines)
    raise TrailError(f"a record cannot be written as a line ({cause})")


def too_long() -> TrailError:
    """Give what is raised where a record is longer than any that is read."""
    refused = TrailError("a record is longer than any may be")
    refused.add_note("the id of a subject, or the reason of what is declassified, is not of a length that one has")
    return refused


def record_of(found: Mapping[str, Any]) -> Record:
    """Make the record again that fields were written of; raise one of `UNREADABLE` where there is none."""
    policy = found["policy"]
    decision = Decision(
        data_category=_text(found["data_category"]),
        purpose=_text(found["purpose"]),
        recipient=_text(found["recipient"]),
        reason=Reason(found["reason"]),
        policy=PolicyStamp(_text(policy["id"]), _text(policy["revision"]), _text(policy["digest"]), ""),
        citations=tuple(Citation(_text(clause), "") for clause in found["clauses"]),
        unmet=tuple(map(_text, found.get("unmet", ()))),
        objections=tuple(map(_text, found.get("objections", ()))),
        standing=Standing(found["standing"]),
        unaccepted=found.get("unaccepted"),
    )
    return Record(
        id=_text(found["id"]),
        at=instant(found["at"]),
        decision=decision,
        asked=Asked(found["asked"]),
        mode=Mode(found["mode"]),
        role=None if found.get("role") is None else Role(found["role"]),
        subject=found.get("subject"),
        channel=found.get("channel"),
        claim=found.get("claim"),
        shown=tuple(Shown(_text(name), ShownBy(by)) for by, names in found.get("shown", {}).items() for name in names),
        hit=tuple(map(_text, found.get("hit", ()))),
        registered=found.get("registered", False),
        position=found.get("position"),
        provision=found.get("provision", False),
        release=found.get("release"),
        justification=found.get("justification"),
        trace_id=found.get("trace_id"),
        count=found.get("count", 1),
        since=None if found.get("since") is None else instant(found["since"]),
    )


def _by_what(shown: Iterable[Shown]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in shown:
        found.setdefault(each.by.value, []).append(each.condition)
    return found


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a name of a record is text")
    return value
