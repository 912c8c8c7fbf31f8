"""How often what was decided: by reason, purpose, class of recipients, clause and day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from purposegate.engine.decision import Reason
from purposegate.trail.lines import UNREADABLE, instant
from purposegate.trail.reading import Fields, Readable

_DAY: Final = 24 * 60 * 60 * 10**9
_KEPT: Final = 65_536


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of decisions, the greatest first; a record that stands for several counts as many, on the day of the last of them.

    `denied_by` counts the denials by the clauses that decided, each denial once for every clause; `days` are days of UTC, in order.
    """

    decisions: int
    permitted: int
    reasons: Mapping[str, int]
    purposes: Mapping[str, int]
    recipients: Mapping[str, int]
    denied_by: Mapping[str, int]
    days: Mapping[str, int]
    unreadable: int


class _Alike(NamedTuple):
    reason: Reason
    purpose: str
    recipient: str
    clauses: tuple[str, ...]
    day: str


def tally(reading: Readable) -> Tally:
    """Count what a reading of a trail gives; raise `TrailError` where it cannot be read."""
    counted: Counter[_Alike] = Counter()
    known: dict[tuple[object, ...], _Alike] = {}
    unreadable = 0
    for found in reading.fields():
        try:
            key = (found["reason"], found["purpose"], found["recipient"], *found["clauses"], found["at"] // _DAY)
            alike = known.get(key)
            if alike is None:
                if len(known) >= _KEPT:
                    known.clear()
                alike = known[key] = _alike(found)
            count = found.get("count", 1)
            if type(count) is not int or count < 1:
                raise TypeError
        except UNREADABLE:
            unreadable += 1
        else:
            counted[alike] += count
    return _tally(counted, unreadable + reading.unreadable)


def _alike(found: Fields) -> _Alike:
    texts = [found["purpose"], found["recipient"], *found["clauses"]]
    if not all(isinstance(each, str) for each in texts):
        raise TypeError("a name of a record is text")
    purpose, recipient, *clauses = texts
    day = f"{instant(found['at']):%Y-%m-%d}"
    return _Alike(Reason(found["reason"]), purpose, recipient.partition("/")[0], tuple(dict.fromkeys(clauses)), day)


def _tally(counted: Counter[_Alike], unreadable: int) -> Tally:
    reasons, purposes, recipients, denied_by, days = (Counter[str]() for _ in range(5))
    for alike, count in counted.items():
        reasons[alike.reason.value] += count
        purposes[alike.purpose] += count
        recipients[alike.recipient] += count
        days[alike.day] += count
        if alike.reason is not Reason.PERMITTED:
            for clause in alike.clauses:
                denied_by[clause] += count
    return Tally(
        counted.total(),
        reasons[Reason.PERMITTED.value],
        _greatest_first(reasons),
        _greatest_first(purposes),
        _greatest_first(recipients),
        _greatest_first(denied_by),
        dict(sorted(days.items())),
        unreadable,
    )


def _greatest_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(((name, count) for name, count in counts.items() if count), key=lambda item: (-item[1], item[0])))
