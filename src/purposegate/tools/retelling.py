"""One decision of a trail, told again: what was asked, what came of it and by which words of the policy, and what it rested on.

The verdict is the record's. The policy of the record's digest gives the quotes, and the ledger the entries, as of the place up to
which it was read then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from purposegate.engine.decision import Decision
from purposegate.engine.judge import Engine
from purposegate.engine.use import Use
from purposegate.ledger.protocol import Ledger
from purposegate.ledger.records import Consent, Records, RegisteredRecipient
from purposegate.ledger.showing import hitting, shown
from purposegate.policy.policy import Policy
from purposegate.policy.terms import ShownBy
from purposegate.tools.holdings import Row, plain, row_of
from purposegate.tools.replaying import question
from purposegate.trail.record import Record


@dataclass(frozen=True, slots=True)
class Ground:
    """Something that a decision rested on: what it is, what it showed or took out, and its fields, as the ledger holds them."""

    kind: str
    name: str
    row: Row

    def as_dict(self) -> Row:
        """Give it as it is written in JSON."""
        return {"kind": self.kind, "name": self.name, "entry": plain(self.row)}


@dataclass(frozen=True, slots=True)
class Retold:
    """A record with its decision, and what it rested on where a ledger told so.

    `decision` bears the quotes, where the policy of its digest is at hand and decides the same; `unquoted` says why it does not.
    `untold` says why nothing is told of what a ledger holds.
    """

    record: Record
    decision: Decision
    unquoted: str | None = None
    grounds: tuple[Ground, ...] = ()
    untold: str | None = None


def retold(record: Record, policies: Iterable[Policy], ledger: Ledger | None = None) -> Retold:
    """Tell of a record; raise `LedgerError` where the ledger gives no answer, `PolicyError` where the policy cannot be compiled."""
    was = record.decision
    policy = next((each for each in policies if each.digest == was.policy.digest), None)
    if policy is None:
        message = f"the policy that decided is not at hand: revision {was.policy.revision}, sha256 {was.policy.digest}"
        return Retold(record, was, message, untold=None if ledger is None else message)
    engine = Engine(policy)
    use, context = question(record, record.at)
    again = engine.decide(use, context)
    same = (again.reason, again.clauses) == (was.reason, was.clauses)
    unquoted = None if same else "the policy that decided does not decide so by what the record tells"
    told = replace(again, unaccepted=was.unaccepted) if same else was
    if ledger is None:
        return Retold(record, told, unquoted)
    if record.position is None:
        return Retold(record, told, unquoted, untold="no ledger was asked when this was decided")
    return Retold(record, told, unquoted, tuple(_grounds(record, engine, use, ledger)))


def _grounds(record: Record, engine: Engine, use: Use, ledger: Ledger) -> Iterator[Ground]:
    records = ledger.consult(use, record.position)
    yield from _registration(record, ledger)
    for condition, by in record.shown:
        yield from _showing(record, engine, use, records, condition, by, ledger)
    for objection in records.objections:
        if objection.objection in record.hit and hitting(engine, use, replace(records, objections=(objection,)), record.at):
            yield Ground("objection", objection.objection, row_of(objection))
    if record.release is not None:
        released = ledger.releases(subject=record.subject)
        yield from (Ground("release", each.id, row_of(each)) for each in released if each.id == record.release)


def _showing(
    record: Record, engine: Engine, use: Use, records: Records, condition: str, by: ShownBy, ledger: Ledger
) -> Iterator[Ground]:
    match by:
        case ShownBy.FACT:
            yield Ground("fact", condition, {})
        case ShownBy.CLAIM:
            if records.claim is not None and condition in records.claim.conditions:
                yield Ground("claim", condition, row_of(records.claim))
        case ShownBy.CONSENT:
            yield from _consents(record, engine, use, records, condition, ledger)
        case ShownBy.AGREEMENT:
            for each in records.agreements:
                if shown(engine, use, replace(records, agreements=(each,)), (condition,), record.at):
                    yield Ground("agreement", condition, row_of(each))
        case _:
            assert_never(by)


def _consents(record: Record, engine: Engine, use: Use, records: Records, condition: str, ledger: Ledger) -> Iterator[Ground]:
    given = [
        consent
        for consent in records.consents
        if shown(engine, use, replace(records, consents=(consent,)), (condition,), record.at)
    ]
    kept = ledger.entries(subject=record.subject, as_of=record.position) if given else ()
    for consent in given:
        # What ended it later on, or was to end it, stands in the answer and not in the entry.
        recorded = [each for each in kept if isinstance(each.entry, Consent) and _is_entry_of(each.entry, consent)]
        when: Row = {"position": recorded[-1].position, "recorded": recorded[-1].recorded} if recorded else {}
        yield Ground("consent", condition, row_of(consent) | when)


def _is_entry_of(entry: Consent, consent: Consent) -> bool:
    return replace(entry, subject=consent.subject, withdrawn=consent.withdrawn) == consent


def _registration(record: Record, ledger: Ledger) -> Iterator[Ground]:
    if record.registered:
        recipient = record.decision.recipient
        kept = ledger.entries(recipient=recipient, as_of=record.position)
        registered = [each.entry for each in kept if isinstance(each.entry, RegisteredRecipient)]
        yield from (Ground("recipient", recipient, row_of(each)) for each in registered[-1:])
