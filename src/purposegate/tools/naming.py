"""Whether names are those of a policy: asked before anything is kept under them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from purposegate.findings import did_you_mean
from purposegate.policy.policy import Policy
from purposegate.policy.terms import ANY, INSTANCE_ID, NAME, Role, ShownBy, presentable

_ONE: Final = {ShownBy.CONSENT: "a consent", ShownBy.CLAIM: "a claim", ShownBy.AGREEMENT: "an agreement", ShownBy.FACT: "a fact"}
# Whom a ledger knows by its instances only.
_OF_INSTANCES: Final = frozenset({Role.THIRD_PARTY, Role.JOINT_USER, Role.PROCESSOR})


class Complaint(NamedTuple):
    """What is wrong with a name, and what to do."""

    message: str
    help: str | None


class Names:
    """The names of one policy, in all of its revisions."""

    def __init__(self, policies: Sequence[Policy]) -> None:
        """Take the revisions of the policy."""
        self._categories = {name for policy in policies for name in policy.categories}
        self._purposes = {name for policy in policies for name in policy.purposes}
        self._conditions: Mapping[str, ShownBy] = {name: by for policy in policies for name, by in policy.conditions.items()}
        self._roles: Mapping[str, Role] = {name: role for policy in policies for name, role in policy.roles.items()}
        self._objections = {name for policy in policies for name in policy.objections}
        self._revisions = {policy.revision for policy in policies}

    def scope(self, data: Iterable[str] = (), purposes: Iterable[str] = (), recipients: Iterable[str] = ()) -> Iterator[Complaint]:
        """Complain of what a scope names and the policy does not know."""
        yield from _unknown("data category", data, self._categories)
        yield from _unknown("purpose", purposes, self._purposes)
        for recipient in recipients:
            yield from self.recipient(recipient)

    def conditions(self, names: Iterable[str], shown_by: ShownBy) -> Iterator[Complaint]:
        """Complain of conditions that the policy does not know, or that something else shows."""
        for name in names:
            yield from _unknown("condition", [name], self._conditions)
            by = self._conditions.get(name, shown_by)
            if by is not shown_by:
                yield Complaint(f"the policy has `{name}` shown by {_ONE[by]}, not by {_ONE[shown_by]}", None)

    def recipient(self, name: str, role: Role | None = None) -> Iterator[Complaint]:
        """Complain of a recipient whose class the policy does not know, or has another role for."""
        declared, slash, instance = name.partition("/")
        if name == ANY:
            return
        yield from _unknown("recipient", [declared], self._roles)
        if slash and not INSTANCE_ID.match(instance):
            yield Complaint(f"`{presentable(name)}` is no recipient", "an instance is written `class/id`, in small letters")
        known = self._roles.get(declared)
        if role is not None and known not in (None, role):
            yield Complaint(f"the policy has `{declared}` as a {known}, not as a {role}", None)

    def instance(self, name: str) -> Iterator[Complaint]:
        """Complain of a recipient as `recipient` does, and of a class where only an instance of it can be meant."""
        yield from self.recipient(name)
        if "/" not in name and self._roles.get(name) in _OF_INSTANCES:
            yield Complaint(f"`{name}` is a class of recipients", "name the instance, as `class/id`")

    def objection(self, name: str) -> Iterator[Complaint]:
        """Complain of an objection that the policy does not know."""
        yield from _unknown("objection", [name], self._objections)

    def revision(self, name: str) -> Iterator[Complaint]:
        """Complain of a revision that is not among those that were read."""
        if name not in self._revisions:
            yield Complaint("the policy has no such revision", did_you_mean(name, self._revisions))


def _unknown(what: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Complaint]:
    declared = list(known)
    for name in names:
        if name != ANY and name not in declared:
            suggestion = did_you_mean(name, declared) if NAME.match(name) else None
            yield Complaint(f"the policy knows no {what} `{presentable(name)}`", suggestion)
