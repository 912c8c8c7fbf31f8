"""Rules about what a rule reaches: nothing, or more than it seems to."""

from __future__ import annotations

from collections.abc import Iterator

from purposegate.findings import Severity, listed
from purposegate.policy.document import Document
from purposegate.policy.policy import Policy
from purposegate.policy.terms import ANY
from purposegate.tools.linting.entries import Granting, granting
from purposegate.tools.linting.registry import Remark, Subject, rule


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
