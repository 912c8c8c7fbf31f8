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
    withdrawn; and where one that the ledger holds arrives with an earlier end, it is withdrawn, with all else under its condition.
    """
    held = tuple(kept)
    ends = {_given(each): _end(each) for records in records_by_topic(held) for each in records.consents}
    entries: list[Entry] = []
    for each in sorted(consents, key=lambda consent: consent.given):
        consent = replace(each, withdrawn=_earliest(each.withdrawn, withdrawn_since(each, held)))
        given, end = _given(consent), _end(consent)
        if given not in ends:
            entries.append(consent)
        elif end is not None and end != ends[given] and end == _earliest(end, ends[given]):
            entries.append(Withdrawal(consent.subject, consent.condition, end))
        ends[given] = _earliest(end, ends.get(given))
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
    """Give a consent as if it had no end."""
    return replace(consent, expires=None, withdrawn=None)


def _end(consent: Consent) -> datetime | None:
    return _earliest(consent.expires, consent.withdrawn)


def _earliest(*times: datetime | None) -> datetime | None:
    return min((each for each in times if each is not None), default=None)
