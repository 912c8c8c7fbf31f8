"""Which conditions a ledger's records show for a use, and which objections hit it: pure, and no verdict."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from purposegate.engine.judge import Engine
from purposegate.engine.use import Use
from purposegate.errors import LedgerError
from purposegate.ledger.records import Agreement, Claim, Consent, Records
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


def refuse_others(use: Use, records: Records) -> None:
    """Raise where a ledger answered about another person: what it says of this one cannot be trusted either."""
    subjects = {consent.subject for consent in records.consents} | {lodged.subject for lodged in records.objections}
    if subjects - {use.subject}:
        raise LedgerError("the ledger answered about another person")


def _is_shown(engine: Engine, use: Use, records: Records, condition: str, by: ShownBy, at: datetime) -> bool:
    match by:
        case ShownBy.CONSENT:
            return any(_consents(engine, use, consent, condition, at) for consent in records.consents)
        case ShownBy.CLAIM:
            return records.claim is not None and _claims(engine, use, records.claim, condition, at)
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


def _claims(engine: Engine, use: Use, claim: Claim, condition: str, at: datetime) -> bool:
    return (
        use.claim is not None
        and claim.id == use.claim
        and condition in claim.conditions
        and use.subject in claim.subjects
        and claim.recipient == _recipient(engine, use)
        and claim.uses_left > 0
        and _holds(at, claim.approved, claim.expires)
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
