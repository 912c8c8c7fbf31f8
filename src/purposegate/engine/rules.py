"""The policy's rules found by the names that they list, so that finding those for a use does not walk through all of them."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate, islice
from typing import Final, NamedTuple

from purposegate.engine.decision import Citation
from purposegate.findings import Location
from purposegate.policy.hierarchy import Reach
from purposegate.policy.policy import Policy
from purposegate.policy.rules import NUMBERS, PLACES, Kind, Rules, Scopes

# How many entries of the index one rule may take; one that lists more is filed as if it said any.
_ENTRIES: Final = 64
# How many rules of one pair of a purpose and a recipient are looked through before they are sorted by data category.
_RUN: Final = 16
_BITS: Final = 32
_LOW: Final = (1 << _BITS) - 1


class Rule(NamedTuple):
    """One rule that permits, as a decision tells of it. Its `ordinal` is its place among all rules of the policy."""

    ordinal: int
    kind: Kind
    citation: Citation
    channels: tuple[str, ...] | None
    conditions: tuple[str, ...]
    provision_only: bool


def rule_of(policy: Policy, ordinal: int) -> Rule:
    """Read one rule from its columns."""
    rules = policy.rules
    place = Location.unpacked(policy.path, rules.places[ordinal])
    return Rule(
        ordinal,
        rules.kind(ordinal),
        Citation(rules.texts[rules.clauses[ordinal]], rules.texts[rules.quotes[ordinal]], place),
        rules.channel_lists[rules.channels[ordinal]],
        rules.condition_lists[rules.conditions[ordinal]],
        ordinal in rules.provision_only,
    )


class RuleIndex:
    """Ordinals of rules, filed under every pair of a recipient and a purpose that a rule lists.

    The entries are two arrays, sorted by recipient, purpose and ordinal, and `starts` tells where each recipient's begin. The
    number after the last declared name stands for any.
    """

    __slots__ = ("_any_data", "_any_purpose", "_any_recipient", "_by_data", "_ordinals", "_purposes", "_rules", "_starts")

    def __init__(self, rules: Rules, ordinals: range, *, by_recipient: bool = True) -> None:
        """File the rules of a stretch of the policy; where not by recipient, as if each said any."""
        self._rules = rules
        self._any_data = len(rules.data_scopes.hierarchy)
        self._any_purpose = len(rules.purpose_scopes.hierarchy)
        self._any_recipient = len(rules.recipient_scopes.hierarchy)
        entries = sorted(self._entries(ordinals, by_recipient=by_recipient))
        counts = [0] * (self._any_recipient + 2)
        for recipient, _, _ in entries:
            counts[recipient + 1] += 1
        self._starts = array(NUMBERS, accumulate(counts))
        self._purposes = array(NUMBERS, [purpose for _, purpose, _ in entries])
        self._ordinals = array(NUMBERS, [ordinal for _, _, ordinal in entries])
        # Runs of one pair that are long, sorted by data category when they are first asked for.
        self._by_data: dict[int, array[int]] = {}

    def _entries(self, ordinals: range, *, by_recipient: bool) -> Iterator[tuple[int, int, int]]:
        rules = self._rules
        filed_purposes = _Filed(rules.purpose_scopes, self._any_purpose)
        filed_recipients = _Filed(rules.recipient_scopes, self._any_recipient)
        for ordinal in ordinals:
            purposes = filed_purposes.under(rules.purposes[ordinal], _ENTRIES)
            for recipient in filed_recipients.under(rules.recipients[ordinal], _ENTRIES // len(purposes) if by_recipient else 0):
                for purpose in purposes:
                    yield recipient, purpose, ordinal

    def listing(
        self,
        purposes: Iterable[int] | None,
        recipients: Iterable[int],
        data: Iterable[int] | None = None,
        *,
        most: int | None = None,
    ) -> list[int]:
        """Give the rules that may list one of these recipients, purposes and data categories (None: whichever), in order.

        None that does is missing, unless `most` cuts short what is looked through; some may be given that list others, so that
        what a rule covers is told by the rule itself.
        """
        found: set[int] = set()
        for begin, end in self._runs(purposes, recipients):
            if most is not None and len(found) >= most:
                break
            if data is None or end - begin <= _RUN:
                found.update(self._ordinals[begin : end if most is None else min(end, begin + most)])
            else:
                found.update(islice(self._of_data(begin, end, data), most))
        return sorted(found)

    def _runs(self, purposes: Iterable[int] | None, recipients: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Give where the entries of each pair stand, from and to; those of a recipient where the purpose is left open."""
        starts, filed = self._starts, self._purposes
        for recipient in (*recipients, self._any_recipient):
            low, high = starts[recipient], starts[recipient + 1]
            if low == high:
                continue
            if purposes is None:
                yield low, high
                continue
            for purpose in (*purposes, self._any_purpose):
                begin = bisect_left(filed, purpose, low, high)
                if begin < high and filed[begin] == purpose:
                    yield begin, bisect_left(filed, purpose + 1, begin, high)

    def _of_data(self, begin: int, end: int, data: Iterable[int]) -> Iterator[int]:
        entries = self._by_data.get(begin)
        if entries is None:
            filed = _Filed(self._rules.data_scopes, self._any_data)
            columns = self._rules.data
            entries = self._by_data[begin] = array(
                PLACES,
                sorted(
                    category << _BITS | ordinal
                    for ordinal in self._ordinals[begin:end]
                    for category in filed.under(columns[ordinal], _ENTRIES)
                ),
            )
        for category in (*data, self._any_data):
            at = bisect_left(entries, category << _BITS)
            while at < len(entries) and entries[at] >> _BITS == category:
                yield entries[at] & _LOW
                at += 1


class _Filed:
    """Under which numbers a scope is filed: those of the names it lists, or the one for any."""

    def __init__(self, scopes: Scopes, everything: int) -> None:
        self._scopes = scopes
        self._everything = (everything,)
        self._known: dict[int, tuple[int, ...]] = {}

    def under(self, scope: int, most: int) -> tuple[int, ...]:
        known = self._known.get(scope)
        if known is None:
            listed = self._scopes.listed(scope)
            known = self._known[scope] = self._everything if listed is None else tuple(dict.fromkeys(listed))
        return known if len(known) <= most else self._everything


def covering(rules: Rules, index: RuleIndex, data: Reach, purpose: Reach, to: Reach | None) -> list[int]:
    """Give the rules of an index that cover a category, a purpose and, but for use clauses, a recipient."""
    listing = index.listing(purpose.above, () if to is None else to.above, data.above)
    return [ordinal for ordinal in listing if rules.covers(ordinal, data, purpose, to)]
