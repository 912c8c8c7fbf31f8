"""What a ledger holds, in rows: statements about people, recipients and claims, with how each stands at an instant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Final

from purposegate.engine.use import Use
from purposegate.ledger.encoding import plain_value
from purposegate.ledger.journal import records_of, topic_of
from purposegate.ledger.keeping import BEGINNING
from purposegate.ledger.protocol import Ledger
from purposegate.ledger.pseudonyms import Pseudonyms
from purposegate.ledger.records import (
    Acceptance,
    Agreement,
    Claim,
    Deregistration,
    Dissent,
    Entry,
    Kept,
    Lifting,
    Notice,
    Records,
    Refusal,
    RegisteredRecipient,
    Release,
    Revocation,
    ServiceUse,
    Withdrawal,
)
from purposegate.policy.terms import ANY, Names

# A row by the names of its fields; what stands in it is text, a number, a time, names, or nothing.
Row = dict[str, object]
_NOBODY: Final = Use("-", "-")


def row_of(record: Entry | Release) -> Row:
    """Give the fields of an entry or a release, in their order."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def plain(row: Row) -> Row:
    """Give a row as it is written in JSON: times in UTC, names in a list."""
    return {name: plain_value(value) for name, value in row.items()}


def kind_of(entry: Entry) -> str:
    """Name the kind of an entry: `lodged_objection`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(entry).__name__).lower()


def records_by_topic(kept: Iterable[Kept]) -> tuple[Records, ...]:
    """Work out what holds of each person, recipient and claim, of the entries about them."""
    topics: dict[str, list[Kept]] = {}
    for each in kept:
        topics.setdefault(topic_of(each.entry), []).append(each)
    nobody = Pseudonyms()
    return tuple(records_of(about, _NOBODY, nobody, spent=0, position=0, latest=BEGINNING) for about in topics.values())


def consents(kept: Iterable[Kept], at: datetime) -> list[Row]:
    """Give the consents, each with its state: `given`, `withdrawn`, `expired` or `not yet`."""
    return [
        row_of(each) | {"state": _state(at, each.given, "given", withdrawn=each.withdrawn, expired=each.expires)}
        for records in records_by_topic(kept)
        for each in records.consents
    ]


def objections(kept: Iterable[Kept], at: datetime) -> list[Row]:
    """Give the objections, each with its state: `in force`, `lifted` or `not yet`."""
    return [
        row_of(each) | {"state": _state(at, each.lodged, "in force", lifted=each.lifted)}
        for records in records_by_topic(kept)
        for each in records.objections
    ]


def refusals(kept: Iterable[Kept]) -> list[Row]:
    """Give the requests that were refused."""
    return [row_of(each.entry) | {"state": "refused"} for each in kept if isinstance(each.entry, Refusal)]


def objections_and_refusals(kept: Iterable[Kept], at: datetime) -> list[Row]:
    """Give objections and refusals alike: the kind, the name, when it was lodged or refused, and the fields of either."""
    held = tuple(kept)
    fields_of_either = ("data", "purposes", "recipients", "lifted", "state", "reason", "approved_by")
    return [
        {"kind": kind, "subject": row["subject"], "name": row[name], "at": row[time]}
        | {field: row.get(field) for field in fields_of_either}
        for kind, name, time, rows in (
            ("objection", "objection", "lodged", objections(held, at)),
            ("refusal", "request", "refused", refusals(held)),
        )
        for row in rows
    ]


def endings(kept: Iterable[Kept]) -> list[Row]:
    """Give every withdrawal of a consent and lifting of an objection, also of one that the ledger does not hold."""
    found: list[Row] = []
    for _, _, entry in kept:
        if isinstance(entry, Withdrawal):
            found.append({"subject": entry.subject, "what": "withdrawn", "of": entry.condition, "at": entry.withdrawn})
        elif isinstance(entry, Lifting):
            found.append({"subject": entry.subject, "what": "lifted", "of": entry.objection, "at": entry.lifted})
    return found


def claims(kept: Iterable[Kept], spent: Mapping[str, int], at: datetime) -> list[Row]:
    """Give the claims, each with who revoked it when, how often it was used, and its state."""
    revoked: dict[str, Revocation] = {}
    approved: list[Claim] = []
    for each in kept:
        if isinstance(each.entry, Revocation):
            first = revoked.setdefault(each.entry.claim, each.entry)
            revoked[each.entry.claim] = min(first, each.entry, key=lambda entry: entry.revoked)
        elif isinstance(each.entry, Claim):
            approved.append(each.entry)
    return [_claim(claim, revoked.get(claim.id), spent.get(claim.id, 0), at) for claim in approved]


def agreements(kept: Iterable[Kept], at: datetime) -> list[Row]:
    """Give the agreements, each with the end that it came to, and its state: `in force`, `ended` or `not yet`."""
    return [_agreement(each, at) for records in records_by_topic(kept) for each in records.agreements]


def lapsing(kept: Iterable[Kept], at: datetime, within: timedelta) -> list[Row]:
    """Give the agreements of registered recipients that have ended or end within some time, and that no other takes over from."""
    until = at + within
    found: list[Row] = []
    for records in records_by_topic(kept):
        if records.registered is None:
            continue
        lasting = [each for each in records.agreements if each.ends is None or each.ends > until]
        found += [
            _agreement(each, at)
            for each in records.agreements
            if each not in lasting and not any(_takes_over(later, each, at) for later in lasting)
        ]
    return found


def recipients(kept: Iterable[Kept]) -> list[Row]:
    """Give the recipients as they were registered, each with when it was deregistered, and its state."""
    found: list[Row] = []
    last: dict[str, Row] = {}
    for each in kept:
        if isinstance(each.entry, RegisteredRecipient):
            row = row_of(each.entry) | {"deregistered": None, "state": "registered"}
            last[each.entry.recipient] = row
            found.append(row)
        elif isinstance(each.entry, Deregistration) and each.entry.recipient in last:
            last[each.entry.recipient] |= {"deregistered": each.entry.deregistered, "state": "deregistered"}
    return found


def amendments(kept: Iterable[Kept]) -> list[Row]:
    """Give what was said and done about amendments: notices, acceptances, dissents, and uses of the service."""
    return [_amendment(each.entry) for each in kept if isinstance(each.entry, Notice | Acceptance | Dissent | ServiceUse)]


def with_notices(ledger: Ledger, subject: str | None) -> tuple[Kept, ...]:
    """Give the entries about a person, after the notices to everyone; or all entries."""
    kept = ledger.entries(subject=subject)
    if subject is None:
        return kept
    notices = ledger.consult(Use("-", "-", subject=subject)).notices
    return (*(Kept(0, BEGINNING, each) for each in notices if each.subject is None), *kept)


def with_revocations(ledger: Ledger, subject: str | None) -> tuple[Kept, ...]:
    """Give the entries about a person, with the revocations of the claims that name them; or all entries."""
    kept = ledger.entries(subject=subject)
    if subject is None:
        return kept
    about = [of for each in kept if isinstance(each.entry, Claim) for of in ledger.entries(claim=each.entry.id)]
    return (*kept, *(each for each in about if isinstance(each.entry, Revocation)))


def spent(releases: Iterable[Release]) -> dict[str, int]:
    """Count how often each claim was used."""
    return Counter(each.claim for each in releases if each.claim is not None)


def provisions(releases: Iterable[Release], kept: Iterable[Kept]) -> list[Row]:
    """Give what was provided, each with the recipient's legal name and country as they were registered then."""
    registered: dict[str, list[RegisteredRecipient]] = {}
    for each in kept:
        if isinstance(each.entry, RegisteredRecipient):
            registered.setdefault(each.entry.recipient, []).append(each.entry)
    return [_provision(release, registered.get(release.recipient, ())) for release in releases]


def _state(at: datetime, begins: datetime, holds: str, **ends: datetime | None) -> str:
    """Give how a statement stands: the first of its ends that has come, or that it has not begun, or that it holds."""
    for name, end in ends.items():
        if end is not None and end <= at:
            return name
    return holds if begins <= at else "not yet"


def _claim(claim: Claim, revocation: Revocation | None, spent: int, at: datetime) -> Row:
    revoked = None if revocation is None else revocation.revoked
    state = _state(at, claim.approved, "in force", revoked=revoked, expired=claim.expires)
    if state == "in force" and spent >= claim.uses:
        state = "spent"
    by = None if revocation is None else revocation.revoked_by
    return row_of(claim) | {"spent": spent, "revoked": revoked, "revoked_by": by, "state": state}


def _agreement(agreement: Agreement, at: datetime) -> Row:
    return row_of(agreement) | {"state": _state(at, agreement.begins, "in force", ended=agreement.ends)}


def _takes_over(later: Agreement, ended: Agreement, at: datetime) -> bool:
    """Tell whether an agreement shows all that another one showed, from its end on at the latest, or else by now.

    The names are compared as they stand: one for a wider category is not known to take over from one for a narrower.
    """
    return (
        ended.ends is not None
        and later.begins <= max(ended.ends, at)
        and later.conditions >= ended.conditions
        and _covers(later.data, ended.data)
        and _covers(later.purposes, ended.purposes)
    )


def _covers(wider: Names, names: Names) -> bool:
    return wider == ANY or (names != ANY and set(names) <= set(wider))


def _amendment(entry: Notice | Acceptance | Dissent | ServiceUse) -> Row:
    said: dict[type, str] = {Notice: "notified", Acceptance: "accepted", Dissent: "dissented", ServiceUse: "used"}
    what = said[type(entry)]
    revision = None if isinstance(entry, ServiceUse) else entry.revision
    return {"subject": entry.subject, "revision": revision, "what": what, "at": getattr(entry, what)}


def _provision(release: Release, registrations: Iterable[RegisteredRecipient]) -> Row:
    known = list(registrations)
    by_then = [each for each in known if each.registered <= release.at] or known[:1]
    name, country = (by_then[-1].legal_name, by_then[-1].country) if by_then else (None, None)
    row = row_of(release)
    return {"at": row.pop("at"), "recipient": row.pop("recipient"), "legal_name": name, "country": country} | row
