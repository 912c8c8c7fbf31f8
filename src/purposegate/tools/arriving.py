"""What a ledger is told of consents that come late: whatever ended one since then ends it still. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from purposegate.ledger.records import Consent, Entry, Kept, Withdrawal
from purposegate.policy.terms import ANY, Names
from purposegate.tools.holdings import records_by_topic


def entries_for(consents: Sequence[Consent], kept: Iterable[Kept]) -> tuple[Entry, ...]:
    """Give what is to be entered for consents that were kept elsewhere, beside what a ledger holds about the same people.

    A consent that the ledger holds already is not entered again; and where one that it holds arrives with an earlier end, it is
    withdrawn, with all else under its condition. What was withdrawn there since a consent was given ends it in the ledger itself.
    """
    held = tuple(kept)
    ends = {_given(each): _end(each) for records in records_by_topic(held) for each in records.consents}
    entries: list[Entry] = []
    for each in sorted(consents, key=lambda consent: consent.given):
        given, end = _given(each), _end(each)
        if given not in ends:
            entries.append(each)
        elif end is not None and end != ends[given] and end == _earliest(end, ends[given]):
            entries.append(Withdrawal(each.subject, each.condition, end))
        ends[given] = _earliest(end, ends.get(given))
    return tuple(entries)


def withdrawn_since(consent: Consent, kept: Iterable[Kept]) -> datetime | None:
    """Give the first withdrawal under a consent's condition since it was given, of those that a ledger holds."""
    withdrawals = [
        entry.withdrawn
        for _, _, entry in kept
        if isinstance(entry, Withdrawal) and (entry.subject, entry.condition) == (consent.subject, consent.condition)
    ]
    return min((each for each in withdrawals if each > consent.given), default=None)


def _given(consent: Consent) -> Consent:
    """Give a consent as if it had no end, with the names of its scopes in one order."""
    return replace(
        consent,
        data=_in_order(consent.data),
        purposes=_in_order(consent.purposes),
        recipients=_in_order(consent.recipients),
        expires=None,
        withdrawn=None,
    )


def _in_order(names: Names) -> Names:
    return names if names == ANY else tuple(sorted(set(names)))


def _end(consent: Consent) -> datetime | None:
    return _earliest(consent.expires, consent.withdrawn)


def _earliest(*times: datetime | None) -> datetime | None:
    return min((each for each in times if each is not None), default=None)
