"""Which conditions a ledger's records show for a use, which objections hit it, and what a person accepted: pure, and no verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from purposegate.engine.judge import Engine
from purposegate.engine.use import Use
from purposegate.errors import LedgerError
from purposegate.ledger.records import Agreement, Claim, Consent, Records
from purposegate.policy.policy import Amendments, Policy
from purposegate.policy.terms import ShownBy


def shown(engine: Engine, use: Use, records: Records, conditions: Iterable[str], at: datetime) -> frozenset[str]:
    """Give those of the conditions that the records show for this use at this instant."""
    declared = engine.policy.conditions
    return frozenset(name for name in conditions if _is_shown(engine, use, records, name, declared[name], at))


def hitting(engine: Engine, use: Use, records: Records, at: datetime) -> frozenset[str]:
    """Give the objections in force whose lodged scope overlaps this use."""
    return frozenset(
        lodged.objection
        for lodged in records.objections
        if _holds(at, lodged.lodged, lodged.lifted)
        and engine.touches(use, data=lodged.data, purposes=lodged.purposes, recipients=lodged.recipients)
    )


def registered(engine: Engine, use: Use, records: Records, at: datetime) -> bool:
    """Tell whether the use's recipient is registered at this instant, and as what its class is in this policy."""
    since = records.registered_since
    if records.registered is None or records.registered != use.recipient or (since is not None and since > at):
        return False
    declared = engine.class_of(use.recipient)
    return declared is not None and records.role in (None, engine.policy.role(declared))


def accepted(revisions: Sequence[Policy], records: Records, at: datetime) -> int | None:
    """Give the number of the last of these revisions that the person has accepted by an instant; None where they accepted none.

    Expressly, unless they dissented later; or by silence, where every revision since the last one that they accepted (or since the
    first) says that silence accepts: the windows after the notice have passed, the person has used the service since the notice,
    and did not dissent until both had happened. An amendment does not make its own terms, nor does one that was not accepted
    ease those of the next.
    """
    last: int | None = None
    for number, policy in enumerate(revisions):
        name = policy.revision
        dissents = [each.dissented for each in records.dissents if each.revision == name and each.dissented <= at]
        expressly = [each.accepted for each in records.acceptances if each.revision == name and each.accepted <= at]
        terms = [before.amendments for before in revisions[last or 0 : number]]
        if (expressly and (not dissents or max(dissents) < max(expressly))) or (
            terms and _by_silence(terms, name, records, dissents, at)
        ):
            last = number
    return last


def _by_silence(
    terms: Sequence[Amendments | None], revision: str, records: Records, dissents: Sequence[datetime], at: datetime
) -> bool:
    notified = min((each.notified for each in records.notices if each.revision == revision), default=None)
    stated = [each for each in terms if each is not None and each.silence_accepts]
    if notified is None or len(stated) < len(terms):
        return False
    going_on = min((each.used for each in records.service_uses if each.used > notified), default=None)
    if going_on is None:
        return False
    since = max(going_on, *(window_end(notified, each.window, each.time_zone) for each in stated))
    return since <= at and not any(each < since for each in dissents)


def window_end(notified: datetime, window: timedelta, time_zone: str) -> datetime:
    """Give the end of the window in which a person may dissent: the end of its last day where the policy's days begin.

    The day of the notice does not count, and a period of days ends with its last day (Civil Code of Japan, articles 140 and 141).
    """
    zone = ZoneInfo(time_zone)
    try:
        return datetime.combine(notified.astimezone(zone).date() + window + timedelta(days=1), time.min, zone).astimezone(UTC)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)  # a window that never ends


def window_ends(revisions: Sequence[Policy], records: Records) -> Iterator[datetime]:
    """Yield when the windows end in which a person may dissent from these revisions."""
    for terms in {policy.amendments for policy in revisions}:
        for notice in records.notices:
            if terms is not None:
                yield window_end(notice.notified, terms.window, terms.time_zone)


def refuse_others(use: Use, records: Records) -> None:
    """Raise where a ledger answered about another person: what it says of this one cannot be trusted either."""
    subject = use.subject
    for statements in (records.consents, records.objections, records.acceptances, records.dissents, records.service_uses):
        for each in statements:
            if each.subject != subject:
                raise LedgerError("the ledger answered about another person")
    for notice in records.notices:
        if notice.subject not in (None, subject):
            raise LedgerError("the ledger answered about another person")


def refuse_unknown_revisions(revisions: Sequence[Policy], records: Records, at: datetime) -> None:
    """Raise where a person lives under a revision that is not among these: nobody can tell what it permitted.

    So it is where they accepted others alone, as when the file of an earlier revision is missing.
    """
    names = {policy.revision for policy in revisions}
    elsewhere = any(each.revision not in names and each.accepted <= at for each in records.acceptances)
    if elsewhere and accepted(revisions, records, at) is None:
        raise LedgerError("the person accepted a revision of the policy that is not known here")


def _is_shown(engine: Engine, use: Use, records: Records, condition: str, by: ShownBy, at: datetime) -> bool:
    match by:
        case ShownBy.CONSENT:
            return any(_consents(engine, use, consent, condition, at) for consent in records.consents)
        case ShownBy.CLAIM:
            return records.claim is not None and _claims(engine, use, records, records.claim, condition, at)
        case ShownBy.AGREEMENT:
            return any(_agrees(engine, use, agreement, condition, at) for agreement in records.agreements)
        case ShownBy.FACT:
            return False  # answered by the service, not by the ledger


def _consents(engine: Engine, use: Use, consent: Consent, condition: str, at: datetime) -> bool:
    return (
        consent.condition == condition
        and _holds(at, consent.given, consent.expires, consent.withdrawn)
        and engine.within(use, data=consent.data, purposes=consent.purposes, recipients=consent.recipients)
    )


def _claims(engine: Engine, use: Use, records: Records, claim: Claim, condition: str, at: datetime) -> bool:
    return (
        use.claim is not None
        and claim.id == use.claim
        and condition in claim.conditions
        and use.subject in claim.subjects
        and claim.recipient == _recipient(engine, use)
        and claim.uses > records.spent
        and _holds(at, claim.approved, claim.expires, records.revoked)
        and engine.within(use, data=claim.data)
    )


def _agrees(engine: Engine, use: Use, agreement: Agreement, condition: str, at: datetime) -> bool:
    return (
        agreement.recipient == _recipient(engine, use)
        and condition in agreement.conditions
        and _holds(at, agreement.begins, agreement.ends)
        and engine.within(use, data=agreement.data, purposes=agreement.purposes)
    )


def _recipient(engine: Engine, use: Use) -> str:
    return engine.policy.controller if use.recipient is None else use.recipient


def _holds(at: datetime, begins: datetime, *ends: datetime | None) -> bool:
    return begins <= at and all(end is None or at < end for end in ends)
