"""Every rule that permits, in columns: a hundred thousand rules are a few arrays, and not a million objects.

A rule is its ordinal: use clauses first, then provisions, then exceptions, each in the order of the file. What many rules say alike
(a list of names, a clause, a quote) is kept once and told by its number.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

from purposegate.policy.hierarchy import Hierarchy, Reach
from purposegate.policy.terms import ANY, Names

NUMBERS: Final = "I"
PLACES: Final = "Q"
_T = TypeVar("_T")


class Kind(StrEnum):
    """The three kinds of rule that permit."""

    USE = "use clause"
    PROVISION = "provision"
    EXCEPTION = "exception"


@dataclass(frozen=True, slots=True, eq=False)
class Scopes:
    """The lists of names that rules state for one of data, purposes and recipients.

    Scope `n` lists the names `members[starts[n]:starts[n + 1]]`, or everything where `n` is in `everything`; `excepted` holds what
    it leaves out.
    """

    hierarchy: Hierarchy
    starts: array[int]
    members: array[int]
    everything: frozenset[int]
    excepted: dict[int, tuple[int, ...]]

    def listed(self, scope: int) -> array[int] | None:
        """Give the numbers of the names that a scope lists; None for everything."""
        return None if scope in self.everything else self.members[self.starts[scope] : self.starts[scope + 1]]

    def named(self, scope: int) -> Names:
        """Give the names that a scope lists, or `any`."""
        listed = self.listed(scope)
        return ANY if listed is None else tuple(map(self.hierarchy.name, listed))

    def covers(self, scope: int, reach: Reach) -> bool:
        """Tell whether a name is ≤ one that is listed and overlaps none that is excepted."""
        listed = self.listed(scope)
        if listed is not None and reach.above.isdisjoint(listed):
            return False
        excepted = self.excepted.get(scope)
        return excepted is None or reach.overlapping.isdisjoint(excepted)

    def overlaps(self, scope: int, reach: Reach) -> bool:
        """Tell whether a name shares something lying under it with one that is listed."""
        listed = self.listed(scope)
        return listed is None or not reach.overlapping.isdisjoint(listed)


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """The rules of a policy. The columns `data` to `provision_only` are read at a rule's ordinal.

    `clauses` and `quotes` point into `texts`, `channels` into `channel_lists` (None is any), `conditions` into `condition_lists`;
    `places` are packed positions in the file (line and column from 0, 32 bits each).
    """

    uses: int
    provisions: int
    exceptions: int
    data_scopes: Scopes
    purpose_scopes: Scopes
    recipient_scopes: Scopes
    texts: tuple[str, ...]
    channel_lists: tuple[tuple[str, ...] | None, ...]
    condition_lists: tuple[tuple[str, ...], ...]
    data: array[int]
    purposes: array[int]
    recipients: array[int]
    clauses: array[int]
    quotes: array[int]
    places: array[int]
    channels: array[int]
    conditions: array[int]
    provision_only: frozenset[int]

    def __len__(self) -> int:
        return len(self.data)

    def kind(self, ordinal: int) -> Kind:
        """Tell which kind of rule one is."""
        if ordinal < self.uses:
            return Kind.USE
        return Kind.PROVISION if ordinal < self.uses + self.provisions else Kind.EXCEPTION

    def covers(self, ordinal: int, data: Reach, purpose: Reach, to: Reach | None) -> bool:
        """Tell whether a rule covers a category, a purpose and, but for a use clause, a recipient."""
        return (
            self.data_scopes.covers(self.data[ordinal], data)
            and self.purpose_scopes.covers(self.purposes[ordinal], purpose)
            and (to is None or self.recipient_scopes.covers(self.recipients[ordinal], to))
        )


class _Pool(Generic[_T]):
    """Keeps each value once and tells it by its number."""

    def __init__(self) -> None:
        self.numbers: dict[_T, int] = {}

    def number(self, value: _T) -> int:
        return self.numbers.setdefault(value, len(self.numbers))

    def values(self) -> tuple[_T, ...]:
        return tuple(self.numbers)


class RulesWriter:
    """Writes rules into columns, in the order of their kinds."""

    def __init__(self, categories: Hierarchy, purposes: Hierarchy, recipients: Hierarchy) -> None:
        """Begin with the declared names."""
        self._hierarchies = (categories, purposes, recipients)
        self._scopes: tuple[_Pool[tuple[Names, tuple[str, ...]]], ...] = (_Pool(), _Pool(), _Pool())
        self._texts: _Pool[str] = _Pool()
        self._channel_lists: _Pool[tuple[str, ...] | None] = _Pool()
        self._condition_lists: _Pool[tuple[str, ...]] = _Pool()
        self._counts = dict.fromkeys(Kind, 0)
        self._columns = tuple(array(NUMBERS) for _ in range(7))
        self._places = array(PLACES)
        self._provision_only: set[int] = set()

    def add(
        self,
        kind: Kind,
        *,
        clause: str,
        quote: str,
        place: int,
        data: Names,
        purposes: Names,
        recipients: Names,
        excepted: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]],
        channels: Names,
        conditions: tuple[str, ...],
        provision_only: bool,
    ) -> None:
        """Write one rule; every name is declared."""
        if provision_only:
            self._provision_only.add(len(self._places))
        self._counts[kind] += 1
        self._places.append(place)
        in_data, in_purposes, in_recipients = self._scopes
        numbers = (
            in_data.number((data, excepted[0])),
            in_purposes.number((purposes, excepted[1])),
            in_recipients.number((recipients, excepted[2])),
            self._texts.number(clause),
            self._texts.number(quote),
            self._channel_lists.number(None if channels == ANY else channels),
            self._condition_lists.number(conditions),
        )
        for column, number in zip(self._columns, numbers, strict=True):
            column.append(number)

    def written(self) -> Rules:
        """Give what was written."""
        data_scopes, purpose_scopes, recipient_scopes = map(_scopes, self._hierarchies, self._scopes)
        data, purposes, recipients, clauses, quotes, channels, conditions = self._columns
        return Rules(
            uses=self._counts[Kind.USE],
            provisions=self._counts[Kind.PROVISION],
            exceptions=self._counts[Kind.EXCEPTION],
            data_scopes=data_scopes,
            purpose_scopes=purpose_scopes,
            recipient_scopes=recipient_scopes,
            texts=self._texts.values(),
            channel_lists=self._channel_lists.values(),
            condition_lists=self._condition_lists.values(),
            data=data,
            purposes=purposes,
            recipients=recipients,
            clauses=clauses,
            quotes=quotes,
            places=self._places,
            channels=channels,
            conditions=conditions,
            provision_only=frozenset(self._provision_only),
        )


def _scopes(hierarchy: Hierarchy, pool: _Pool[tuple[Names, tuple[str, ...]]]) -> Scopes:
    starts, members = array(NUMBERS, [0]), array(NUMBERS)
    everything: set[int] = set()
    excepted: dict[int, tuple[int, ...]] = {}
    for scope, (names, left_out) in enumerate(pool.values()):
        if names == ANY:
            everything.add(scope)
        else:
            members.extend(map(hierarchy.number, names))
        starts.append(len(members))
        if left_out:
            excepted[scope] = numbers(hierarchy, left_out)
    return Scopes(hierarchy, starts, members, frozenset(everything), excepted)


def numbers(hierarchy: Hierarchy, names: Iterable[str]) -> tuple[int, ...]:
    """Give the numbers of declared names."""
    return tuple(map(hierarchy.number, names))
