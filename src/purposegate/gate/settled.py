"""Decisions that stay the same until the policy changes: the table that `check` reads first.

It is bounded whatever names callers send in. Uses of declared names are the policy's own, and their number is large enough to hold
those of any service; instances of recipients are the callers' to name, without number, and push out only one another.
"""

from __future__ import annotations

from collections import deque
from typing import Final, Generic, TypeVar

# Category, purpose, recipient; no recipient is the controller itself.
Triple = tuple[str, str, str | None]

DECLARED_LIMIT: Final = 131_072
INSTANCES_LIMIT: Final = 16_384

_T = TypeVar("_T")


class Settled(Generic[_T]):
    """Settled decisions by their names; the oldest go first. Safe to share between threads.

    `table` is a plain dictionary that is only read from outside: a look-up in it is all that a settled `check` costs.
    """

    __slots__ = ("_declared", "_instances", "table")

    def __init__(self) -> None:
        self.table: dict[Triple, _T] = {}
        self._declared: deque[Triple] = deque()
        self._instances: deque[Triple] = deque()

    def keep(self, triple: Triple, decision: _T) -> None:
        """Keep what was decided over known names."""
        recipient = triple[2]
        names, limit = (
            (self._instances, INSTANCES_LIMIT) if recipient is not None and "/" in recipient else (self._declared, DECLARED_LIMIT)
        )
        # INVARIANT: into the table before the queue, so that whatever stands in the table has a place in the queue or is about to.
        self.table[triple] = decision
        names.append(triple)
        while len(names) > limit:
            try:
                self.table.pop(names.popleft(), None)
            except IndexError:
                return  # another thread was first
