"""What a ledger is told of consents that come late: whatever ended one since then ends it still. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from purposegate.ledger.records import Consent, Entry, Kept, Withdrawal
from purposegate.tools.holdings import records_by_topic


def entries_for(consents: Sequence[Consent], kept: Iterable[Kept]) -> tuple[Entry, ...]:
    """Give what is to be entered for consents that were kept elsewhere, beside what a ledger holds about the same people.

    A consent that the ledger holds already is not entered again. One that was withdrawn there since it was given is entered as
    withdrawn; and one that the ledger holds as given is withdrawn where it arrives withdrawn, with all else under its condition.
    """
    held = tuple(kept)
    known = {_given(each): each for records in records_by_topic(held) for each in records.consents}
    entries: list[Entry] = []
    for consent in sorted(consents, key=lambda each: each.given):
        ended = replace(consent, withdrawn=_earliest(consent.withdrawn, withdrawn_since(consent, held)))
        before = known.get(_given(ended))
        if before is None:
            entries.append(ended)
        elif ended.withdrawn is not None and (before.withdrawn is None or ended.withdrawn < before.withdrawn):
            entries.append(Withdrawal(ended.subject, ended.condition, ended.withdrawn))
        known[_given(ended)] = ended if before is None else replace(before, withdrawn=_earliest(before.withdrawn, ended.withdrawn))
    return tuple(entries)


def withdrawn_since(consent: Consent, kept: Iterable[Kept]) -> datetime | None:
    """Give the first withdrawal under a consent's condition since it was given, of those that a ledger holds."""
    withdrawals = [
        entry.withdrawn
        for _, _, entry in kept
        if isinstance(entry, Withdrawal) and (entry.subject, entry.condition) == (consent.subject, consent.condition)
    ]
    return min((each for each in withdrawals if each >= consent.given), default=None)


def _given(consent: Consent) -> Consent:
    """Give a consent as it was before anything ended it; what it says of its expiry is a part of what was given."""
    return replace(consent, withdrawn=None)


def _earliest(*times: datetime | None) -> datetime | None:
    return min((each for each in times if each is not None), default=None)
