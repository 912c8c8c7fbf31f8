"""Whether what a policy says may never happen could be permitted after all: tested by asking the judge (DESIGN §4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final, Protocol

from purposegate.engine.decision import Decision
from purposegate.engine.rules import RuleIndex
from purposegate.engine.use import Context, Use
from purposegate.findings import Finding, Severity, listed
from purposegate.policy.hierarchy import Hierarchy
from purposegate.policy.policy import Never, Policy
from purposegate.policy.terms import ANY, Names, Role

# Steps for all of a policy's `never` together, and more for each rule. An honest policy takes thousands; a hostile one could
# take what it has names and rules, multiplied, and is refused instead.
_STEPS: Final = 50_000
_STEPS_A_RULE: Final = 40
_PURPOSE_STEPS: Final = 3
_DECISION_STEPS: Final = 20
_PROBE: Final = "x"


class _Judge(Protocol):
    policy: Policy

    def decide(self, use: Use, context: Context) -> Decision: ...

    def class_of(self, recipient: object) -> str | None: ...


class _OutOfSteps(Exception):  # noqa: N818 - it ends a search, it is not an error of its own
    """Raised inside a search that takes too long; never leaves the module."""


def breaches(judge: _Judge, uses: RuleIndex, grants: RuleIndex) -> Iterator[Finding]:
    """Yield an error for each `never` that covers a use which the policy could permit."""
    search = _Search(judge, uses, grants)
    for index, never in enumerate(judge.policy.never):
        place = judge.policy.place("never", index)
        try:
            breach = search.breach(never)
        except _OutOfSteps:
            message = "the policy has too many names and rules for this to be tested"
            yield Finding("untested-never", Severity.ERROR, message, place, help="name fewer purposes or recipients")
            return
        if breach is not None:
            names = listed((breach.data_category, breach.purpose, breach.recipient))
            clauses = " and ".join(f"clause {clause}" for clause in breach.clauses)
            yield Finding("never", Severity.ERROR, f"the policy could permit {names}", place, help=f"permitted by {clauses}")


class _Search:
    """Looks for a permitted use under a `never`; what it tries is narrowed by the rules, what it finds is judged."""

    def __init__(self, judge: _Judge, uses: RuleIndex, grants: RuleIndex) -> None:
        self.judge = judge
        self.policy = judge.policy
        self.uses = uses
        self.grants = grants
        self.rules = self.policy.rules
        self.steps = _STEPS + _STEPS_A_RULE * len(self.rules)

    def breach(self, never: Never) -> Decision | None:
        # What is permitted of a name is permitted of all under it (law 5): the lowest names and an instance are enough to try.
        data = frozenset(self._leaves(self.policy.categories, never.data))
        shown = frozenset(self.policy.conditions) - frozenset(never.unless)
        context = Context(datetime.max.replace(tzinfo=UTC), shown)
        recipients = self._recipients(never.recipients)
        for purpose in self._leaves(self.policy.purposes, never.purposes):
            self._spend(_PURPOSE_STEPS)
            above = self.policy.purposes.numbers_above(self.policy.purposes.number(purpose))
            openers = self._applying(self.uses.listing(above, ()), shown)
            for recipient, classes, alone in recipients if openers else ():
                grants = openers if alone else self._applying(self.grants.listing(above, classes), shown)
                self._spend(1 + len(openers) * len(grants))
                for opener in openers:
                    for grant in grants:
                        found = self._permitted(self._data(opener, data) & self._data(grant, data), purpose, recipient, context)
                        if found is not None:
                            return found
        return None

    def _permitted(self, data: frozenset[str], purpose: str, recipient: str, context: Context) -> Decision | None:
        for data_category in sorted(data):
            self._spend(_DECISION_STEPS)
            decision = self.judge.decide(Use(data_category, purpose, recipient), context)
            if decision:
                return decision
        return None

    def _applying(self, ordinals: list[int], shown: frozenset[str]) -> list[int]:
        self._spend(len(ordinals))
        rules = self.rules
        return [ordinal for ordinal in ordinals if shown.issuperset(rules.condition_lists[rules.conditions[ordinal]])]

    def _data(self, ordinal: int, data: frozenset[str]) -> frozenset[str]:
        """Give the lowest categories under the `never` that a rule lists; the judge weighs what it excepts."""
        names = self.rules.data_scopes.named(self.rules.data[ordinal])
        if names == ANY:
            self._spend(len(data) // 100)
            return data
        below = self.policy.categories.leaves(names)
        self._spend(len(below))
        return data.intersection(below)

    def _recipients(self, names: Names) -> list[tuple[str, frozenset[int], bool]]:
        """Give for each class an instance that stands for it, what it lies under, and whether it needs no provision."""
        hierarchy = self.policy.recipients
        below = hierarchy.below(hierarchy if names == ANY else names)
        self._spend(len(below))
        found = []
        for name in below:
            instance = f"{name}/{_PROBE}"
            alone = self.policy.role(name) is Role.CONTROLLER
            above = hierarchy.numbers_above(hierarchy.number(name))
            found.append((instance if self.judge.class_of(instance) else name, above, alone))
        return found

    def _leaves(self, hierarchy: Hierarchy, names: Names) -> tuple[str, ...]:
        tops: Iterable[str] = hierarchy if names == ANY else names
        leaves = hierarchy.leaves(tops)
        self._spend(len(leaves))
        return leaves

    def _spend(self, steps: int) -> None:
        self.steps -= steps
        if self.steps <= 0:
            raise _OutOfSteps
