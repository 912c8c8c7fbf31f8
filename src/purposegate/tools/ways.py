"""The ways in which a use comes to be permitted: conditions that are enough, objections that defeat it. Worked out by the judge.

A use is permitted as soon as one of its ways is open. Showing more conditions never closes a way, and objecting never opens one
(law 3), so that the ways of two policies tell all there is to tell of the difference between them, without trying every set of
conditions and objections.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Final, NamedTuple

from purposegate.engine.judge import Engine
from purposegate.engine.use import Context, Standing, Use
from purposegate.policy.terms import Role, ShownBy

# A condition with who can establish it: one that a consent shows is another than one that a fact shows, though they share a name.
Condition = tuple[str, ShownBy]

_IN_FORCE: Final = datetime.max.replace(tzinfo=UTC)
# Whose data they are makes no difference to what a policy says.
_SOMEBODY: Final = "somebody"


class Way(NamedTuple):
    """One way: the conditions that it needs shown, the objections that close it, and the channels that it lists (None: any)."""

    conditions: frozenset[Condition]
    defeated_by: frozenset[str]
    channels: frozenset[str] | None

    def is_open_with(self, other: Way) -> bool:
        """Tell whether this way is open wherever another one is."""
        return self.conditions <= other.conditions and self.defeated_by <= other.defeated_by


class Situation(NamedTuple):
    """What a person's case is: the conditions that are shown, and the objections they lodged as far as a policy knows them.

    Each policy reads of it what it declares: what a policy does not let a person object to does not count under it.
    """

    conditions: frozenset[Condition]
    objections: frozenset[str]

    def context(self, engine: Engine, standing: Standing) -> Context:
        """Give what is known of it under a policy that is in force."""
        declared = engine.policy.conditions
        shown = frozenset(name for name, by in self.conditions if declared.get(name) is by)
        objections = self.objections.intersection(engine.policy.objections)
        return Context(_IN_FORCE, shown, objections, standing, registered=True)


def asked(use: Use, standing: Standing) -> Use:
    """Give a use as a gate puts it: with a person where a ledger is consulted about one."""
    return replace(use, subject=_SOMEBODY) if standing is Standing.CONSULTED else use


def ways(engine: Engine, use: Use, standing: Standing) -> tuple[Way, ...]:
    """Give the ways in which a policy permits a use, without those that are open only where another one is."""
    declared = engine.policy.conditions
    everything = Situation(frozenset(declared.items()), frozenset(engine.policy.objections))
    derived = engine.derive(use, everything.context(engine, standing))
    openers = [(each.rule.conditions, each.objections, None) for each in derived.openers]
    grants = [
        (each.rule.conditions, each.objections, each.rule.channels)
        for each in (*derived.provisions, *derived.exceptions)
        if each.fits
    ]
    if _needs_no_provision(engine, use):
        grants = [((), (), None)]
    return fewest(
        Way(
            frozenset((name, declared[name]) for name in (*opener[0], *grant[0])),
            frozenset((*opener[1], *grant[1])),
            None if grant[2] is None else frozenset(grant[2]),
        )
        for opener, grant in product(openers, grants)
    )


def fewest(found: Iterable[Way]) -> tuple[Way, ...]:
    """Leave out the ways that are open only where another one is; of two that are alike, one stays, with the channels of both."""
    alike: dict[tuple[frozenset[Condition], frozenset[str]], frozenset[str] | None] = {}
    for way in found:
        key = way[:2]
        known = alike.get(key, frozenset())
        alike[key] = None if known is None or way.channels is None else known | way.channels
    kept = [Way(*key, channels) for key, channels in alike.items()]
    return tuple(way for way in kept if not any(other.is_open_with(way) for other in kept if other is not way))


def surplus(more: Iterable[Way], fewer: Iterable[Way]) -> tuple[Way, ...]:
    """Give the ways that are open where none of the others is: where all that defeats the others is objected to."""
    others = tuple(fewer)
    return tuple(way for way in more if not any(other.is_open_with(way) for other in others))


def closing(way: Way, others: Iterable[Way]) -> frozenset[str]:
    """Give objections that close all the others and leave a way open, so few that none of them can be done without."""
    to_close = [other.defeated_by - way.defeated_by for other in others if other.conditions <= way.conditions]
    kept = sorted(frozenset().union(*to_close))
    for name in tuple(kept):
        fewer = frozenset(kept) - {name}
        if all(fewer & each for each in to_close):
            kept.remove(name)
    return frozenset(kept)


def _needs_no_provision(engine: Engine, use: Use) -> bool:
    declared = engine.class_of(engine.policy.controller if use.recipient is None else use.recipient)
    return declared is not None and engine.policy.role(declared) is Role.CONTROLLER
