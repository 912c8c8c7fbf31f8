"""Rules about a rule that another makes superfluous."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Final

from purposegate.engine.rules import RuleIndex
from purposegate.engine.use import Use
from purposegate.findings import Location, Severity
from purposegate.policy.hierarchy import Reach
from purposegate.policy.policy import Policy
from purposegate.policy.rules import Kind, Rules, Scopes
from purposegate.tools.linting.entries import granting
from purposegate.tools.linting.registry import Item, Remark, Subject, rule

# How many rules that cover the same use are compared with one: a policy of rules for everything would take their square.
_COMPARED: Final = 16
_WEIGHED: Final = 200


@rule(Severity.WARNING, fixed=True)
def identical_rule(subject: Subject) -> Iterator[Remark]:
    """Flag a rule that grants exactly what an earlier one of its section grants, under the same clause.

    Why: whoever changes one of the two believes to have changed what is granted.

    Avoid:
        uses:
          - {clause: "1", quote: ship parcels, data: [email_address], purposes: [shipping], conditions: []}
          - {clause: "1", quote: ship parcels, data: [email_address], purposes: [shipping], conditions: []}
    Prefer:
        uses:
          - {clause: "1", quote: ship parcels, data: [email_address], purposes: [shipping], conditions: []}
    """
    entries = list(granting(subject.document))
    for ordinal, earlier in _identical(subject.policy.rules).items():
        (section, index, entry), (_, before, first) = entries[ordinal], entries[earlier]
        # Only what leaves every quote and reading where it was may be struck out without asking.
        same = entry.quote == first.quote and entry.reading in (None, first.reading)
        strike = Item((section, index)) if same else None
        message = f"the rule grants what {_at(subject.policy.place(section, before))} grants"
        yield Remark(message, subject.policy.place(section, index), "strike one of them out", strike)


@rule(Severity.WARNING)
def shadowed_rule(subject: Subject) -> Iterator[Remark]:
    """Flag a rule that grants nothing which another of its section does not grant on fewer conditions or the same.

    Why: its conditions and channels look like a safeguard, and nothing depends on them.

    Avoid:
        conditions: {consent: {shown_by: consent}}
        provisions:
          - clause: "2"
            quote: ship parcels
            recipients: [carrier]
            purposes: [shipping]
            data: [email_address]
            channels: [post]
            conditions: []
          - clause: "3"
            quote: ship parcels
            recipients: [carrier]
            purposes: [shipping]
            data: [email_address]
            channels: [post]
            conditions: [consent]
    Prefer:
        provisions:
          - clause: "2"
            quote: ship parcels
            recipients: [carrier]
            purposes: [shipping]
            data: [email_address]
            channels: [post]
            conditions: []
    """
    policy, rules = subject.policy, subject.policy.rules
    identical = _identical(rules)
    exempt = frozenset(clause for objection in policy.objections.values() for clause in objection.exempt)
    shadows = _Shadows(policy)
    for ordinal, (section, index, entry) in enumerate(granting(subject.document)):
        witness = subject.usable.witnesses.get(ordinal)
        # A rule that an objection spares grants what another does not, once somebody objects.
        if witness is None or entry.clause in exempt or ordinal in identical:
            continue
        other = shadows.of(ordinal, witness)
        if other is not None:
            there = Location.unpacked(policy.path, rules.places[other])
            clause = rules.texts[rules.clauses[other]]
            message = f"clause {clause} ({_at(there)}) grants all of it on no more conditions"
            yield Remark(message, policy.place(section, index), "narrow the other rule, or strike this one out")


def _identical(rules: Rules) -> dict[int, int]:
    """Give each rule that grants what an earlier one of its section does under its clause, with the earlier one."""
    columns = (
        _alike(_said(rules.data_scopes), rules.data),
        _alike(_said(rules.purpose_scopes), rules.purposes),
        _alike(_said(rules.recipient_scopes), rules.recipients),
        _alike([each and frozenset(each) for each in rules.channel_lists], rules.channels),
        _alike(list(map(frozenset, rules.condition_lists)), rules.conditions),
        rules.clauses,
    )
    first: dict[tuple[object, ...], int] = {}
    found = {}
    for ordinal, said in enumerate(zip(*columns, strict=True)):
        earlier = first.setdefault((rules.kind(ordinal), ordinal in rules.provision_only, *said), ordinal)
        if earlier != ordinal:
            found[ordinal] = earlier
    return found


def _said(scopes: Scopes) -> list[Hashable]:
    """Give what each scope lists and excepts, in whatever order."""
    return [
        (None if scope in scopes.everything else frozenset(scopes.listed(scope) or ()), frozenset(scopes.excepted.get(scope, ())))
        for scope in range(len(scopes.starts) - 1)
    ]


def _alike(said: Sequence[Hashable], column: Iterable[int]) -> list[int]:
    """Give for each rule a number that is the same where the same is said."""
    numbers: dict[Hashable, int] = {}
    numbered = [numbers.setdefault(each, len(numbers)) for each in said]
    return [numbered[number] for number in column]


def _at(place: Location | None) -> str:
    return f"the rule on line {place.line}" if place else "another rule"


class _Shadows:
    """Finds for a rule another of its kind that covers all that it covers."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        rules = self.rules = policy.rules
        given = rules.uses + rules.provisions
        self.indexes = {
            Kind.USE: RuleIndex(rules, range(rules.uses)),
            Kind.PROVISION: RuleIndex(rules, range(rules.uses, given)),
            Kind.EXCEPTION: RuleIndex(rules, range(given, len(rules))),
        }

    def of(self, ordinal: int, witness: Use) -> int | None:
        """Give such a rule; those that cover a use which the rule permits are the only ones it can be."""
        policy, kind = self.policy, self.rules.kind(ordinal)
        data, purpose = policy.categories.reach(witness.data_category), policy.purposes.reach(witness.purpose)
        to = None if kind is Kind.USE or witness.recipient is None else self._reach(witness.recipient)
        index = self.indexes[kind]
        few = index.listing(purpose.above, () if to is None else to.above, data.above, most=_WEIGHED)
        candidates = [other for other in few if other != ordinal and self.rules.covers(other, data, purpose, to)]
        return next((other for other in candidates[:_COMPARED] if self._grants_more(other, ordinal)), None)

    def _reach(self, recipient: str) -> Reach:
        declared, slash, _ = recipient.partition("/")
        return self.policy.recipients.reach(declared, alone=bool(slash))

    def _grants_more(self, other: int, ordinal: int) -> bool:
        """Tell whether a rule grants all that another does; of two that grant the same, the later is told of."""
        return self._grants_all(other, ordinal) and (other < ordinal or not self._grants_all(ordinal, other))

    def _grants_all(self, other: int, ordinal: int) -> bool:
        rules = self.rules
        if other in rules.provision_only and ordinal not in rules.provision_only:
            return False
        conditions = rules.condition_lists
        if not set(conditions[rules.conditions[other]]) <= set(conditions[rules.conditions[ordinal]]):
            return False
        wider, narrower = (rules.channel_lists[rules.channels[each]] for each in (other, ordinal))
        if wider is not None and (narrower is None or not set(narrower) <= set(wider)):
            return False
        return (
            _contains(rules.data_scopes, rules.data[other], rules.data[ordinal])
            and _contains(rules.purpose_scopes, rules.purposes[other], rules.purposes[ordinal])
            and _contains(rules.recipient_scopes, rules.recipients[other], rules.recipients[ordinal])
        )


def _contains(scopes: Scopes, wider: int, narrower: int) -> bool:
    """Tell whether a scope covers every name that another lists; what the other excepts is left aside."""
    if wider == narrower:
        return True
    names = scopes.listed(narrower)
    if names is None:
        return wider in scopes.everything and wider not in scopes.excepted
    return all(scopes.covers(wider, scopes.hierarchy.reach(scopes.hierarchy.name(number))) for number in names)
