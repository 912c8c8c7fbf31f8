"""Decisions of a moment ago, for a gate that may answer by what its ledger said up to some seconds before."""

from __future__ import annotations

import time as time_module
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import ref

from cachetools import TTLCache

from purposegate.engine.decision import Decision
from purposegate.engine.use import Use
from purposegate.ledger.protocol import Ledger

if TYPE_CHECKING:
    from purposegate.gate.procedure import Weighed

_BOOTTIME: Final[int | None] = getattr(time_module, "CLOCK_BOOTTIME", None)
# Time that passes also while the machine sleeps, where the system tells it.
_passing: Final = partial(time_module.clock_gettime, _BOOTTIME) if _BOOTTIME is not None else monotonic
_PEOPLE: Final = 65_536
_OF_ONE_PERSON: Final = 1_024

# Of a use all but the person; nothing that names a claim is kept.
Key = tuple[str, str, str | None, str | None]


class Remembered(NamedTuple):
    """A decision that is kept, and whether it can be given at once: neither the ledger nor the trail is told of it.

    `asked` is for a question, `released` for a release; None where it must be recorded. `until` is when something begins or ends
    by which it was decided, in seconds of the gate's clock since 1970.
    """

    weighed: Weighed
    asked: Decision | None
    released: Decision | None
    until: float


class Recent:
    """Decisions by person, each for at most some seconds from when the first of that person was made.

    Whatever is entered about a person is known at once, where the ledger tells of it.
    """

    __slots__ = ("__weakref__", "_hears", "_known_as", "_lock", "_names", "_now", "_people", "_under", "generation", "ttl")

    def __init__(self, ttl: float, ledger: Ledger, now: Callable[[], float]) -> None:
        """Keep decisions for so many seconds; `now` gives the gate's time in seconds since 1970.

        Raises `ValueError` where the seconds are no time.
        """
        if not 0 < ttl < timedelta.max.total_seconds():
            raise ValueError("`facts_ttl` is a number of seconds")
        self.ttl = ttl
        self._known_as = ledger.known_as
        self._hears = ledger.hears
        self._now = now
        self._under: object = None
        self.generation = 0
        self.begin_again()
        ledger.on_change(_told(ref(self)))

    def begin_again(self) -> None:
        """Begin with nothing kept: at first, and in a child process, where another thread may have held the lock."""
        self._lock = Lock()
        self._people: TTLCache[str, dict[Key, Remembered]] = TTLCache(_PEOPLE, self.ttl, timer=_passing)
        self._names: dict[str, str] = {}
        self.generation += 1

    def found(self, subject: str, key: Key) -> Remembered | None:
        """Give what is kept of a person's use."""
        # INVARIANT: whatever is put in or taken out holds the lock. A look-up only moves the person to the end of an order, in one
        # step of the interpreter; beside a writer it can only fail to find, and then the ledger is asked.
        try:
            kept = self._people[subject][key]
        except KeyError:
            return None
        return kept if self._now() < kept.until else None

    def keep(self, use: Use, kept: Remembered, generation: int, under: object) -> None:
        """Keep a decision that was begun in a generation, under some revisions.

        What was entered since then may say otherwise; and so may another policy, or somebody who is not heard.
        """
        if use.subject is None or not self._hears():
            return
        with self._lock:
            if generation != self.generation or under is not self._under:
                return
            person = self._people.get(use.subject)
            if person is None or len(person) >= _OF_ONE_PERSON:
                person = self._people[use.subject] = {}
                if len(self._names) >= 2 * _PEOPLE:
                    self._people.clear()
                    self._names.clear()
                self._names[self._known_as(use.subject)] = use.subject
            person[use.data_category, use.purpose, use.recipient, use.channel] = kept

    def put_in_force(self, under: object) -> None:
        """Forget everything, and keep from now on what is decided under these revisions."""
        with self._lock:
            self._under = under
        self.forget()

    def forget(self, known_as: str | None = None) -> None:
        """Forget what is kept of a person, or everything."""
        with self._lock:
            self.generation += 1
            if known_as is None:
                self._people.clear()
                self._names.clear()
            else:
                self._people.pop(self._names.pop(known_as, known_as), None)


def _told(recent: ref[Recent]) -> Callable[[str | None], None]:
    def changed(known_as: str | None) -> None:
        kept = recent()
        if kept is not None:
            kept.forget(known_as)

    return changed
