"""What the policy declares against what the code uses: labels nobody reads, names nobody uses, facts nobody registers.

A use is counted for what it concerns: its names, all that they lie under, and all that lies under them. An instance has nothing
under it. What the code expects to be denied, and what may be no gate's, uses nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final, NamedTuple

from purposegate.engine.judge import Engine
from purposegate.findings import Finding, Location, Related, Severity, did_you_mean, listed
from purposegate.policy.hierarchy import Hierarchy
from purposegate.policy.policy import Policy
from purposegate.policy.terms import ShownBy, presentable
from purposegate.tools.scanning.policies import Policies
from purposegate.tools.scanning.sighting import (
    How,
    Judge,
    Mention,
    Part,
    Place,
    SeenField,
    SeenRead,
    SeenUse,
    SeenWay,
    Sight,
    asked,
)

_SHOWN: Final = {
    ShownBy.CONSENT: "a consent shows it, which the ledger knows",
    ShownBy.CLAIM: "an approved claim shows it, which the ledger knows",
    ShownBy.AGREEMENT: "an agreement shows it, which the ledger knows",
}


class _Census(NamedTuple):
    """One policy, with the uses that are put to it, and the data categories that the code reads."""

    engine: Engine
    uses: tuple[SeenUse, ...]
    read: frozenset[str]

    @property
    def policy(self) -> Policy:
        return self.engine.policy


def census(sight: Sight, policies: Policies) -> Iterator[Finding]:
    """Yield what labels and declarations say that the code does not bear out, and what it uses that they do not say.

    What a policy declares is counted where some use of the code is put to it: code without any says nothing of the policy.
    """
    yield from map(_never_used, filter(_is_idle, sight.fields))
    every = _by_policy(sight, policies)
    labels = frozenset(category for field in sight.fields for category in field.categories)
    for each in every if labels else ():
        yield from _without_label(each, labels)
    yield from _unknown_facts(sight, policies)
    yield from _never_registered(sight, policies)
    for each in every:
        yield from _declared_never_used(each)


def ambient_uses(read: SeenRead, way: SeenWay) -> Iterator[SeenUse]:
    """Yield the uses that a read makes on a way to it: each label, for each purpose that it stands under there."""
    for cover in way.covers:
        if cover.data_category is None and cover.purpose is not None:
            for label in read.labels:
                parts = (label.name, cover.purpose, cover.recipient)
                yield SeenUse(How.READ, read.place, read.function, Judge(cover.judge.policy), *parts)


def _by_policy(sight: Sight, policies: Policies) -> tuple[_Census, ...]:
    groups: dict[str, tuple[Engine, list[SeenUse]]] = {}
    of_reads = (use for read in sight.reads for way in read.ways for use in ambient_uses(read, way))
    for use in (*sight.uses, *of_reads):
        if use.how is not How.LABEL and use.receiver_known and not use.expected and use.judge.policy not in policies.unread:
            engine = policies.engine_of(use.judge)
            groups.setdefault(engine.policy.digest, (engine, []))[1].append(use)
    read = frozenset(label.name for each in sight.reads for label in each.labels)
    return tuple(_Census(engine, tuple(found), read) for engine, found in groups.values())


def _is_idle(field: SeenField) -> bool:
    return bool(field.categories) and not field.read


def _never_used(field: SeenField) -> Finding:
    label = listed(presentable(category) for category in field.categories)
    message = f"`{field.owner.rpartition('.')[2]}.{field.name}` is labelled {label}, and no code reads it or hands it to a gate"
    return Finding(
        "label-never-used",
        Severity.NOTE,
        message,
        _location(field.place),
        help="data that nobody uses need not be kept; or they are used where the scan does not look",
    )


def _without_label(each: _Census, labels: Collection[str]) -> Iterator[Finding]:
    categories = each.policy.categories
    labelled = _concerned(categories, labels)
    told: set[str] = set()
    for use in each.uses:
        name = use.data_category
        if name is None or name in told or name not in categories or name in labelled:
            continue
        told.add(name)
        declared = each.policy.place("categories", name)
        yield Finding(
            "use-without-label",
            Severity.NOTE,
            f"the code uses `{name}`, and no field is labelled with it, nor with anything under or above it",
            _location(_place_of(use, Part.DATA_CATEGORY, name)),
            help=f'label the field that holds it: `Annotated[…, Personal("{name}")]`',
            related=(Related(declared, f"`{name}` is declared here"),) if declared else (),
        )


def _unknown_facts(sight: Sight, policies: Policies) -> Iterator[Finding]:
    for fact in sight.facts:
        conditions = policies.engine_of(fact.judge).policy.conditions
        by = conditions.get(fact.name)
        if by is ShownBy.FACT or fact.judge.policy in policies.unread:
            continue
        names = [name for name, shown_by in conditions.items() if shown_by is ShownBy.FACT]
        known = f"facts show {listed(names)}" if names else "the policy has no condition that a fact shows"
        yield Finding(
            "unknown-fact",
            Severity.ERROR,
            f"the policy has no condition `{presentable(fact.name)}` that a fact shows",
            _location(fact.place),
            help=_SHOWN[by] if by else did_you_mean(fact.name, names) or known,
        )


def _never_registered(sight: Sight, policies: Policies) -> Iterator[Finding]:
    """Look at the policies that the code makes a gate of."""
    made: dict[str, tuple[Engine, Place]] = {}
    for judge, place in sight.gates:
        if judge.policy not in policies.unread:
            engine = policies.engine_of(judge)
            made.setdefault(engine.policy.digest, (engine, place))
    registered = {(policies.engine_of(fact.judge).policy.digest, fact.name) for fact in sight.facts}
    for digest, (engine, place) in made.items():
        for name, by in engine.policy.conditions.items():
            if by is ShownBy.FACT and (digest, name) not in registered:
                yield Finding(
                    "fact-never-registered",
                    Severity.WARNING,
                    f"no gate in the code registers the fact `{name}`: what needs it is always denied",
                    engine.policy.place("conditions", name),
                    help=f'pass the function that knows it: `Gate.load(…, facts={{"{name}": …}})`',
                    related=(Related(_location(place), "a gate of this policy is made here"),),
                )


def _declared_never_used(each: _Census) -> Iterator[Finding]:
    policy = each.policy
    purposes = {use.purpose for use in each.uses if use.purpose is not None}
    categories = each.read.union(use.data_category for use in each.uses if use.data_category is not None)
    # Which data are opened, disclosed or served for a purpose is told by the reads there, as far as they are seen.
    without_data = sum(use.data_category is None for use in each.uses)
    unread = sum(use.unread for use in each.uses)
    yield from _unused(policy, "categories", policy.categories, _concerned(policy.categories, categories), without_data)
    yield from _unused(policy, "purposes", policy.purposes, _concerned(policy.purposes, purposes), unread)
    # A policy cannot do without its controller.
    yield from _unused(policy, "recipients", policy.recipients, {policy.controller, *_recipients(each)}, unread)


def _recipients(each: _Census) -> set[str]:
    """Give the classes that uses concern."""
    policy, engine = each.policy, each.engine
    concerned: set[str] = set()
    for recipient in {use.recipient for use in each.uses if use.recipient is not None}:
        declared = engine.class_of(asked(recipient))
        if declared is None:
            continue
        hierarchy = policy.recipients
        concerned |= hierarchy.overlapping(declared) if declared == recipient else hierarchy.above(declared)
    return concerned


def _concerned(hierarchy: Hierarchy, names: Iterable[str]) -> set[str]:
    """Give what shares something with one of these names; those that are not declared concern nothing."""
    return {each for name in names if name in hierarchy for each in hierarchy.overlapping(name)}


_ONE: Final = {"categories": "data category", "purposes": "purpose", "recipients": "recipient"}


def _unused(policy: Policy, section: str, hierarchy: Hierarchy, concerned: Collection[str], unread: int) -> Iterator[Finding]:
    """Tell each declared name that nothing concerns, but for those under another one that is told."""
    for name in hierarchy:
        if name in concerned or any(parent not in concerned for parent in hierarchy.parents(name)):
            continue
        under = len(hierarchy.under(name)) - 1
        with_all = f", nor any of the {under} under it" if under > 1 else ", nor the one under it" if under else ""
        help_ = "the policy promises a use that nobody makes: strike it out, or look at the code that makes it"
        if unread:
            help_ += f" ({_not_saying(unread)} which, and may concern it)"
        yield Finding(
            "declared-never-used",
            Severity.NOTE,
            f"no use in the code concerns the {_ONE[section]} `{name}`{with_all}",
            policy.place(section, name),
            help=help_,
        )


def _not_saying(unread: int) -> str:
    return "1 use does not say" if unread == 1 else f"{unread} uses do not say"


def _place_of(use: SeenUse, part: Part, name: str) -> Place:
    mentions: Iterator[Mention] = (each for each in use.mentions if (each.part, each.name) == (part, name))
    return next((each.place for each in mentions), use.place)


def _location(place: Place) -> Location:
    return Location(place.path, place.line, place.column)
