"""What a ledger holds. Times carry their zone; an end that is None has not come.

Every entry is a statement that somebody made at a time, and is never changed: what ends it is another entry. An entry that is not
what its types say raises `ValueError` when it is made: text where names are expected would be read letter by letter, and an empty
objection would object to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Final, NamedTuple, get_args
from unicodedata import category, normalize
from unicodedata import name as unicode_name

from purposegate.policy.terms import ANY, CLAIM_ID, INSTANCE_ID, NAME, Names, Role


@dataclass(frozen=True, slots=True)
class RegisteredRecipient:
    """A company, body or person that may be named as a recipient from then on: `class/id`, with its legal name and where it is.

    `role`, where it is given, must be the role of the class in the policy; else the recipient is unknown there.
    """

    recipient: str
    legal_name: str
    country: str
    registered: datetime
    aliases: tuple[str, ...] = ()
    role: Role | None = None

    def __post_init__(self) -> None:
        _texts(self.recipient, self.legal_name, self.country, *self.aliases)
        _instance(self.recipient)
        _tuples(self.aliases)
        _times(self.registered)
        if self.role is not None:
            object.__setattr__(self, "role", Role(self.role))


@dataclass(frozen=True, slots=True)
class Deregistration:
    """The end of a registration: once it is entered the recipient is unknown, whatever time it bears."""

    recipient: str
    deregistered: datetime

    def __post_init__(self) -> None:
        _texts(self.recipient)
        _times(self.deregistered)


@dataclass(frozen=True, slots=True)
class Consent:
    """A person's consent: it shows the condition it was given for, for the data, purposes and recipients that it names.

    `text_version` says which text the person was shown.
    """

    subject: str
    condition: str
    data: Names
    purposes: Names
    recipients: Names
    given: datetime
    expires: datetime | None = None
    withdrawn: datetime | None = None
    text_version: str = ""

    def __post_init__(self) -> None:
        _texts(self.subject, self.condition, *(() if self.text_version == "" else (self.text_version,)))
        _scopes(self.data, self.purposes, self.recipients)
        _times(self.given, self.expires, self.withdrawn)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The end of all that a person consented to under a condition, from then on.

    It ends what was recorded before it, and what is recorded later and was given before it.
    """

    subject: str
    condition: str
    withdrawn: datetime

    def __post_init__(self) -> None:
        _texts(self.subject, self.condition)
        _times(self.withdrawn)


@dataclass(frozen=True, slots=True)
class LodgedObjection:
    """A person's objection; its scope may be narrower than the policy declares, and widens nothing."""

    subject: str
    objection: str
    lodged: datetime
    data: Names = ANY
    purposes: Names = ANY
    recipients: Names = ANY
    lifted: datetime | None = None

    def __post_init__(self) -> None:
        _texts(self.subject, self.objection)
        _scopes(self.data, self.purposes, self.recipients)
        _times(self.lodged, self.lifted)


@dataclass(frozen=True, slots=True)
class Lifting:
    """The end of what a person objected to by then; an objection lodged later stays."""

    subject: str
    objection: str
    lifted: datetime

    def __post_init__(self) -> None:
        _texts(self.subject, self.objection)
        _times(self.lifted)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A person's request (the name of an objection, or `disclosure` and the like) that was refused, why, and by whom."""

    subject: str
    request: str
    refused: datetime
    reason: str
    approved_by: str

    def __post_init__(self) -> None:
        _texts(self.subject, self.request, self.reason, self.approved_by)
        _times(self.refused)


@dataclass(frozen=True, slots=True)
class Claim:
    """An approved case under an exception: which conditions it shows, for whose data, to which instance, and how often.

    `uses` is how many releases it is good for; `reference` and `authority` say where the evidence is and on whose word it rests.
    """

    id: str
    conditions: frozenset[str]
    subjects: frozenset[str]
    data: Names
    recipient: str
    requested_by: str
    approved_by: str
    approved: datetime
    expires: datetime
    uses: int
    reference: str
    authority: str

    def __post_init__(self) -> None:
        _texts(self.recipient, self.requested_by, self.approved_by, self.reference, self.authority)
        _scopes(self.data)
        _sets(self.conditions, self.subjects)
        _times(self.approved, self.expires)
        if not (isinstance(self.id, str) and CLAIM_ID.match(self.id)):
            raise ValueError("the id of a claim is letters, digits and `._:/-`, at most 100")
        if type(self.uses) is not int:
            raise ValueError("a claim is good for a number of uses")
        names = (self.requested_by, self.approved_by)
        if len(set(map(_spelt, names))) == 1 or any(map(_is_of_two_alphabets, names)):
            raise ValueError("a claim is approved by another person than the one who requested it")


@dataclass(frozen=True, slots=True)
class Revocation:
    """The end of a claim before its time, and by whom."""

    claim: str
    revoked: datetime
    revoked_by: str

    def __post_init__(self) -> None:
        _texts(self.claim, self.revoked_by)
        _times(self.revoked)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What an instance has signed: the conditions it shows, from when to when, for which data and purposes.

    `reference` is the signed agreement and `selection` the record of why this one was selected (for en Japan, article 5 demands
    both); `sub_processors` are whom it may engage in turn, by their names.
    """

    recipient: str
    conditions: frozenset[str]
    data: Names
    purposes: Names
    begins: datetime
    ends: datetime | None = None
    reference: str = field(kw_only=True)
    selection: str = field(kw_only=True)
    country: str = field(kw_only=True)
    sub_processors: tuple[str, ...] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        _texts(self.recipient, self.reference, self.selection, self.country, *self.sub_processors)
        _scopes(self.data, self.purposes)
        _sets(self.conditions)
        _tuples(self.sub_processors)
        _times(self.begins, self.ends)


@dataclass(frozen=True, slots=True)
class Termination:
    """The end of an agreement, by its reference, before or at its time."""

    recipient: str
    reference: str
    terminated: datetime

    def __post_init__(self) -> None:
        _texts(self.recipient, self.reference)
        _times(self.terminated)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of a revision of the policy: to one person, or to everyone, as one that is posted on the website."""

    revision: str
    notified: datetime
    subject: str | None = None

    def __post_init__(self) -> None:
        _texts(self.revision, *(() if self.subject is None else (self.subject,)))
        _times(self.notified)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A person's express acceptance of a revision; also of the one under which they registered."""

    subject: str
    revision: str
    accepted: datetime

    def __post_init__(self) -> None:
        _texts(self.subject, self.revision)
        _times(self.accepted)


@dataclass(frozen=True, slots=True)
class Dissent:
    """A person's notice that they do not agree with a revision."""

    subject: str
    revision: str
    dissented: datetime

    def __post_init__(self) -> None:
        _texts(self.subject, self.revision)
        _times(self.dissented)


@dataclass(frozen=True, slots=True)
class ServiceUse:
    """That a person used the service; after a notice it is going on using it."""

    subject: str
    used: datetime

    def __post_init__(self) -> None:
        _texts(self.subject)
        _times(self.used)


Entry = (
    RegisteredRecipient
    | Deregistration
    | Consent
    | Withdrawal
    | LodgedObjection
    | Lifting
    | Refusal
    | Claim
    | Revocation
    | Agreement
    | Termination
    | Notice
    | Acceptance
    | Dissent
    | ServiceUse
)
ENTRIES: Final[tuple[type[Entry], ...]] = get_args(Entry)


class Kept(NamedTuple):
    """An entry as it is kept: its place in the order of the ledger, and when it was recorded, in UTC."""

    position: int
    recorded: datetime
    entry: Entry


@dataclass(frozen=True, slots=True)
class Records:
    """What a ledger holds that bears on one use, with every end that was recorded.

    `registered` is the recipient's instance if the ledger knows it, since `registered_since`, and `role` the role it was registered
    with. `spent` is how often the claim has been used. `position` and `latest` are the place and time of the last thing that the
    ledger had recorded when it answered: nothing later is in the answer. Two answers about one use that bear the same `content`, by
    identity, say the same but for these two; a ledger that does not know leaves it out.
    """

    registered: str | None = None
    registered_since: datetime | None = None
    role: Role | None = None
    consents: tuple[Consent, ...] = ()
    objections: tuple[LodgedObjection, ...] = ()
    claim: Claim | None = None
    revoked: datetime | None = None
    spent: int = 0
    agreements: tuple[Agreement, ...] = ()
    notices: tuple[Notice, ...] = ()
    acceptances: tuple[Acceptance, ...] = ()
    dissents: tuple[Dissent, ...] = ()
    service_uses: tuple[ServiceUse, ...] = ()
    position: int = 0
    latest: datetime | None = None
    content: object = field(default=None, compare=False)

    def __post_init__(self) -> None:
        for kept, kind in (
            (self.consents, Consent),
            (self.objections, LodgedObjection),
            (self.agreements, Agreement),
            (self.notices, Notice),
            (self.acceptances, Acceptance),
            (self.dissents, Dissent),
            (self.service_uses, ServiceUse),
        ):
            if kept != () and not (isinstance(kept, tuple) and all(isinstance(record, kind) for record in kept)):
                raise ValueError("a ledger answers with tuples of records")
        if self.claim is not None and not isinstance(self.claim, Claim):
            raise ValueError("a ledger answers with a claim, or with none")
        if type(self.spent) is not int or type(self.position) is not int:
            raise ValueError("a ledger counts in whole numbers")
        _times(self.registered_since, self.revoked, self.latest)

    def seen_at(self, position: int, latest: datetime) -> Records:
        """Give the same answer at a later place and time."""
        moved = object.__new__(Records)  # what was looked at once needs not be looked at again
        for name in _ANSWER:
            _set(moved, name, getattr(self, name))
        _set(moved, "position", position)
        _set(moved, "latest", latest)
        return moved

    def times(self) -> Iterator[datetime]:
        """Yield every instant at which something in the answer begins or ends."""
        yield from _said(self.registered_since)
        for consent in self.consents:
            yield from _said(consent.given, consent.expires, consent.withdrawn)
        for objection in self.objections:
            yield from _said(objection.lodged, objection.lifted)
        for agreement in self.agreements:
            yield from _said(agreement.begins, agreement.ends)
        if self.claim is not None:
            yield from _said(self.claim.approved, self.claim.expires, self.revoked)
        yield from (each.accepted for each in self.acceptances)
        yield from (each.dissented for each in self.dissents)
        yield from (each.used for each in self.service_uses)


# Categories of Unicode (UAX 44) that show as nothing, or as a gap.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
_ALIKE: Final = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})
_ANSWER: Final = tuple(each.name for each in fields(Records))
_set: Final = object.__setattr__


@dataclass(frozen=True, slots=True)
class Release:
    """A permitted use that is about to happen: one provision to somebody outside, or one use of a claim.

    `id` is unique to the release, so that a ledger told twice records it once. `claim` is the case to be spent, if one was
    needed. `exempt` is the ground on which the law asks for no record of this provision, where there is one.
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
    exempt: str | None = None

    def __post_init__(self) -> None:
        _texts(self.id, self.data_category, self.purpose, self.recipient, self.subject)
        _tuples(self.clauses)
        _times(self.at)


def in_utc(at: datetime) -> datetime:
    """Give an instant in UTC; raise `ValueError` for one without a zone, of which nobody knows when it is.

    Python compares times of one zone by the wall clock, which shows an hour twice where summer time ends.
    """
    if at.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return at if at.tzinfo is UTC else at.astimezone(UTC)


def _said(*times: datetime | None) -> Iterator[datetime]:
    return (time for time in times if time is not None)


def _texts(*texts: object) -> None:
    for text in texts:
        if not isinstance(text, str) or not text or text.isspace():
            raise ValueError("a record names its subject, recipient, condition and people by text that is not blank")


def _spelt(name: str) -> str:
    """Give a name without what does not show: case, white space, marks of no width, and how its letters are put together."""
    return "".join(each for each in normalize("NFKC", name).casefold() if category(each) not in _UNSEEN)


def _is_of_two_alphabets(name: str) -> bool:
    """Tell whether a name has letters of two alphabets that look alike, as no name of anybody has."""
    return len({unicode_name(each, "").partition(" ")[0] for each in name if each.isalpha()} & _ALIKE) > 1


def _scopes(*scopes: object) -> None:
    for scope in scopes:
        if scope != ANY and not (isinstance(scope, tuple) and scope and all(isinstance(name, str) for name in scope)):
            raise ValueError("a scope is a tuple of names, or `any`")


def _sets(*sets: object) -> None:
    for names in sets:
        if not (isinstance(names, frozenset) and all(isinstance(name, str) for name in names)):
            raise ValueError("conditions and subjects are a frozenset of text")


def _tuples(*tuples: object) -> None:
    if not all(isinstance(each, tuple) for each in tuples):
        raise ValueError("aliases, sub-processors and clauses are a tuple of text")


def _instance(recipient: str) -> None:
    declared, _, instance = recipient.partition("/")
    if not (NAME.match(declared) and INSTANCE_ID.match(instance)):
        raise ValueError("a recipient is registered as `class/id`")


def _times(*times: object) -> None:
    for time in times:
        if time is None:
            continue
        if not (isinstance(time, datetime) and time.tzinfo is not None):
            raise ValueError("a time is a datetime with its zone")
        try:
            time.astimezone(UTC)
        except OverflowError:
            raise ValueError("a time goes beyond the calendar") from None
