"""The policy's rules, compiled for the judge and found by the names that they list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from purposegate.engine.decision import Citation
from purposegate.policy.policy import Policy
from purposegate.policy.terms import ANY, Names

if TYPE_CHECKING:
    from purposegate.policy.document import Objection as ObjectionModel
    from purposegate.policy.document import Provision, UseClause


# How many entries of the index one rule may take.
_ENTRIES: Final = 64


class Kind(StrEnum):
    """The three kinds of rule that permit."""

    USE = "use clause"
    PROVISION = "provision"
    EXCEPTION = "exception"


class Reach(NamedTuple):
    """What one name lies under, and what it overlaps."""

    above: frozenset[str]
    overlapping: frozenset[str]


class Part(NamedTuple):
    """What a rule says of one of data, purposes and recipients: the names it lists, None for any, and those it excepts."""

    names: frozenset[str] | None
    excepted: frozenset[str] = frozenset()

    def covers(self, reach: Reach) -> bool:
        """Tell whether a name is ≤ one that is listed and overlaps none that is excepted."""
        return (self.names is None or not self.names.isdisjoint(reach.above)) and self.excepted.isdisjoint(reach.overlapping)

    def overlaps(self, reach: Reach) -> bool:
        """Tell whether a name shares something lying under it with one that is listed."""
        return self.names is None or not self.names.isdisjoint(reach.overlapping)


class Rule(NamedTuple):
    """One rule that permits. Its `ordinal` is its place among all rules of the policy."""

    ordinal: int
    kind: Kind
    citation: Citation
    data: Part
    purposes: Part
    recipients: Part
    channels: tuple[str, ...] | None
    conditions: tuple[str, ...]
    provision_only: bool = False


class Objection(NamedTuple):
    """A declared objection: at most what a person may take out, and the clauses that grant all the same."""

    citation: Citation
    data: Names
    purposes: Names
    recipients: Names
    exempt: frozenset[str]


class RuleIndex:
    """Rules by a name that they list, so that finding those for a use does not walk through all of them."""

    __slots__ = ("_by_names",)

    def __init__(self, rules: Iterable[Rule]) -> None:
        """File each rule under every pair of a purpose and a recipient that it lists; None stands for any.

        A rule that lists very many is filed under None, as if it said any: what a rule covers is told by the rule itself.
        """
        self._by_names: dict[tuple[str | None, str | None], list[Rule]] = {}
        for rule in rules:
            purposes = _filed_under(rule.purposes, _ENTRIES)
            for recipient in _filed_under(rule.recipients, _ENTRIES // len(purposes)):
                for purpose in purposes:
                    self._by_names.setdefault((purpose, recipient), []).append(rule)

    def listing(self, purpose: frozenset[str], recipient: frozenset[str]) -> list[Rule]:
        """Give each rule that lists one of these purposes and one of these recipients, in the policy's order."""
        found = {
            rule.ordinal: rule
            for listed_purpose in (None, *purpose)
            for listed_recipient in (None, *recipient)
            for rule in self._by_names.get((listed_purpose, listed_recipient), ())
        }
        return [found[ordinal] for ordinal in sorted(found)]

    def __iter__(self) -> Iterator[Rule]:
        seen = {rule.ordinal: rule for rules in self._by_names.values() for rule in rules}
        return iter([seen[ordinal] for ordinal in sorted(seen)])


def _filed_under(part_: Part, most: int) -> tuple[str | None, ...]:
    return tuple(part_.names) if part_.names is not None and len(part_.names) <= most else (None,)


def compile_rules(policy: Policy) -> Iterator[Rule]:
    """Give the policy's rules in the order of the file: use clauses, provisions, exceptions."""
    document = policy.document
    ordinal = 0
    for index, use in enumerate(document.uses):
        yield _rule(policy, ordinal, Kind.USE, use, ("uses", index))
        ordinal += 1
    for kind, section, entries in (
        (Kind.PROVISION, "provisions", document.provisions),
        (Kind.EXCEPTION, "exceptions", document.exceptions),
    ):
        for index, entry in enumerate(entries):
            yield _rule(policy, ordinal, kind, entry, (section, index))
            ordinal += 1


def compile_objections(policy: Policy) -> dict[str, Objection]:
    """Give the policy's objections by name."""
    return {name: _objection(policy, name, entry) for name, entry in policy.document.objections.items()}


def part(scope: Names, excepted: tuple[str, ...] = ()) -> Part:
    """Compile a list of names, or `any`."""
    return Part(None if scope == ANY else frozenset(scope), frozenset(excepted))


def _rule(policy: Policy, ordinal: int, kind: Kind, entry: UseClause | Provision, place: tuple[str, int]) -> Rule:
    excepted = entry.exclusion
    channels: Names = getattr(entry, "channels", ANY)
    return Rule(
        ordinal=ordinal,
        kind=kind,
        citation=Citation(entry.clause, entry.quote, policy.place(*place)),
        data=part(entry.data, excepted.data),
        purposes=part(entry.purposes, excepted.purposes),
        recipients=part(getattr(entry, "recipients", ANY), excepted.recipients),
        channels=None if channels == ANY else tuple(channels),
        conditions=entry.conditions,
        provision_only=getattr(entry, "provision_only", False),
    )


def _objection(policy: Policy, name: str, entry: ObjectionModel) -> Objection:
    return Objection(
        citation=Citation(entry.clause, entry.quote, policy.place("objections", name)),
        data=entry.data,
        purposes=entry.purposes,
        recipients=entry.recipients,
        exempt=frozenset(entry.exempt),
    )
