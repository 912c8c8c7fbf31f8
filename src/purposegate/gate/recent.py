"""Decisions of a moment ago, for a gate that may answer by what its ledger said up to some seconds before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
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

_PEOPLE: Final = 65_536
_OF_ONE_PERSON: Final = 1_024

# Of a use all but the person; nothing that names a claim is kept.
Key = tuple[str, str, str | None, str | None]


class Decided(NamedTuple):
    """A decision that may be kept, and whether it can be given at once: neither the ledger nor the trail is told of it.

    `asked` is for a question, `released` for a permitted release; None where it must be recorded. `until` is when its time is over,
    in seconds of the gate's clock since 1970: a clock that leaps, or a machine that slept, brings it to its end.
    """

    weighed: Weighed
    asked: Decision | None
    released: Decision | None
    until: float


@dataclass(frozen=True, slots=True, eq=False)
class Remembered:
    """A decision that is kept, until an instant of the time that passes on this machine whatever its clock says."""

    weighed: Weighed
    asked: Decision | None
    released: Decision | None
    until: float
    kept_until: float


class Recent:
    """Decisions by person, each for at most some seconds from when the first of that person was made.

    Whatever is entered about a person is known at once, where the ledger tells of it.
    """

    __slots__ = (
        "__weakref__",
        "_at_hand",
        "_hears",
        "_known_as",
        "_lock",
        "_names",
        "_now",
        "_people",
        "_under",
        "generation",
        "ttl",
    )

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
        self._people: TTLCache[str, dict[Key, Remembered]] = TTLCache(_PEOPLE, self.ttl)
        # The same, for looking up: a plain dictionary takes half of the time, and each decision knows how long it is kept.
        self._at_hand: dict[str, dict[Key, Remembered]] = {}
        self._names: dict[str, str] = {}
        self.generation += 1

    def found(self, subject: str, key: Key) -> Remembered | None:
        """Give what is kept of a person's use."""
        # INVARIANT: whatever is put in or taken out holds the lock. To look without it is one step of the interpreter.
        try:
            kept = self._at_hand[subject][key]
        except KeyError:
            return None
        return kept if monotonic() < kept.kept_until and self._now() < kept.until else None

    def keep(self, use: Use, decided: Decided, generation: int, under: object) -> None:
        """Keep a decision that was begun in a generation, under some revisions.

        What was entered since then may say otherwise; and so may another policy, or somebody who is not heard.
        """
        subject = use.subject
        if subject is None or not self._hears():
            return
        with self._lock:
            if generation != self.generation or under is not self._under:
                return
            person = self._people.get(subject)
            if person is None or len(person) >= _OF_ONE_PERSON:
                person = self._people[subject] = {}
                if len(self._names) >= 2 * _PEOPLE:
                    self._clear()
                self._names[self._known_as(subject)] = subject
                self._at_hand[subject] = person
            # What is kept of a person is kept no longer than what came first of it.
            kept_until = next(iter(person.values())).kept_until if person else monotonic() + self.ttl
            key = (use.data_category, use.purpose, use.recipient, use.channel)
            person[key] = Remembered(*decided, kept_until)

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
                self._clear()
            else:
                subject = self._names.pop(known_as, known_as)
                self._people.pop(subject, None)
                self._at_hand.pop(subject, None)

    def _clear(self) -> None:
        self._people.clear()
        self._at_hand.clear()
        self._names.clear()


def _told(recent: ref[Recent]) -> Callable[[str | None], None]:
    def changed(known_as: str | None) -> None:
        kept = recent()
        if kept is not None:
            kept.forget(known_as)

    return changed
