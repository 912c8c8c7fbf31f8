"""Rules about conditions and objections: safeguards that guard nothing, and those that are missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from purposegate.findings import Severity, listed
from purposegate.policy.document import Provision
from purposegate.policy.prose import fold
from purposegate.policy.terms import ANY, Role, ShownBy
from purposegate.tools.linting.entries import granting
from purposegate.tools.linting.registry import Remark, Subject, rule

_WITHOUT_AGREEMENTS: Final = frozenset({Role.CONTROLLER, Role.DATA_SUBJECT})
# Words with which a published text joins a second condition to the first.
_JOINED: Final = re.compile(
    r"(?:, | )and (?:also |only |if |where |when |provided |obtaining )|, and |\bprovided that\b|\bas long as\b|\bonly if\b",
    re.IGNORECASE,
)
_LAW: Final = re.compile(r"\blaws?\b|\blegal(?:ly)?\b|\bstatut\w+|\bcourt\b", re.IGNORECASE)
_LAWS_LOOKED_AT: Final = 20
_SHOWN: Final = 8


@rule(Severity.WARNING)
def unused_condition(subject: Subject) -> Iterator[Remark]:
    """Flag a condition that no rule requires.

    Why: it reads like a safeguard and guards nothing.

    Avoid:
        conditions: {consent: {shown_by: consent}}
    Prefer:
        conditions: {}
    """
    required = {name for _, _, entry in granting(subject.document) for name in entry.conditions}
    for name in subject.document.conditions:
        if name not in required:
            yield Remark(f"no rule requires the condition `{name}`", subject.policy.place("conditions", name))


@rule(Severity.WARNING)
def unshowable_condition(subject: Subject) -> Iterator[Remark]:
    """Flag a rule that asks for an agreement with those with whom there can be none: the controller itself and the data subject.

    Why: an agreement is recorded for an instance of a recipient, and neither has instances, so that nothing can show the condition.

    Avoid:
        conditions: {contract: {shown_by: agreement}}
        uses:
          - {clause: "1", quote: ship parcels, data: [email_address], purposes: [shipping], conditions: [contract]}
    Prefer:
        conditions: {consent: {shown_by: consent}}
        uses:
          - {clause: "1", quote: ship parcels, data: [email_address], purposes: [shipping], conditions: [consent]}
    """
    policy = subject.policy
    for section, index, entry in granting(subject.document):
        agreements = [name for name in entry.conditions if policy.conditions[name] is ShownBy.AGREEMENT]
        if isinstance(entry, Provision):
            names = () if entry.recipients == ANY else entry.recipients
            impossible = bool(names) and all(policy.role(name) in _WITHOUT_AGREEMENTS for name in names)
        else:
            impossible = not entry.provision_only
        if agreements and impossible:
            message = f"nothing can show {listed(agreements)}: there is no agreement with whom the rule permits"
            yield Remark(message, policy.place(section, index), "use a condition that a consent, a claim or a fact shows")


@rule(Severity.WARNING)
def left_out_condition(subject: Subject) -> Iterator[Remark]:
    """Flag a provision or exception that requires some of the conditions declared from its own clause and leaves out others.

    Why: the clause states them together, and the rule grants without the one that was left out.

    Avoid:
        conditions:
          urgent: {clause: "4", quote: ship parcels, shown_by: claim}
          consent_difficult: {clause: "4", quote: amend this policy, shown_by: claim}
        exceptions:
          - clause: "4"
            quote: ship parcels
            recipients: [carrier]
            purposes: [shipping]
            data: [email_address]
            channels: [post]
            conditions: [urgent]
          - clause: "5"
            quote: ship parcels
            recipients: [carrier]
            purposes: [shipping]
            data: [email_address]
            channels: [post]
            conditions: [consent_difficult]
    Prefer:
        conditions:
          urgent: {clause: "4", quote: ship parcels, shown_by: claim}
          consent_difficult: {clause: "4", quote: amend this policy, shown_by: claim}
        exceptions:
          - clause: "4"
            quote: ship parcels
            recipients: [carrier]
            purposes: [shipping]
            data: [email_address]
            channels: [post]
            conditions: [urgent, consent_difficult]
    """
    stated: dict[str, dict[str, None]] = {}
    for name, condition in subject.document.conditions.items():
        if condition.clause is not None:
            stated.setdefault(condition.clause, {})[name] = None
    for section, index, entry in granting(subject.document):
        together = stated.get(entry.clause, ()) if isinstance(entry, Provision) else ()
        required = frozenset(entry.conditions).intersection(together)
        if required and len(required) < len(together):
            missing = tuple(islice((name for name in together if name not in required), _SHOWN))
            message = f"clause {entry.clause} states {listed(missing)} too, which the rule does not require"
            yield Remark(message, subject.policy.place(section, index), "require it, or declare it from the clause that states it")


@rule(Severity.WARNING)
def lone_condition(subject: Subject) -> Iterator[Remark]:
    """Flag an exception that requires a single condition where its quote joins two, without a `reading`.

    Why: “…, and obtaining consent would be difficult” is half of what the published text asks for before it makes the exception.

    Avoid:
        conditions: {required: {shown_by: claim}}
        exceptions:
          - clause: "4"
            quote: required to ship parcels, and consent would be difficult
            recipients: [carrier]
            purposes: [shipping]
            data: [email_address]
            channels: [post]
            conditions: [required]
    Prefer:
        conditions: {required: {shown_by: claim}, consent_difficult: {shown_by: claim}}
        exceptions:
          - clause: "4"
            quote: required to ship parcels, and consent would be difficult
            recipients: [carrier]
            purposes: [shipping]
            data: [email_address]
            channels: [post]
            conditions: [required, consent_difficult]
    """
    for index, entry in enumerate(subject.document.exceptions):
        joined = _JOINED.search(fold(entry.quote)) if len(entry.conditions) == 1 and entry.reading is None else None
        if joined:
            message = f"the quote joins two conditions (“{joined[0].strip()}”), and the rule requires `{entry.conditions[0]}` alone"
            yield Remark(
                message, subject.policy.place("exceptions", index), "require both, or state in a `reading` why one is enough"
            )


@rule(Severity.WARNING)
def objection_against_law(subject: Subject) -> Iterator[Remark]:
    """Flag an objection that stops what the law requires, because it exempts no clause that says so.

    Why: a person's objection would keep the controller from what it is obliged to do; the policy promises what it cannot keep.

    Avoid:
        conditions: {required_by_law: {shown_by: claim}}
        exceptions:
          - clause: "4"
            quote: ship parcels
            recipients: [carrier]
            purposes: [shipping]
            data: [email_address]
            channels: [post]
            conditions: [required_by_law]
        objections:
          stop: {clause: "6", quote: amend this policy, data: any, purposes: any, recipients: any, exempt: []}
    Prefer:
        conditions: {required_by_law: {shown_by: claim}}
        exceptions:
          - clause: "4"
            quote: ship parcels
            recipients: [carrier]
            purposes: [shipping]
            data: [email_address]
            channels: [post]
            conditions: [required_by_law]
        objections:
          stop: {clause: "6", quote: amend this policy, data: any, purposes: any, recipients: any, exempt: ["4"]}
    """
    policy, engine = subject.policy, subject.engine
    of_law = {
        name
        for name, condition in subject.document.conditions.items()
        if _LAW.search(f"{name.replace('_', ' ')} {condition.quote or ''}")
    }
    required = [
        (entry.clause, subject.usable.witnesses[ordinal])
        for ordinal, (_, _, entry) in enumerate(granting(subject.document))
        if not of_law.isdisjoint(entry.conditions) and ordinal in subject.usable.witnesses
    ]
    clauses = {clause for clause, _ in required}
    for name, objection in policy.objections.items():
        stopped = (
            clause
            for clause, use in islice(required, _LAWS_LOOKED_AT)
            if engine.touches(use, data=objection.data, purposes=objection.purposes, recipients=objection.recipients)
        )
        clause = next(stopped, None)
        if clause is not None and objection.exempt.isdisjoint(clauses):
            message = f"`{name}` stops what the law requires by clause {clause}"
            yield Remark(message, policy.place("objections", name), "exempt that clause, or narrow the objection")
