"""Several uses that are released together: a guard of several categories, a record with several fields."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from typing import TypeVar

from purposegate.engine.decision import Decision
from purposegate.engine.use import Use
from purposegate.gate.procedure import Procedure, Weighed
from purposegate.gate.snapshot import Snapshot
from purposegate.trail.record import Asked

_T = TypeVar("_T")


class Releasing:
    """The uses of one release: one snapshot judges them all, at one instant, and they are recorded together or not at all."""

    __slots__ = ("_at", "_decisions", "_procedure", "_refuse", "_weighed", "snapshot")

    def __init__(
        self, procedure: Procedure, snapshot: Snapshot, at: datetime, refuse: Callable[[Decision, datetime], Decision]
    ) -> None:
        """Take the stores, the snapshot and the instant; `refuse` raises on a denial, except while observing."""
        self.snapshot = snapshot
        self._procedure = procedure
        self._at = at
        self._refuse = refuse
        self._decisions: dict[Use, Decision] = {}
        self._weighed: list[Weighed] = []

    def kept(self, key: Hashable, judged: Callable[[], _T]) -> _T:
        """Give what was worked out of decisions that stay the same until the policy changes, or work it out."""
        known: _T | None = self.snapshot.derived.get(key)
        if known is None:
            known = judged()
            if not self._weighed and not self._procedure.observed(self._at) and all(map(self._is_settled, self._decisions)):
                self.snapshot.derive(key, known)
        return known

    def _is_settled(self, use: Use) -> bool:
        return (use.data_category, use.purpose, use.recipient) in self.snapshot.settled and use.channel is None

    def judge(self, use: Use) -> Decision:
        """Decide one use, once however often it is asked; nothing is recorded yet."""
        decision = self._decisions.get(use)
        if decision is None:
            decision, weighed = self.snapshot.judge(self._procedure, use, self._at)
            self._decisions[use] = decision
            if weighed is not None:
                self._weighed.append(weighed)
                self._at = max(self._at, weighed.at)  # where the ledger is further on, so is what is only observed
        return decision

    def passes(self, use: Use) -> bool:
        """Tell whether the data of one use may go out: permitted, or only observed."""
        return self.judge(use).permitted or self._procedure.observed(self._at)

    def release_all(self, uses: Iterable[Use] = ()) -> None:
        """Release every use or none: raise `PurposeViolation` for the first that is denied."""
        for use in uses:
            self.judge(use)
        denied = [decision for decision in self._decisions.values() if not decision.permitted]
        self._record(only_denials=bool(denied) and not self._procedure.observed(self._at))
        for decision in denied:
            self._refuse(decision, self._at)

    def release_permitted(self, *, only_denials: bool = False) -> None:
        """Release what is permitted of the uses that were judged; of the others it is recorded that they were denied."""
        self._record(only_denials=only_denials)

    def ask(self) -> None:
        """Release nothing: they were questions."""
        self._procedure.record(self._weighed, Asked.QUESTION, self._at)

    def _record(self, *, only_denials: bool) -> None:
        recorded = [weighed for weighed in self._weighed if not (only_denials and weighed.decision.permitted)]
        self._procedure.record(recorded, Asked.RELEASE, self._at)
