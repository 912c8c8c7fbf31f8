"""Which decisions are alike, and how many of them were made in a window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import inf
from typing import Final

from purposegate.engine.use import Standing
from purposegate.policy.terms import Role
from purposegate.trail.ids import IDS
from purposegate.trail.record import Asked, Mode, Record

# Data category, purpose, recipient, asked, digest of the policy, clauses, channel.
Kind = tuple[str, str, str, Asked, str, tuple[str, ...], str | None]
_NOTHING: Final = (None,) * 6


def kind_of(record: Record) -> Kind | None:
    """Give what a record has in common with those that are alike; None for one that is counted with no others.

    What is counted are permitted uses by the controller that were enforced, and that nothing was looked up for.
    """
    decision = record.decision
    if not (
        record.role is Role.CONTROLLER
        and decision.permitted
        and record.mode is Mode.ENFORCED
        and decision.standing is Standing.NOT_CONSULTED
        and not (record.shown or record.hit or record.registered or record.provision or record.count > 1)
        and (record.claim, record.position, record.release, record.justification, record.since, decision.unaccepted) == _NOTHING
    ):
        return None
    names = (decision.data_category, decision.purpose, decision.recipient)
    return (*names, record.asked, decision.policy.digest, decision.clauses, record.channel)


@dataclass(slots=True, eq=False, weakref_slot=True)
class Tally:
    """How many decisions of one kind were made in a window, and when.

    The window is open until `ends`, in seconds of the monotonic clock; it began at `tick` of it, which was `began`. `first` and
    `last` are of what was counted as a record, the ticks of what was counted without one.
    """

    like: Record
    ends: float = -inf
    tick: float = 0.0
    began: datetime | None = None
    count: int = 0
    first: datetime | None = None
    last: datetime | None = None
    first_tick: float | None = None
    last_tick: float = 0.0

    def open(self, ends: float, tick: float, began: datetime) -> None:
        """Begin to count."""
        self.first = self.last = self.first_tick = None
        self.ends, self.tick, self.began = ends, tick, began

    def add(self, at: datetime) -> None:
        """Count a record of an instant."""
        self.first = at if self.first is None else min(self.first, at)
        self.last = at if self.last is None else max(self.last, at)
        self.count += 1

    def summed(self) -> Record:
        """Give the record of what was counted, which is at least one decision."""
        times = [each for each in (self.first, self.last) if each is not None]
        if self.first_tick is not None and self.began is not None:
            times += [self.began + timedelta(seconds=tick - self.tick) for tick in (self.first_tick, self.last_tick)]
        at, since = max(times), min(times)
        return replace(self.like, id=IDS.next(), at=at, since=since, count=self.count, subject=None, trace_id=None)

    def forget(self) -> None:
        """End the window with nothing counted."""
        self.ends, self.count = -inf, 0
