"""Whether what a policy says may never happen could be permitted after all: tested by asking the judge (DESIGN §4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Protocol

from purposegate.engine.decision import Decision
from purposegate.engine.rules import Part, Rule, RuleIndex, part
from purposegate.engine.use import Context, Use
from purposegate.findings import Finding, Severity, listed
from purposegate.policy.hierarchy import Hierarchy
from purposegate.policy.policy import Policy

if TYPE_CHECKING:
    from purposegate.policy.document import Never

# Pairs of a purpose, a recipient and a rule; an honest policy has thousands, a hostile one as many as its size allows squared.
_STEPS: Final = 500_000
_PROBE: Final = "x"


class _Judge(Protocol):
    policy: Policy

    def decide(self, use: Use, context: Context) -> Decision: ...

    def class_of(self, recipient: object) -> str | None: ...


def breaches(judge: _Judge, uses: RuleIndex, grants: RuleIndex) -> Iterator[Finding]:
    """Yield an error for each `never` that covers a use which the policy could permit."""
    for index, never in enumerate(judge.policy.document.never):
        place = judge.policy.place("never", index)
        search = _Search(judge, uses, grants, never)
        breach = search.breach()
        if search.steps <= 0:
            message = "the policy has too many names and rules for this to be tested"
            yield Finding("untested-never", Severity.ERROR, message, place, help="name fewer purposes or recipients")
        elif breach is not None:
            use, decision = breach
            names = listed((use.data_category, use.purpose, decision.recipient))
            yield Finding("never", Severity.ERROR, f"the policy could permit {names}", place, help=_ways(decision))


def _ways(decision: Decision) -> str:
    return "permitted by " + " and ".join(f"clause {clause}" for clause in decision.clauses)


class _Search:
    """Looks for a permitted use under a `never`; what it tries is narrowed by the rules, what it finds is judged."""

    def __init__(self, judge: _Judge, uses: RuleIndex, grants: RuleIndex, never: Never) -> None:
        policy = judge.policy
        shown = frozenset(policy.document.conditions) - frozenset(never.unless)
        self.judge = judge
        self.uses = uses
        self.grants = grants
        self.context = Context(datetime.max.replace(tzinfo=UTC), shown)
        self.data = _leaves(policy.categories, part(never.data))
        self.purposes = _leaves(policy.purposes, part(never.purposes))
        self.recipients = [*self._recipients(part(never.recipients))]
        self.steps = _STEPS
        self._covered: dict[int, frozenset[str]] = {}

    def breach(self) -> tuple[Use, Decision] | None:
        # What is permitted of a name is permitted of all under it (law 5): the lowest names and an instance are enough to try.
        for purpose in self.purposes:
            above = self.judge.policy.purposes.above(purpose)
            openers = self._applying(self.uses.listing(above, frozenset()))
            if not openers:
                continue
            for recipient in self.recipients:
                declared = self.judge.class_of(recipient)
                own = declared == self.judge.policy.controller
                classes = self.judge.policy.recipients.above(declared) if declared else frozenset[str]()
                grants = openers if own else self._applying(self.grants.listing(above, classes))
                found = self._permitted(openers, grants, purpose, recipient)
                if found is not None or self.steps <= 0:
                    return found
        return None

    def _permitted(self, openers: list[Rule], grants: list[Rule], purpose: str, recipient: str) -> tuple[Use, Decision] | None:
        for opener in openers:
            for grant in grants:
                self.steps -= 1
                if self.steps <= 0:
                    return None
                for data_category in sorted(self._data(opener) & self._data(grant)):
                    use = Use(data_category, purpose, recipient)
                    decision = self.judge.decide(use, self.context)
                    if decision:
                        return use, decision
                    self.steps -= 10
        return None

    def _applying(self, rules: list[Rule]) -> list[Rule]:
        return [rule for rule in rules if self.context.shown.issuperset(rule.conditions) and self._data(rule)]

    def _data(self, rule: Rule) -> frozenset[str]:
        """Give the lowest categories under the `never` that a rule lists, or could: the judge weighs what it excepts."""
        known = self._covered.get(rule.ordinal)
        if known is None:
            everything = frozenset(self.data)
            known = everything & frozenset(_leaves(self.judge.policy.categories, rule.data)) if rule.data.names else everything
            self._covered[rule.ordinal] = known
        return known

    def _recipients(self, listed_: Part) -> Iterator[str]:
        hierarchy = self.judge.policy.recipients
        for name in dict.fromkeys(below for top in _tops(hierarchy, listed_) for below in hierarchy.under(top)):
            instance = f"{name}/{_PROBE}"
            yield instance if self.judge.class_of(instance) else name


def _tops(hierarchy: Hierarchy, listed_: Part) -> list[str]:
    return [name for name in hierarchy if listed_.names is None or name in listed_.names]


def _leaves(hierarchy: Hierarchy, listed_: Part) -> list[str]:
    return list(dict.fromkeys(leaf for top in _tops(hierarchy, listed_) for leaf in hierarchy.leaves(top)))
