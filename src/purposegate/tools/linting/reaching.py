"""Rules about what a rule reaches: nothing, nothing of its own, or more than it seems to."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Final

from purposegate.engine.rules import RuleIndex
from purposegate.engine.use import Use
from purposegate.findings import Location, Severity, listed
from purposegate.policy.document import Document
from purposegate.policy.hierarchy import Reach
from purposegate.policy.policy import Policy
from purposegate.policy.rules import Kind, Rules, Scopes
from purposegate.policy.terms import ANY
from purposegate.tools.linting.entries import Granting, granting
from purposegate.tools.linting.registry import Item, Remark, Subject, rule

# How many rules that cover the same use are compared with one: a policy of rules for everything would take their square.
_COMPARED: Final = 16
_WEIGHED: Final = 200


@rule(Severity.WARNING)
def unopened_provision(subject: Subject) -> Iterator[Remark]:
    """Flag a provision or exception for purposes that no use clause opens.

    Why: nobody is given anything by it, because nothing may be given for a purpose that is not opened.

    Avoid:
        purposes: {shipping: {}, raffle: {}}
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
            purposes: [raffle]
            data: [email_address]
            channels: [post]
            conditions: []
    Prefer:
        purposes: {shipping: {}}
    """
    for section, index, entry in _granting_nothing(subject):
        if section != "uses" and not _is_opened(subject, entry):
            names = f"`{ANY}`" if entry.purposes == ANY else listed(entry.purposes[:8])
            yield Remark(
                f"no use clause opens {names}", subject.policy.place(section, index), "add the use clause that the prose states"
            )


@rule(Severity.WARNING)
def idle_rule(subject: Subject) -> Iterator[Remark]:
    """Flag a rule that can never apply, whatever is shown.

    Why: it reads like a permission; what it covers is opened for other data, to nobody that it names, or excepted altogether.

    Avoid:
        categories: {email_address: {}, shoe_size: {}}
        purposes: {shipping: {}, fitting: {}}
        uses:
          - {clause: "1", quote: ship parcels, data: [email_address], purposes: [shipping], conditions: []}
          - {clause: "1", quote: ship parcels, data: [shoe_size], purposes: [fitting], conditions: []}
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
            data: [shoe_size]
            channels: [post]
            conditions: []
    Prefer:
        purposes: {shipping: {}}
    """
    for section, index, entry in _granting_nothing(subject):
        if section == "uses" or _is_opened(subject, entry):
            yield Remark("the rule can never apply", subject.policy.place(section, index), _why_idle(section))


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


@rule(Severity.WARNING)
def excepted_by_parent(subject: Subject) -> Iterator[Remark]:
    """Flag a use clause that opens to a purpose what a use clause for the purpose above it excepts, without a `reading`.

    Why: whoever reads the one believes that the data are left out of everything under it.

    Avoid:
        categories: {email_address: {}, shoe_size: {}}
        purposes: {shipping: {}, returns: {parent: shipping}}
        uses:
          - clause: "1"
            quote: ship parcels
            data: [email_address, shoe_size]
            purposes: [shipping]
            conditions: []
            except: {data: [shoe_size]}
          - {clause: "2", quote: ship parcels, data: [shoe_size], purposes: [returns], conditions: []}
    Prefer:
        categories: {email_address: {}}
        purposes: {shipping: {}, returns: {parent: shipping}}
    """
    policy = subject.policy
    excepted = _excepted(subject.document)
    scopes = policy.rules.data_scopes
    left_out: dict[str, dict[str, str]] = {}
    covering_all: dict[frozenset[str], dict[str, str]] = {}
    for index, entry in enumerate(subject.document.uses if excepted else ()):
        for purpose in () if entry.reading is not None or entry.purposes == ANY else entry.purposes:
            if purpose not in left_out:
                parents = frozenset(policy.purposes.above(purpose) - {purpose}).intersection(excepted)
                if parents not in covering_all:
                    covering_all[parents] = _with_what_covers(policy, parents, excepted)
                left_out[purpose] = covering_all[parents]
            listed_here = left_out[purpose] if entry.data == ANY else entry.data
            names = {left_out[purpose][name] for name in listed_here if name in left_out[purpose]}
            opened = [name for name in sorted(names) if scopes.covers(policy.rules.data[index], policy.categories.reach(name))]
            if opened:
                message = f"`{purpose}` is opened {listed(opened)}, which is excepted from a purpose above it"
                yield Remark(message, policy.place("uses", index), "except it here too, or state in a `reading` why it is opened")
                break


def _excepted(document: Document) -> dict[str, set[str]]:
    """Give the data that use clauses except, by the purposes that they list."""
    excepted: dict[str, set[str]] = {}
    for entry in document.uses:
        for purpose in entry.purposes if entry.exclusion.data and entry.purposes != ANY else ():
            excepted.setdefault(purpose, set()).update(entry.exclusion.data)
    return excepted


def _with_what_covers(policy: Policy, purposes: frozenset[str], excepted: dict[str, set[str]]) -> dict[str, str]:
    """Give each category that covers one which is excepted from one of some purposes, with that one."""
    return {
        above: name for purpose in sorted(purposes) for name in sorted(excepted[purpose]) for above in policy.categories.above(name)
    }


def _granting_nothing(subject: Subject) -> Iterator[tuple[str, int, Granting]]:
    for ordinal, found in enumerate(granting(subject.document) if subject.usable.explored else ()):
        if ordinal not in subject.usable.witnesses:
            yield found


def _is_opened(subject: Subject, entry: Granting) -> bool:
    """Tell whether any of a rule's purposes is opened to anybody."""
    opened = subject.usable.opened
    return bool(opened) if entry.purposes == ANY else not opened.isdisjoint(entry.purposes)


def _why_idle(section: str) -> str:
    if section == "uses":
        return "what it lists, it excepts"
    return "its purposes are opened for other data, for provision only, or it lists nobody that can receive"


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
