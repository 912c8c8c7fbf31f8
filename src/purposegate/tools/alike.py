"""Which uses two policies treat alike: names that no rule and no objection of either tells apart need be judged but once.

What a rule covers is asked of the policy, what an objection touches of the engine. Nothing here says what is permitted: uses that
are told apart go to the judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple, TypeVar

from purposegate.engine.judge import Engine
from purposegate.engine.use import Use
from purposegate.policy.hierarchy import Hierarchy
from purposegate.policy.rules import Kind, Scopes
from purposegate.policy.terms import Role
from purposegate.tools.ways import Condition

_PROBE: Final = "x"
_NONE: Final[frozenset[str]] = frozenset()
_Key = TypeVar("_Key")


class Recipient(NamedTuple):
    """A class of recipients, or whichever instance of it."""

    name: str
    instance: bool

    @property
    def asked(self) -> str:
        """The name to ask the judge with."""
        return f"{self.name}/{_PROBE}" if self.instance else self.name

    def __str__(self) -> str:
        return f"{self.name}/*" if self.instance else self.name


class Term(NamedTuple):
    """What a rule says besides what it covers: rules of the same terms that cover the same use are one to it."""

    kind: Kind
    conditions: frozenset[Condition]
    channels: frozenset[str] | None
    provision_only: bool
    exempt: frozenset[str]


class Treatment(NamedTuple):
    """All that a policy has for a use: the role of the recipient, the terms of what covers it, the objections that touch it."""

    role: Role | None
    terms: frozenset[Term]
    objections: frozenset[str]


class Alike(NamedTuple):
    """Uses that are treated alike: each category for each purpose by each recipient."""

    categories: tuple[str, ...]
    purposes: tuple[str, ...]
    recipients: tuple[Recipient, ...]
    before: Treatment
    after: Treatment


class _Row(NamedTuple):
    """What a rule covers of data and purposes, by number, and its terms."""

    data: int
    purposes: int
    term: Term


_Rows = frozenset[tuple[int, Term]]


class _For(NamedTuple):
    """All that a policy has for a purpose and a recipient, whichever the data."""

    role: Role | None
    openers: _Rows
    grants: _Rows
    objections: frozenset[str]


def told_apart(before: Engine, after: Engine) -> Iterator[Alike]:
    """Yield, in groups, every use that two policies may treat differently; what is missing they treat in the same way."""
    covers = _Covers()
    sides = _Side(before, covers), _Side(after, covers)
    one, other = sides
    same_channels = set(before.policy.channels) == set(after.policy.channels)
    same_for_all = same_channels and one.for_all == other.for_all
    same_data = same_channels and one.touched_data == other.touched_data
    purposes = _all_names(before.policy.purposes, after.policy.purposes)
    categories = _all_names(before.policy.categories, after.policy.categories)
    groups: dict[tuple[_For, _For], dict[tuple[Recipient, ...], list[str]]] = {}
    for recipients in _recipients(one, other, unless_the_same=same_for_all):
        for purpose in purposes:
            key = one.rows(purpose, recipients[0]), other.rows(purpose, recipients[0])
            if any(each.openers for each in key) and not (same_data and key[0] == key[1]):
                groups.setdefault(key, {}).setdefault(recipients, []).append(purpose)
    for key, members in groups.items():
        for treatments, alike in _by_category(sides, key, categories, covers).items():
            if not same_channels or treatments[0] != treatments[1]:
                for recipients, whys in members.items():
                    yield Alike(tuple(alike), tuple(whys), recipients, *treatments)


class _Covers:
    """Sets of names by number, each kept once for both policies."""

    def __init__(self) -> None:
        self._numbers: dict[frozenset[str], int] = {}
        self.names: list[frozenset[str]] = []

    def number(self, names: frozenset[str]) -> int:
        known = self._numbers.setdefault(names, len(self.names))
        if known == len(self.names):
            self.names.append(names)
        return known


class _Side:
    """One of the two policies, with what its rules cover and its objections touch written out."""

    def __init__(self, engine: Engine, covers: _Covers) -> None:
        self.engine = engine
        self._covers = covers
        self._openers: set[_Row] = set()
        self._grants: dict[Recipient, set[_Row]] = {}
        self._written()
        self.touched_data: dict[str, frozenset[str]] = {}
        self._touched_purposes: dict[str, frozenset[str]] = {}
        self._touched_recipients: dict[Recipient, frozenset[str]] = {}
        if engine.policy.categories and engine.policy.purposes:
            self._touched()
        self._openers_for: dict[str, _Rows] = {}
        self.for_all = (frozenset(self._openers), self.touched_data, self._touched_purposes)

    def of(self, recipient: Recipient) -> tuple[Role | None, frozenset[_Row], frozenset[str]]:
        """Give all that the policy has for a recipient alone."""
        touched = self._touched_recipients.get(recipient, _NONE)
        return self._role(recipient), frozenset(self._grants.get(recipient, ())), touched

    def rows(self, purpose: str, recipient: Recipient) -> _For:
        """Give all that the policy has for a purpose and a recipient; nothing where nothing can be permitted."""
        role = self._role(recipient)
        openers = self._openers_for.get(purpose)
        if openers is None:
            openers = self._openers_for[purpose] = self._for(purpose, self._openers)
        grants = self._for(purpose, self._grants.get(recipient, ()))
        if role is None or not openers or not (grants or role is Role.CONTROLLER):
            return _For(role, frozenset(), frozenset(), _NONE)
        touched = self._touched_purposes.get(purpose, _NONE) & self._touched_recipients.get(recipient, _NONE)
        return _For(role, openers, grants, touched)

    def treatment(self, rows: _For, category: str) -> Treatment:
        """Give all that the policy has for a use; nothing where nothing can be permitted."""
        covers = self._covers.names
        openers = [term for data, term in rows.openers if category in covers[data]]
        grants = [term for data, term in rows.grants if category in covers[data]]
        if not openers or not (grants or rows.role is Role.CONTROLLER):
            return Treatment(rows.role, frozenset(), _NONE)
        return Treatment(rows.role, frozenset((*openers, *grants)), rows.objections & self.touched_data.get(category, _NONE))

    def _for(self, purpose: str, rows: Iterable[_Row]) -> _Rows:
        covers = self._covers.names
        return frozenset((row.data, row.term) for row in rows if purpose in covers[row.purposes])

    def _role(self, recipient: Recipient) -> Role | None:
        declared = self.engine.class_of(recipient.asked)
        return None if declared is None else self.engine.policy.role(declared)

    def _written(self) -> None:
        policy = self.engine.policy
        rules = policy.rules
        data, purposes = self._numbers(rules.data_scopes), self._numbers(rules.purpose_scopes)
        given = [
            (alone, [covered(rules.recipient_scopes, scope, alone=alone) for scope in _scopes(rules.recipient_scopes)])
            for alone in (False, True)
        ]
        terms = _Terms(self.engine)
        for ordinal in range(len(rules)):
            row = _Row(data[rules.data[ordinal]], purposes[rules.purposes[ordinal]], terms.of(ordinal))
            if rules.kind(ordinal) is Kind.USE:
                self._openers.add(row)
                continue
            for alone, by_scope in given:
                for name in by_scope[rules.recipients[ordinal]]:
                    self._grants.setdefault(Recipient(name, alone), set()).add(row)

    def _numbers(self, scopes: Scopes) -> list[int]:
        return [self._covers.number(covered(scopes, scope, alone=False)) for scope in _scopes(scopes)]

    def _touched(self) -> None:
        """Find for each name the objections that touch it, where it is asked about each name by itself."""
        engine, policy = self.engine, self.engine.policy
        data: dict[str, set[str]] = {}
        purposes: dict[str, set[str]] = {}
        recipients: dict[Recipient, set[str]] = {}
        a_category, a_purpose = next(iter(policy.categories)), next(iter(policy.purposes))
        for name, objection in policy.objections.items():
            for category in policy.categories:
                if engine.touches(Use(category, a_purpose), data=objection.data):
                    data.setdefault(category, set()).add(name)
            for purpose in policy.purposes:
                if engine.touches(Use(a_category, purpose), purposes=objection.purposes):
                    purposes.setdefault(purpose, set()).add(name)
            for who in (Recipient(each, instance) for each in policy.recipients for instance in (False, True)):
                if engine.touches(Use(a_category, a_purpose, who.asked), recipients=objection.recipients):
                    recipients.setdefault(who, set()).add(name)
        self.touched_data, self._touched_purposes, self._touched_recipients = _frozen(data), _frozen(purposes), _frozen(recipients)


class _Terms:
    """The terms of rules, each kept once."""

    def __init__(self, engine: Engine) -> None:
        self._policy = engine.policy
        self._exempt: dict[str, frozenset[str]] = {}
        self._kept: dict[Term, Term] = {}

    def of(self, ordinal: int) -> Term:
        policy, rules = self._policy, self._policy.rules
        clause = rules.texts[rules.clauses[ordinal]]
        exempt = self._exempt.get(clause)
        if exempt is None:
            exempt = frozenset(name for name, objection in policy.objections.items() if clause in objection.exempt)
            self._exempt[clause] = exempt
        channels = rules.channel_lists[rules.channels[ordinal]]
        term = Term(
            rules.kind(ordinal),
            frozenset((name, policy.conditions[name]) for name in rules.condition_lists[rules.conditions[ordinal]]),
            None if channels is None else frozenset(channels),
            ordinal in rules.provision_only,
            exempt,
        )
        return self._kept.setdefault(term, term)


def covered(scopes: Scopes, scope: int, *, alone: bool) -> frozenset[str]:
    """Give the names that a scope covers, or those whose instances it covers."""
    named = scopes.named(scope)
    hierarchy = scopes.hierarchy
    below = frozenset(hierarchy if isinstance(named, str) else hierarchy.below(named))
    if scope not in scopes.excepted:
        return below
    return frozenset(name for name in below if scopes.covers(scope, hierarchy.reach(name, alone=alone)))


def _recipients(one: _Side, other: _Side, *, unless_the_same: bool) -> Iterator[tuple[Recipient, ...]]:
    """Yield the recipients in groups of which neither policy has anything else for one than for another."""
    groups: dict[object, list[Recipient]] = {}
    for name in _all_names(one.engine.policy.recipients, other.engine.policy.recipients):
        for recipient in (Recipient(name, instance=False), Recipient(name, instance=True)):
            key = one.of(recipient), other.of(recipient)
            if not (unless_the_same and key[0] == key[1]):
                groups.setdefault(key, []).append(recipient)
    yield from map(tuple, _of_one_form(groups.values()))


def _of_one_form(groups: Iterable[list[Recipient]]) -> Iterator[list[Recipient]]:
    for group in groups:
        for instance in (False, True):
            members = [each for each in group if each.instance is instance]
            if members:
                yield members


def _by_category(
    sides: tuple[_Side, _Side], rows: tuple[_For, _For], categories: Iterable[str], covers: _Covers
) -> dict[tuple[Treatment, Treatment], list[str]]:
    opened = frozenset[str]().union(*(covers.names[data] for each in rows for data, _ in each.openers))
    groups: dict[tuple[Treatment, Treatment], list[str]] = {}
    for category in categories:
        if category in opened:
            key = sides[0].treatment(rows[0], category), sides[1].treatment(rows[1], category)
            if any(each.terms for each in key):
                groups.setdefault(key, []).append(category)
    return groups


def _all_names(one: Hierarchy, other: Hierarchy) -> tuple[str, ...]:
    """Give the names that either policy knows, those of the later one first."""
    return tuple(dict.fromkeys((*other, *one)))


def _scopes(scopes: Scopes) -> range:
    return range(len(scopes.starts) - 1)


def _frozen(found: Mapping[_Key, set[str]]) -> dict[_Key, frozenset[str]]:
    return {key: frozenset(names) for key, names in found.items()}
