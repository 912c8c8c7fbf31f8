"""Under which released uses code runs: on each way to a place, what was checked, guarded or put under a purpose before.

INVARIANT: a way is never dropped but for one with fewer covers, so that a place counts as covered only where every way to it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from purposegate.tools.scanning.sighting import How, Judge, Place

_MOST: Final = 12


class Cover(NamedTuple):
    """A use that was released before; without a category, a purpose that whatever is read stands under."""

    how: How
    judge: Judge
    data_category: str | None
    purpose: str | None
    recipient: str | None
    place: Place
    subject: bool = False
    refuses: bool = False
    channel: str | None = None


Way = frozenset[Cover]
Ways = frozenset[Way]

UNCOVERED: Final[Ways] = frozenset({frozenset()})
NOWHERE: Final[Ways] = frozenset()


def joined(first: Ways, second: Ways) -> Ways:
    """Give the ways to a place that can be come to by either."""
    return fewest(first | second)


def any_of(ends: Iterable[Ways]) -> Ways:
    """Give the ways to a place that can be come to from each of these."""
    return fewest(frozenset[Way]().union(*ends))


def released(ways: Ways, covers: Iterable[Cover]) -> Ways:
    """Give the ways after uses were released."""
    more = frozenset(covers)
    return frozenset(way | more for way in ways) if more else ways


def withdrawn(ways: Ways, covers: Iterable[Cover]) -> Ways:
    """Give the ways after a block has ended."""
    less = frozenset(covers)
    return frozenset(way - less for way in ways) if less else ways


def fewest(ways: Ways) -> Ways:
    """Leave out a way that has all the covers of another; of too many, keep what they have in common."""
    if len(ways) <= 1:
        return ways
    if frozenset() in ways:
        return UNCOVERED
    least = frozenset(way for way in ways if not any(other < way for other in ways))
    return least if len(least) <= _MOST else frozenset({frozenset.intersection(*least)})
