"""Rules about names: those that are good for nothing, and those that a reader would mistake for one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from purposegate.findings import Severity
from purposegate.policy.document import Provision, Scope
from purposegate.policy.hierarchy import Hierarchy
from purposegate.policy.terms import ANY, Role
from purposegate.tools.linting.entries import NAMED, giving, granting
from purposegate.tools.linting.registry import Remark, Subject, rule

_PLURALS: Final = (("ies", "y"), ("sses", "ss"), ("ss", "ss"), ("us", "us"), ("is", "is"), ("s", ""))


@rule(Severity.WARNING)
def idle_purpose(subject: Subject) -> Iterator[Remark]:
    """Flag a purpose that no use clause opens for any data.

    Why: readers are promised something that nobody can do.

    Avoid:
        purposes: {shipping: {}, raffle: {}}
    Prefer:
        purposes: {shipping: {}}
    """
    named = _around((entry.purposes for _, _, entry in giving(subject.document)), subject.policy.purposes)
    for purpose in subject.policy.purposes if subject.usable.explored else ():
        # One that provisions name is told of at the provision.
        if purpose not in subject.usable.opened and purpose not in named:
            yield Remark(f"no use clause opens any data for `{purpose}`", subject.policy.place("purposes", purpose))


@rule(Severity.WARNING)
def stranded_purpose(subject: Subject) -> Iterator[Remark]:
    """Flag a purpose that is opened for provision only, and for which nobody can be given anything.

    Why: data may be given away for it and for nothing else, and there is no recipient that can be reached.

    Avoid:
        purposes: {shipping: {}, raffle: {}}
        uses:
          - {clause: "1", quote: ship parcels, data: [email_address], purposes: [shipping], conditions: []}
          - clause: "1"
            quote: ship parcels
            data: [email_address]
            purposes: [raffle]
            conditions: []
            provision_only: true
    Prefer:
        purposes: {shipping: {}}
    """
    usable = subject.usable
    for purpose in subject.policy.purposes if usable.explored else ():
        if purpose in usable.opened and purpose not in usable.purposes:
            message = f"`{purpose}` is opened for provision only, and nobody is provided with anything for it"
            yield Remark(message, subject.policy.place("purposes", purpose))


@rule(Severity.WARNING)
def idle_category(subject: Subject) -> Iterator[Remark]:
    """Flag a data category that, whatever is shown, nobody may use for anything.

    Why: data are collected that nobody may use.

    Avoid:
        categories: {email_address: {}, shoe_size: {}}
    Prefer:
        categories: {email_address: {}}
    """
    for category in subject.policy.categories if subject.usable.explored else ():
        if category not in subject.usable.categories:
            yield Remark(f"nobody may use `{category}` for anything", subject.policy.place("categories", category))


@rule(Severity.WARNING)
def unnamed_recipient(subject: Subject) -> Iterator[Remark]:
    """Flag a recipient that no provision or exception names, nor anything above or under it.

    Why: it is listed as if it received data, and no clause provides it any.

    Avoid:
        recipients: {shop: {role: controller}, carrier: {role: third_party}, printer: {role: processor}}
    Prefer:
        recipients: {shop: {role: controller}, carrier: {role: third_party}}
    """
    named = _named_recipients(subject)
    for recipient in subject.policy.recipients:
        if recipient not in named and not _is_controller(subject, recipient):
            yield Remark(f"no rule names `{recipient}`", subject.policy.place("recipients", recipient))


@rule(Severity.WARNING)
def unreachable_recipient(subject: Subject) -> Iterator[Remark]:
    """Flag a recipient that rules name and that may still receive nothing, whatever is shown.

    Why: the reader finds it among the recipients, and every rule that would reach it excepts it or grants nothing.

    Avoid:
        recipients: {shop: {role: controller}, partner: {role: third_party}, carrier: {parent: partner}, rival: {parent: partner}}
        provisions:
          - clause: "2"
            quote: ship parcels
            recipients: [partner]
            purposes: [shipping]
            data: [email_address]
            channels: [post]
            conditions: []
            except: {recipients: [rival]}
    Prefer:
        recipients: {shop: {role: controller}, carrier: {role: third_party}}
    """
    named = _named_recipients(subject) - _only_of_idle_rules(subject)
    for recipient in subject.policy.recipients if subject.usable.explored else ():
        if recipient in named and recipient not in subject.usable.recipients and not _is_controller(subject, recipient):
            yield Remark(f"`{recipient}` may receive nothing", subject.policy.place("recipients", recipient))


@rule(Severity.WARNING)
def unused_channel(subject: Subject) -> Iterator[Remark]:
    """Flag a channel that no rule lists, where no rule says `any`.

    Why: the published text names a way to provide data that nothing may go.

    Avoid:
        channels: {post: {}, pigeon: {}}
    Prefer:
        channels: {post: {}}
    """
    listed: set[str] = set()
    for _, _, entry in giving(subject.document):
        if entry.channels == ANY:
            return
        listed.update(entry.channels)
    for channel in subject.document.channels:
        if channel not in listed:
            yield Remark(f"nothing is provided through `{channel}`", subject.policy.place("channels", channel))


@rule(Severity.WARNING)
def near_names(subject: Subject) -> Iterator[Remark]:
    """Flag two names of a section that differ only in number or in the order of their words.

    Why: whoever writes code takes the one for the other, and both exist, so that no error tells them.

    Avoid:
        categories: {email_address: {}, email_addresses: {parent: email_address}}
    Prefer:
        categories: {email_address: {}, work_email_address: {parent: email_address}}
    """
    for section in NAMED:
        first: dict[tuple[str, ...], str] = {}
        for name in getattr(subject.document, section):
            other = first.setdefault(tuple(sorted(map(_singular, name.split("_")))), name)
            if other != name:
                yield Remark(f"`{name}` differs from `{other}` only in number or order", subject.policy.place(section, name))


def _is_controller(subject: Subject, recipient: str) -> bool:
    return subject.policy.role(recipient) is Role.CONTROLLER


def _around(scopes: Iterable[Scope], hierarchy: Hierarchy) -> frozenset[str]:
    """Give the names that are listed, with all that lies under and above them; `any` names nothing in particular."""
    below = hierarchy.below({name for scope in scopes if scope != ANY for name in scope})
    return frozenset(below).union(*map(hierarchy.above, below))


def _named_recipients(subject: Subject) -> frozenset[str]:
    scopes = [entry.recipients for _, _, entry in giving(subject.document)]
    return frozenset(subject.policy.recipients) if ANY in scopes else _around(scopes, subject.policy.recipients)


def _only_of_idle_rules(subject: Subject) -> frozenset[str]:
    """Give the recipients that only rules name which grant nothing: those rules are told of."""
    working = [
        entry.recipients
        for ordinal, (_, _, entry) in enumerate(granting(subject.document))
        if isinstance(entry, Provision) and ordinal in subject.usable.witnesses
    ]
    everybody = frozenset(subject.policy.recipients)
    return frozenset() if ANY in working else everybody - _around(working, subject.policy.recipients)


def _singular(word: str) -> str:
    for ending, singular in _PLURALS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word.removesuffix(ending) + singular
    return word
