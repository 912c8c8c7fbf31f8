"""What a ledger holds. Times carry their zone; an end that is None has not come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from purposegate.policy.terms import Names


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


@dataclass(frozen=True, slots=True)
class Agreement:
    """What an instance has signed: the conditions it shows, from when to when, for which data and purposes."""

    recipient: str
    conditions: frozenset[str]
    data: Names
    purposes: Names
    begins: datetime
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Records:
    """What a ledger holds that bears on one use; `registered` is the recipient's instance if it knows it."""

    registered: str | None = None
    consents: tuple[Consent, ...] = ()
    objections: tuple[LodgedObjection, ...] = ()
    claim: Claim | None = None
    agreements: tuple[Agreement, ...] = ()


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
