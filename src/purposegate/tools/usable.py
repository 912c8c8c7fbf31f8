"""What of a policy is good for anything, with every condition shown: which names, which rules, and what is opened to whom.

The rules tell where to look, and the judge is asked about each pair of a data category and a purpose. What is permitted of a name
is permitted of all under it (law 5), so that the lowest names tell of those above.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, product
from typing import Final

from purposegate.engine.decision import Reason
from purposegate.engine.judge import Engine
from purposegate.engine.use import Context, Use
from purposegate.policy.hierarchy import Hierarchy, Reach
from purposegate.policy.rules import Scopes
from purposegate.policy.terms import Role

# Steps for a whole policy, and more for each rule. An honest policy takes a few for each rule; a hostile one could take what it
# has names, multiplied.
_STEPS: Final = 100_000
_STEPS_A_RULE: Final = 40
_DECISION_STEPS: Final = 10
_WEIGHED_A_STEP: Final = 4
_PROBE: Final = "x"
_OWN: Final = frozenset({Role.CONTROLLER, Role.PROCESSOR})


@dataclass(frozen=True, slots=True)
class Usable:
    """The names that stand in a permitted use, themselves or by something under them.

    `opened` are the purposes that some use clause opens for anybody, `witnesses` a use that could be permitted by each rule, by its
    ordinal; a rule without one grants nothing. Where `explored` is false the policy was too large to be looked through, and
    nothing follows from what is missing.
    """

    categories: frozenset[str]
    purposes: frozenset[str]
    recipients: frozenset[str]
    opened: frozenset[str] = frozenset()
    witnesses: dict[int, Use] = field(default_factory=dict, repr=False)
    explored: bool = True


def usable(engine: Engine) -> Usable:
    """Look through a policy rule by rule, asking the judge, for what each is good for."""
    search = _Search(engine)
    explored = True
    try:
        search.run()
    except _OutOfSteps:
        explored = False
    policy = engine.policy
    return Usable(
        _with_all_above(policy.categories, search.categories),
        _with_all_above(policy.purposes, search.purposes),
        _with_all_above(policy.recipients, search.recipients),
        _with_all_above(policy.purposes, search.opened),
        search.witnesses,
        explored,
    )


class _OutOfSteps(Exception):  # noqa: N818 - it ends a search, it is not an error of its own
    """Raised inside a search that takes too long; never leaves the module."""


class _Lowest:
    """The lowest names that each scope covers, worked out once a scope."""

    def __init__(self, scopes: Scopes) -> None:
        self.scopes = scopes
        self.hierarchy = scopes.hierarchy
        self.known: dict[int, tuple[str, ...]] = {}
        self.below: dict[int, tuple[str, ...]] = {}

    def of(self, scope: int) -> tuple[str, ...]:
        found = self.known.get(scope)
        if found is None:
            listed = self.scopes.listed(scope)
            if listed is None:
                found = self.under(self.hierarchy)
            elif len(listed) == 1:
                found = self._below(listed[0])
            else:
                found = tuple(dict.fromkeys(chain.from_iterable(map(self._below, listed))))
            if scope in self.scopes.excepted:
                found = tuple(name for name in found if self.scopes.covers(scope, self.reach(name)))
            self.known[scope] = found
        return found

    def under(self, names: Iterable[str]) -> tuple[str, ...]:
        return self.hierarchy.leaves(names)

    def reach(self, name: str) -> Reach:
        return self.hierarchy.reach(name)

    def _below(self, number: int) -> tuple[str, ...]:
        found = self.below.get(number)
        if found is None:
            found = self.below[number] = self.under((self.hierarchy.name(number),))
        return found


class _Receiving(_Lowest):
    """The recipients that each scope covers: an instance of a class lies under it and beside the classes under it."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine.policy.rules.recipient_scopes)
        self.engine = engine
        self.asked: dict[str, str] = {}

    def under(self, names: Iterable[str]) -> tuple[str, ...]:
        return self.hierarchy.below(names)

    def reach(self, name: str) -> Reach:
        return self.hierarchy.reach(name, alone=self.asking(name) != name)

    def asking(self, name: str) -> str:
        """Give a recipient by whom a use of this class is asked: an instance, where it has any."""
        if name not in self.asked:
            instance = f"{name}/{_PROBE}"
            self.asked[name] = instance if self.engine.class_of(instance) else name
        return self.asked[name]


class _Listed:
    """By how many rules a name is listed, or something above it, or everything: what asking the judge about it costs."""

    def __init__(self, scopes: Scopes, column: Iterable[int]) -> None:
        self.hierarchy = scopes.hierarchy
        self.everything = 0
        self.counts: Counter[int] = Counter()
        for scope, times in Counter(column).items():
            listed = scopes.listed(scope)
            if listed is None:
                self.everything += times
            else:
                self.counts.update(dict.fromkeys(listed, times))

    def weight(self, name: str) -> int:
        above = self.hierarchy.numbers_above(self.hierarchy.number(name))
        return self.everything + sum(self.counts[number] for number in above)


class _Search:
    """Asks the judge about uses that the rules list, until each name and rule is known to be good for something."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.policy = engine.policy
        self.rules = self.policy.rules
        self.context = Context(datetime.max.replace(tzinfo=UTC), frozenset(self.policy.conditions))
        self.data = _Lowest(self.rules.data_scopes)
        self.why = _Lowest(self.rules.purpose_scopes)
        self.to = _Receiving(engine)
        rules = self.rules
        self.opening = _Listed(rules.purpose_scopes, rules.purposes[: rules.uses])
        self.giving = _Listed(rules.recipient_scopes, rules.recipients[rules.uses :])
        # Whoever else asks for another is told the same (DESIGN §4): the one whom the fewest rules name stands for all.
        others = (name for name in self.policy.recipients if self.policy.role(name) not in _OWN)
        self.another = min(others, key=self.giving.weight, default=None)
        self.controllers = [name for name in self.policy.recipients if self.policy.role(name) is Role.CONTROLLER]
        self.open: dict[tuple[str, str, bool], bool] = {}
        self.highest: dict[tuple[bool, str], str] = {}
        self.categories: set[str] = set()
        self.purposes: set[str] = set()
        self.recipients: set[str] = set()
        self.opened: set[str] = set()
        self.witnesses: dict[int, Use] = {}
        self.steps = _STEPS + _STEPS_A_RULE * len(self.rules)

    def run(self) -> None:
        rules = self.rules
        for ordinal in range(rules.uses):
            self._use_clause(ordinal, own=ordinal not in rules.provision_only)
        for ordinal in range(rules.uses, len(rules)):
            self._grant(ordinal)

    def _use_clause(self, ordinal: int, *, own: bool) -> None:
        categories, purposes = self._names(ordinal)
        witness = self._first(categories, purposes, own=own)
        if witness is None:
            return
        self.opened.update(self._opened_among(self.opened, categories, purposes, own=own))
        if own:
            self._mark(categories, purposes, own=True)
            self.recipients.update(self.controllers)
            self.witnesses[ordinal] = Use(*witness)
        elif self.another is not None:
            # It opens the purpose for giving; whether somebody is given it, the provisions tell.
            self.witnesses[ordinal] = Use(*witness, self.to.asking(self.another))

    def _grant(self, ordinal: int) -> None:
        categories, purposes = self._names(ordinal)
        receiving = self.to.of(self.rules.recipients[ordinal])
        self._spend(1 + len(receiving) // 100)
        for own in (True, False):
            named = [name for name in receiving if self._receives(ordinal, name, own=own)]
            witness = self._first(categories, purposes, own=own) if named else None
            if witness is not None:
                self._mark(categories, purposes, own=own)
                self.recipients.update(named)
                self.witnesses.setdefault(ordinal, Use(*witness, self.to.asking(named[0])))

    def _receives(self, ordinal: int, name: str, *, own: bool) -> bool:
        """Tell whether a rule can give anything to a recipient: the controller needs no provision, a processor no exception."""
        role = self.policy.role(name)
        if role is Role.PROCESSOR and ordinal >= self.rules.uses + self.rules.provisions:
            return False
        return role is not Role.CONTROLLER and (role in _OWN) is own

    def _names(self, ordinal: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return self.data.of(self.rules.data[ordinal]), self.why.of(self.rules.purposes[ordinal])

    def _first(self, categories: tuple[str, ...], purposes: tuple[str, ...], *, own: bool) -> tuple[str, str] | None:
        """Give the first pair that is opened."""
        for pair in product(categories, purposes):
            if self._is_open(*pair, own=own):
                return pair
        return None

    def _mark(self, categories: tuple[str, ...], purposes: tuple[str, ...], *, own: bool) -> None:
        self._spend((len(categories) + len(purposes)) // 100)
        self.purposes.update(self._opened_among(self.purposes, categories, purposes, own=own))
        if len(self.categories) < len(categories) or not self.categories.issuperset(categories):
            for category in categories:
                if category not in self.categories and any(self._is_open(category, purpose, own=own) for purpose in purposes):
                    self.categories.add(category)

    def _opened_among(self, known: set[str], categories: tuple[str, ...], purposes: tuple[str, ...], *, own: bool) -> Iterator[str]:
        for purpose in purposes if len(known) < len(purposes) or not known.issuperset(purposes) else ():
            if purpose not in known and any(self._is_open(category, purpose, own=own) for category in categories):
                yield purpose

    def _is_open(self, category: str, purpose: str, *, own: bool) -> bool:
        """Ask the judge whether a use clause opens a purpose for a category: to the controller and its processors, or to others."""
        self._spend(1)
        # What is permitted of the highest names is permitted of all under them, and there are few of those to ask about.
        highest = self._highest(self.policy.categories, category), self._highest(self.policy.purposes, purpose)
        if self._asked(*highest, own=True) or self._asked(category, purpose, own=True):
            return True
        if own or self.another is None or not self.rules.provision_only:
            return False
        return self._asked(*highest, own=False) or self._asked(category, purpose, own=False)

    def _asked(self, category: str, purpose: str, *, own: bool) -> bool:
        key = (category, purpose, own)
        known = self.open.get(key)
        if known is None:
            asked = None if own else self.another
            weighed = self.opening.weight(purpose) + (self.giving.weight(asked) if asked else 0)
            self._spend(_DECISION_STEPS + weighed // _WEIGHED_A_STEP)
            decision = self.engine.decide(Use(category, purpose, asked), self.context)
            known = self.open[key] = decision.permitted or (not own and decision.reason is not Reason.UNDECLARED_PURPOSE)
        return known

    def _highest(self, hierarchy: Hierarchy, name: str) -> str:
        known = self.highest.get((hierarchy is self.policy.purposes, name))
        if known is None:
            known = name
            while parents := hierarchy.parents(known):
                known = parents[0]
            self.highest[hierarchy is self.policy.purposes, name] = known
        return known

    def _spend(self, steps: int) -> None:
        self.steps -= steps
        if self.steps <= 0:
            raise _OutOfSteps


def _with_all_above(hierarchy: Hierarchy, names: set[str]) -> frozenset[str]:
    return frozenset(above for name in names for above in hierarchy.above(name))
