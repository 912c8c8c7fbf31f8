"""What a ledger holds. Times carry their zone; an end that is None has not come.

A record that is not what its types say raises `ValueError` when it is made: text where names are expected would be read letter by
letter, and an empty objection would object to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from purposegate.policy.terms import ANY, CLAIM_ID, Names


@dataclass(frozen=True, slots=True)
class Consent:
    """A person's consent: it shows the condition it was given for, for the data, purposes and recipients that it names."""

    subject: str
    condition: str
    data: Names
    purposes: Names
    recipients: Names
    given: datetime
    expires: datetime | None = None
    withdrawn: datetime | None = None

    def __post_init__(self) -> None:
        _texts(self.subject, self.condition)
        _scopes(self.data, self.purposes, self.recipients)
        _times(self.given, self.expires, self.withdrawn)


@dataclass(frozen=True, slots=True)
class LodgedObjection:
    """A person's objection; its scope may be narrower than the policy declares, and widens nothing."""

    subject: str
    objection: str
    lodged: datetime
    data: Names = "any"
    purposes: Names = "any"
    recipients: Names = "any"
    lifted: datetime | None = None

    def __post_init__(self) -> None:
        _texts(self.subject, self.objection)
        _scopes(self.data, self.purposes, self.recipients)
        _times(self.lodged, self.lifted)


@dataclass(frozen=True, slots=True)
class Claim:
    """An approved case under an exception: which conditions it shows, for whose data, to which instance, and how often."""

    id: str
    conditions: frozenset[str]
    subjects: frozenset[str]
    data: Names
    recipient: str
    requested_by: str
    approved_by: str
    approved: datetime
    expires: datetime
    uses_left: int

    def __post_init__(self) -> None:
        _texts(self.recipient, self.requested_by, self.approved_by)
        _scopes(self.data)
        _sets(self.conditions, self.subjects)
        _times(self.approved, self.expires)
        if not CLAIM_ID.match(self.id):
            raise ValueError("the id of a claim is letters, digits and `._:/-`, at most 100")
        if self.requested_by.strip().casefold() == self.approved_by.strip().casefold():
            raise ValueError("a claim is approved by another person than the one who requested it")


@dataclass(frozen=True, slots=True)
class Agreement:
    """What an instance has signed: the conditions it shows, from when to when, for which data and purposes."""

    recipient: str
    conditions: frozenset[str]
    data: Names
    purposes: Names
    begins: datetime
    ends: datetime | None = None

    def __post_init__(self) -> None:
        _texts(self.recipient)
        _scopes(self.data, self.purposes)
        _sets(self.conditions)
        _times(self.begins, self.ends)


@dataclass(frozen=True, slots=True)
class Records:
    """What a ledger holds that bears on one use; `registered` is the recipient's instance if it knows it."""

    registered: str | None = None
    consents: tuple[Consent, ...] = ()
    objections: tuple[LodgedObjection, ...] = ()
    claim: Claim | None = None
    agreements: tuple[Agreement, ...] = ()

    def __post_init__(self) -> None:
        for kept, kind in ((self.consents, Consent), (self.objections, LodgedObjection), (self.agreements, Agreement)):
            if not (isinstance(kept, tuple) and all(isinstance(record, kind) for record in kept)):
                raise ValueError("a ledger answers with tuples of records")
        if self.claim is not None and not isinstance(self.claim, Claim):
            raise ValueError("a ledger answers with a claim, or with none")


@dataclass(frozen=True, slots=True)
class Release:
    """A permitted use that is about to happen: one provision to somebody outside, or one use of a claim.

    `id` is unique to the release, so that a ledger told twice records it once. `claim` is the case to be spent, if one was
    needed.
    """

    id: str
    at: datetime
    data_category: str
    purpose: str
    recipient: str
    subject: str
    channel: str | None
    clauses: tuple[str, ...]
    claim: str | None = None


def _texts(*texts: object) -> None:
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise ValueError("a record names its subject, recipient, condition and people by text that is not blank")


def _scopes(*scopes: object) -> None:
    for scope in scopes:
        if scope != ANY and not (isinstance(scope, tuple) and scope and all(isinstance(name, str) for name in scope)):
            raise ValueError("a scope is a tuple of names, or `any`")


def _sets(*sets: object) -> None:
    for names in sets:
        if not (isinstance(names, frozenset) and all(isinstance(name, str) for name in names)):
            raise ValueError("conditions and subjects are a frozenset of text")


def _times(*times: object) -> None:
    for time in times:
        if time is not None and not (isinstance(time, datetime) and time.tzinfo is not None):
            raise ValueError("a time is a datetime with its zone")
