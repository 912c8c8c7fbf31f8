"""From entries to what holds: pure, and the same for every ledger.

A ledger is a journal: entries in the order in which they were recorded. Each is about one topic (a person, a recipient, a claim,
or everybody), and what bears on a use is read from the entries about its topics.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from purposegate.engine.use import Use
from purposegate.errors import LedgerError
from purposegate.ledger.pseudonyms import Pseudonyms
from purposegate.ledger.records import (
    ENTRIES,
    Acceptance,
    Agreement,
    Claim,
    Consent,
    Deregistration,
    Dissent,
    Entry,
    Kept,
    Lifting,
    LodgedObjection,
    Notice,
    Records,
    RegisteredRecipient,
    Revocation,
    ServiceUse,
    Termination,
    Withdrawal,
)

EVERYBODY: Final = "*"
_OFTEN: Final = timedelta(days=30)


class Refused(LedgerError):  # noqa: N818 - the ledger answers, and says no: it has not failed
    """What contradicts what is held."""


# The fields of each kind of entry that are times.
_TIMES: Final = {kind: [field.name for field in fields(kind) if "datetime" in str(field.type)] for kind in ENTRIES}


def topic_of(entry: Entry) -> str:
    """Give what an entry is about; people by the id they are kept under."""
    match entry:
        case RegisteredRecipient() | Deregistration() | Agreement() | Termination():
            return recipient_topic(entry.recipient)
        case Claim():
            return claim_topic(entry.id)
        case Revocation():
            return claim_topic(entry.claim)
        case _:
            return EVERYBODY if entry.subject is None else subject_topic(entry.subject)


def subject_topic(known_as: str) -> str:
    """Name the topic of a person."""
    return f"s:{known_as}"


def recipient_topic(recipient: str) -> str:
    """Name the topic of a recipient."""
    return f"r:{recipient}"


def claim_topic(claim: str) -> str:
    """Name the topic of a claim."""
    return f"c:{claim}"


def person_of(topic: str) -> str | None:
    """Give the person that a topic is, as they are kept; None for any other topic."""
    prefix = subject_topic("")
    return topic.removeprefix(prefix) if topic.startswith(prefix) else None


def topics_of(use: Use, pseudonyms: Pseudonyms) -> tuple[str, ...]:
    """Give the topics that bear on a use."""
    topics = [EVERYBODY]
    if use.subject is not None:
        topics.append(subject_topic(pseudonyms(use.subject)))
    if use.recipient is not None:
        topics.append(recipient_topic(use.recipient))
    if use.claim is not None:
        topics.append(claim_topic(use.claim))
    return tuple(topics)


def records_of(kept: Iterable[Kept], use: Use, pseudonyms: Pseudonyms, *, spent: int, position: int, latest: datetime) -> Records:
    """Work out what holds of the entries that bear on a use, people under the ids that the use names."""
    entries = [each.entry for each in sorted(kept, key=_place)]
    subject = use.subject
    known_as = None if subject is None else pseudonyms(subject)
    if known_as != subject and subject is not None and known_as is not None:
        entries = [_named(each, known_as, subject) for each in entries]
    said: dict[type, list[Any]] = {}
    for entry in entries:
        said.setdefault(type(entry), []).append(entry)
    registered = _registration(entries)
    claim = said.get(Claim, [None])[-1]
    return Records(
        registered=None if registered is None else registered.recipient,
        registered_since=None if registered is None else registered.registered,
        role=None if registered is None else registered.role,
        consents=_with_withdrawals(entries) if Withdrawal in said else tuple(said.get(Consent, ())),
        objections=_with_liftings(entries) if Lifting in said else tuple(said.get(LodgedObjection, ())),
        claim=claim,
        revoked=min((each.revoked for each in said.get(Revocation, ())), default=None),
        spent=spent,
        agreements=_with_terminations(entries) if Termination in said else tuple(said.get(Agreement, ())),
        notices=tuple(said.get(Notice, ())),
        acceptances=tuple(said.get(Acceptance, ())),
        dissents=tuple(said.get(Dissent, ())),
        service_uses=tuple(said.get(ServiceUse, ())),
        position=position,
        latest=latest,
    )


def _with_withdrawals(entries: Sequence[Entry]) -> tuple[Consent, ...]:
    """Give consents with their ends: a withdrawal ends what was recorded before it, or was given before it."""
    later: dict[str, datetime] = {}
    ends: dict[int, datetime | None] = {}
    for number in reversed(range(len(entries))):
        entry = entries[number]
        if isinstance(entry, Withdrawal):
            later[entry.condition] = _earliest(later.get(entry.condition), entry.withdrawn)
        elif isinstance(entry, Consent):
            ends[number] = later.get(entry.condition)
    before: dict[str, list[datetime]] = {}
    consents = []
    for number, entry in enumerate(entries):
        if isinstance(entry, Withdrawal):
            insort(before.setdefault(entry.condition, []), entry.withdrawn)
        elif isinstance(entry, Consent):
            since = before.get(entry.condition, [])
            following = since[at : at + 1] if (at := bisect_right(since, entry.given)) < len(since) else []
            end = min((each for each in (entry.withdrawn, ends[number], *following) if each is not None), default=None)
            consents.append(entry if end == entry.withdrawn else replace(entry, withdrawn=end))
    return tuple(consents)


def _with_liftings(entries: Sequence[Entry]) -> tuple[LodgedObjection, ...]:
    """Give objections with their ends: a lifting ends what was recorded before it and lodged by then."""
    later: dict[str, list[datetime]] = {}
    objections = []
    for entry in reversed(entries):
        if isinstance(entry, Lifting):
            insort(later.setdefault(entry.objection, []), entry.lifted)
        elif isinstance(entry, LodgedObjection):
            liftings = later.get(entry.objection, [])
            at = bisect_left(liftings, entry.lodged)
            end = min((each for each in (entry.lifted, *liftings[at : at + 1]) if each is not None), default=None)
            objections.append(entry if end == entry.lifted else replace(entry, lifted=end))
    return tuple(reversed(objections))


def _with_terminations(entries: Sequence[Entry]) -> tuple[Agreement, ...]:
    """Give agreements with their ends."""
    ends: dict[tuple[str, str], datetime] = {}
    for entry in entries:
        if isinstance(entry, Termination):
            named = (entry.recipient, entry.reference)
            ends[named] = _earliest(ends.get(named), entry.terminated)
    agreements = (entry for entry in entries if isinstance(entry, Agreement))
    return tuple(
        each if (end := ends.get((each.recipient, each.reference))) is None else replace(each, ends=_earliest(each.ends, end))
        for each in agreements
    )


def admitted(entry: Entry, held: Iterable[Kept]) -> bool:
    """Tell whether an entry says anything new of its topic, about which these are held; raise where it contradicts them.

    A claim that could be entered again would be approved a second time, and one that nobody made revoked for nothing.
    """
    entries = [kept.entry for kept in sorted(held, key=_place)]
    contradiction = _contradiction(entry, entries)
    if contradiction is not None:
        raise Refused(contradiction)
    return not isinstance(entry, ServiceUse) or _is_worth_keeping(entry, entries)


def _contradiction(entry: Entry, entries: list[Entry]) -> str | None:  # noqa: PLR0911 - one line a contradiction
    match entry:
        case RegisteredRecipient() if _registration(entries):
            return f"`{entry.recipient}` is registered already; deregister it first"
        case Deregistration() if not _registration(entries):
            return f"`{entry.recipient}` is not registered"
        case Claim() if _approved(entries):
            return f"there is a claim `{entry.id}` already"
        case Revocation() if not _approved(entries):
            return f"there is no claim `{entry.claim}`"
        case Agreement() if _signed(entry.reference, entries):
            return f"`{entry.recipient}` has signed that agreement already"
        case Termination() if not _signed(entry.reference, entries):
            return f"`{entry.recipient}` has signed no agreement of that reference"
        case _:
            return None


def _is_worth_keeping(use: ServiceUse, entries: list[Entry]) -> bool:
    """Keep the first use after each notice, and else one a month: more would say nothing, and be read with every decision."""
    last = max((each.used for each in entries if isinstance(each, ServiceUse) and each.used <= use.used), default=None)
    if last is None or use.used - last >= _OFTEN:
        return True
    return any(last <= each.notified < use.used for each in entries if isinstance(each, Notice))


def _registration(entries: Sequence[Entry]) -> RegisteredRecipient | None:
    """Give the registration that was not ended, if there is one."""
    registered: RegisteredRecipient | None = None
    for entry in entries:
        if isinstance(entry, RegisteredRecipient):
            registered = entry
        elif isinstance(entry, Deregistration):
            registered = None
    return registered


def _approved(entries: list[Entry]) -> bool:
    return any(isinstance(each, Claim) for each in entries)


def _signed(reference: str, entries: list[Entry]) -> bool:
    return any(isinstance(each, Agreement) and each.reference == reference for each in entries)


def kept_as(entry: Entry, pseudonyms: Pseudonyms) -> Entry:
    """Give an entry with the ids under which its people are kept, and with its times in UTC.

    Python compares two times of one zone by the wall clock, which shows an hour twice where summer time ends.
    """
    entry = replace(entry, **{name: at.astimezone(UTC) for name in _TIMES[type(entry)] if (at := getattr(entry, name)) is not None})
    match entry:
        case Claim():
            return replace(entry, subjects=frozenset(map(pseudonyms, entry.subjects)))
        case RegisteredRecipient() | Deregistration() | Revocation() | Agreement() | Termination():
            return entry
        case _:
            return entry if entry.subject is None else replace(entry, subject=pseudonyms(entry.subject))


def _named(entry: Any, known_as: str, subject: str) -> Any:  # noqa: ANN401 - an entry, of the kind it was
    """Give an entry with a person's own id for the one they are kept under."""
    if isinstance(entry, Claim):
        return replace(entry, subjects=frozenset(subject if each == known_as else each for each in entry.subjects))
    return replace(entry, subject=subject) if getattr(entry, "subject", None) == known_as else entry


def named(kept: Iterable[Kept], known_as: str, subject: str) -> Iterator[Kept]:
    """Yield entries with a person's own id for the one they are kept under."""
    for each in kept:
        yield each._replace(entry=_named(each.entry, known_as, subject))


def _place(kept: Kept) -> int:
    return kept.position


def _earliest(before: datetime | None, at: datetime) -> datetime:
    return at if before is None else min(before, at)
