"""One policy in force, with what was settled under it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from purposegate.engine.decision import Decision, Reason
from purposegate.engine.revisions import Revisions
from purposegate.engine.use import Use
from purposegate.gate.procedure import Procedure, Weighed, Worked, plain
from purposegate.gate.settled import Settled, Triple

if TYPE_CHECKING:
    from purposegate.gate.bound import BoundGate

# What records a use like those that were permitted before, for the person who is passed, and what was decided over it.
Alike = tuple[Callable[[str | None], None], Decision]

_DERIVED_LIMIT: Final = 4096
_NEVER_SETTLED: Final = frozenset(
    {
        Reason.NOT_IN_FORCE,
        Reason.UNKNOWN_CATEGORY,
        Reason.UNKNOWN_PURPOSE,
        Reason.UNKNOWN_RECIPIENT,
        Reason.UNKNOWN_CHANNEL,
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """One policy with its revisions, and what was settled under it. A decision is made by one snapshot from beginning to end.

    `settled` is the table of `kept`. What is settled and has to be recorded all the same is in `weighed`, and where there is a
    quick way to record it in `alike`, whose table is `trailed`.
    `permitted` holds what each bound gate has been permitted under this policy, in a table of its own. `mark` stands for the
    snapshot where somebody remembers that it permits something, without keeping the policy in memory.
    """

    revisions: Revisions
    kept: Settled[Decision]
    settled: dict[Triple, Decision]
    weighed: Settled[Weighed]
    alike: Settled[Alike]
    trailed: dict[Triple, Alike]
    permitted: MutableMapping[BoundGate, dict[str, Decision]] = field(default_factory=WeakKeyDictionary)
    mark: object = field(default_factory=object)
    # What follows from settled decisions alone, by whatever its reader calls it.
    derived: dict[Hashable, Any] = field(default_factory=dict)
    worked: Worked = field(default_factory=Worked)

    @classmethod
    def of(cls, revisions: Revisions) -> Snapshot:
        """Begin with nothing settled."""
        kept, weighed, alike = Settled[Decision](), Settled[Weighed](), Settled[Alike]()
        return cls(revisions, kept, kept.table, weighed, alike, alike.table)

    def derive(self, key: Hashable, value: object) -> None:
        """Keep what follows from settled decisions; of too many, none."""
        if len(self.derived) >= _DERIVED_LIMIT:
            self.derived.clear()
        self.derived[key] = value

    def judge(self, procedure: Procedure, use: Use, at: datetime) -> tuple[Decision, Weighed | None]:
        """Decide a use; with what is still to be recorded, or None where nothing is."""
        use = plain(use)
        triple = (use.data_category, use.purpose, use.recipient)
        if use.channel is None:
            settled = self.settled.get(triple)
            if settled is not None:
                return settled, None
            known = self.weighed.table.get(triple)
            if known is not None:
                return known.decision, known._replace(use=use, at=at)
        weighed = procedure.weigh(self.revisions, use, at, self.worked)
        decision = weighed.decision
        if weighed.settled and use.channel is None and decision.reason not in _NEVER_SETTLED:
            if procedure.keeps_nothing:
                self.kept.keep(triple, decision)
            else:
                self.weighed.keep(triple, weighed)
        return decision, None if procedure.keeps_nothing else weighed
