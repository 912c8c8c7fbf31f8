"""Which past decisions another policy would have decided otherwise: every verdict is the judge's, on what was known then.

What was known stands in the record: the conditions that were shown, the objections that hit, whether the recipient was registered.
A condition that the policy of then did not ask for could not be shown, and is told of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from purposegate.engine.decision import Decision, Reason
from purposegate.engine.judge import Engine
from purposegate.engine.use import Context, Use
from purposegate.policy.terms import NOT_A_NAME
from purposegate.trail.lines import UNREADABLE, instant, record_of
from purposegate.trail.reading import Fields, Readable
from purposegate.trail.record import Record

_KEPT: Final = 65_536
_NONE: Final[Fields] = {}


class Change(StrEnum):
    """What another policy makes of a decision: permitted now, denied now, the same for another reason, or the same."""

    WIDENED = "widened"
    NARROWED = "narrowed"
    OTHERWISE = "otherwise"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Case:
    """Decisions that are alike: the same names, decided for the same reason by the same clauses, then and now.

    `recipient` is a class. `unmet` are the conditions that are lacking now, and `unasked` those of them that nobody could have
    shown then, since the policy did not ask for them; where that policy is not at hand, those that the records do not speak of.
    """

    change: Change
    data_category: str
    purpose: str
    recipient: str
    was: Reason
    was_by: tuple[str, ...]
    now: Reason
    now_by: tuple[str, ...]
    unmet: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Witness:
    """How many decisions of a case there were, between which instants, and the id of the record of one of them."""

    case: Case
    decisions: int
    first: datetime
    last: datetime
    record: str


@dataclass(frozen=True, slots=True)
class Replay:
    """How many decisions were replayed, how many changed how, and a witness of every case that changed: the most frequent first."""

    decisions: int
    changes: Mapping[Change, int]
    witnesses: tuple[Witness, ...]
    unreadable: int


def question(record: Record, at: datetime) -> tuple[Use, Context]:
    """Give what the judge was asked, and what was known of it, to be asked again as of an instant."""
    decision = record.decision
    # What was passed for a channel that the policy did not know is not in the record.
    unknown = decision.reason is Reason.UNKNOWN_CHANNEL and record.channel is None
    use = Use(
        decision.data_category,
        decision.purpose,
        decision.recipient,
        subject=record.subject,
        channel=NOT_A_NAME if unknown else record.channel,
        claim=record.claim,
    )
    shown = frozenset(each.condition for each in record.shown)
    return use, Context(at, shown, frozenset(record.hit), decision.standing, record.registered)


def replay(reading: Readable, engine: Engine, at: datetime, *, under: Mapping[str, Engine] | None = None) -> Replay:
    """Decide what a reading of a trail gives again, by another policy that is in force at an instant.

    `under` are the policies of then by their digests, so far as they are at hand. Raises `TrailError` where the trail cannot be
    read.
    """
    known = _Known(engine, at, {} if under is None else under)
    unreadable = 0
    for found in reading.fields():
        try:
            count, first = found.get("count", 1), found.get("since", found["at"])
            if type(count) is not int or count < 1 or type(first) is not int or type(found["id"]) is not str:
                raise TypeError
            seen = known.seen(found)
        except UNREADABLE:
            unreadable += 1
        else:
            seen.add(found["id"], first, found["at"], count)
    changes = dict.fromkeys(Change, 0)
    for each in known.cases.values():
        changes[each.case.change] += each.decisions
    changed = [each for each in known.cases.values() if each.case.change is not Change.SAME]
    witnesses = sorted((each.witness() for each in changed), key=_order)
    return Replay(sum(changes.values()), changes, tuple(witnesses), unreadable + reading.unreadable)


class _Seen:
    """The decisions of a case that were seen so far."""

    __slots__ = ("case", "decisions", "first", "last", "record")

    def __init__(self, case: Case) -> None:
        self.case = case
        self.decisions = 0
        self.first, self.last, self.record = 10**20, 0, ""

    def add(self, record: str, first: int, last: int, count: int) -> None:
        self.decisions += count
        if first < self.first:
            self.first, self.record = first, record
        self.last = max(self.last, last)

    def witness(self) -> Witness:
        return Witness(self.case, self.decisions, instant(self.first), instant(self.last), self.record)


class _Known:
    """The cases so far, and which of them records belong to that say the same but for their time and person."""

    def __init__(self, engine: Engine, at: datetime, under: Mapping[str, Engine]) -> None:
        self.engine = engine
        self.at = at
        self.under = under
        self.cases: dict[Case, _Seen] = {}
        self._kept: dict[tuple[object, ...], _Seen] = {}

    def seen(self, found: Fields) -> _Seen:
        """Give the case of a record; raise what reading one raises."""
        get = found.get
        key = (
            found["data_category"],
            found["purpose"],
            found["recipient"],
            found["reason"],
            *found["clauses"],
            found["standing"],
            found["policy"]["digest"],
            get("channel"),
            "subject" in found,
            tuple(name for names in get("shown", _NONE).values() for name in names),
            tuple(get("hit", ())),
            tuple(get("unmet", ())),
            get("registered"),
        )
        seen = self._kept.get(key)
        if seen is None:
            case = self._case(record_of(found))
            seen = self.cases.setdefault(case, _Seen(case))
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[key] = seen
        return seen

    def _case(self, record: Record) -> Case:
        was = record.decision
        use, context = question(record, self.at)
        now = self.engine.decide(use, context)
        old = self.under.get(was.policy.digest)
        asked = old.conditions(use) if old is not None else context.shown | set(was.unmet)
        unasked = tuple(name for name in now.unmet if name not in asked)
        named = (was.data_category, was.purpose, was.recipient.partition("/")[0])
        return Case(_change(was, now), *named, was.reason, was.clauses, now.reason, now.clauses, now.unmet, unasked)


def _change(was: Decision, now: Decision) -> Change:
    if was.permitted != now.permitted:
        return Change.WIDENED if now.permitted else Change.NARROWED
    return Change.SAME if (was.reason, was.clauses) == (now.reason, now.clauses) else Change.OTHERWISE


def _order(witness: Witness) -> tuple[object, ...]:
    case = witness.case
    names = (case.data_category, case.purpose, case.recipient)
    return (list(Change).index(case.change), -witness.decisions, *names, case.was, case.now)
