"""Rules about how wide a rule is: `any` where fewer would do, and gifts without a guard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from purposegate.engine.rules import RuleIndex
from purposegate.findings import Severity, listed
from purposegate.policy.document import Provision
from purposegate.policy.terms import ANY, Role, ShownBy
from purposegate.tools.linting.entries import giving
from purposegate.tools.linting.registry import Remark, Subject, rule

_OUTSIDE: Final = frozenset({Role.THIRD_PARTY, Role.JOINT_USER})
# For how many purposes, and at how many of their use clauses, is looked: more could not be listed well. How many names are shown.
_LOOKED_AT: Final = 200
_SHOWN: Final = 8


@rule(Severity.WARNING)
def blanket_data(subject: Subject) -> Iterator[Remark]:
    """Flag a provision of `any` data for purposes whose use clauses all list theirs, without a `reading`.

    Why: a list would say the same today; with `any`, whatever a use clause opens tomorrow is given away too, and nobody is asked.

    Avoid:
        provisions:
          - clause: "2"
            quote: ship parcels
            recipients: [carrier]
            purposes: [shipping]
            data: any
            channels: [post]
            conditions: []
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
    rules, purposes = subject.policy.rules, subject.policy.purposes
    uses = RuleIndex(rules, range(rules.uses))
    known: dict[int, frozenset[str]] = {}
    for ordinal, (section, index, entry) in enumerate(giving(subject.document), start=rules.uses):
        if entry.data != ANY or entry.purposes == ANY or entry.reading is not None:
            continue
        scope = rules.purposes[ordinal]
        if scope not in known:
            numbers = frozenset(number for name in entry.purposes for number in purposes.reach(name).overlapping)
            openers = uses.listing(numbers, (), most=_LOOKED_AT + 1) if len(numbers) <= _LOOKED_AT else []
            opened = [rules.data_scopes.named(rules.data[each]) for each in openers]
            unlisted = ANY in opened or len(openers) > _LOOKED_AT
            known[scope] = frozenset() if unlisted else frozenset(name for names in opened for name in names)
        names = known[scope]
        if names:
            help_ = f"list what is opened: {listed(sorted(names)[:_SHOWN])}"
            yield Remark("`any` data are provided where a list would do", subject.policy.place(section, index), help_)


@rule(Severity.WARNING)
def anybody(subject: Subject) -> Iterator[Remark]:
    """Flag a provision or exception to `any` recipients.

    Why: whoever is declared tomorrow receives the data too; the published text names its recipients, or their kinds.

    Avoid:
        provisions:
          - clause: "2"
            quote: ship parcels
            recipients: any
            purposes: [shipping]
            data: [email_address]
            channels: [post]
            conditions: []
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
    for section, index, entry in giving(subject.document):
        if entry.recipients == ANY:
            yield Remark("the data may go to anybody who is declared", subject.policy.place(section, index), "list the recipients")


@rule(Severity.WARNING)
def unguarded_provision(subject: Subject) -> Iterator[Remark]:
    """Flag what is given to third parties or joint users through any channel and on no condition, without a `reading`.

    Why: nothing is asked for and no way is named, so that whoever can reach the recipient may send it the data.

    Avoid:
        provisions:
          - clause: "2"
            quote: ship parcels
            recipients: [carrier]
            purposes: [shipping]
            data: [email_address]
            channels: any
            conditions: []
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
    for section, index, entry in giving(subject.document):
        outside = _of_roles(subject, entry, _OUTSIDE)
        if outside and entry.channels == ANY and not entry.conditions and entry.reading is None:
            message = f"{listed(outside[:_SHOWN])} may receive data through any channel and on no condition"
            yield Remark(
                message, subject.policy.place(section, index), "list the channels that the prose names, or require what it asks for"
            )


@rule(Severity.WARNING)
def processor_without_agreement(subject: Subject) -> Iterator[Remark]:
    """Flag what is given to a processor without any condition that an agreement shows.

    Why: who processes data for the controller does so under an agreement (article 28(3) of the GDPR, article 25 of Japan's APPI on
    supervision), and without such a condition the gate asks for none.

    Avoid:
        recipients: {shop: {role: controller}, carrier: {role: processor}}
    Prefer:
        recipients: {shop: {role: controller}, carrier: {role: processor}}
        conditions: {contract: {shown_by: agreement}}
        provisions:
          - clause: "2"
            quote: ship parcels
            recipients: [carrier]
            purposes: [shipping]
            data: [email_address]
            channels: [post]
            conditions: [contract]
    """
    for index, entry in enumerate(subject.document.provisions):
        processors = _of_roles(subject, entry, frozenset({Role.PROCESSOR}))
        if processors and not any(subject.policy.conditions[name] is ShownBy.AGREEMENT for name in entry.conditions):
            message = f"{listed(processors[:_SHOWN])} may process data without an agreement"
            yield Remark(message, subject.policy.place("provisions", index), "require a condition that is `shown_by: agreement`")


def _of_roles(subject: Subject, entry: Provision, roles: frozenset[Role]) -> list[str]:
    """Give the recipients of these roles that a rule lists; `any` is told of by itself."""
    names = () if entry.recipients == ANY else entry.recipients
    return [name for name in names if subject.policy.role(name) in roles]
