"""Writes of several threads, done together: whoever comes first does it for all who wait by then, and hands over to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock, RLock
from time import monotonic
from typing import Generic, TypeVar

from purposegate.errors import PurposegateError
from purposegate.stores.kind import Kind

_T = TypeVar("_T")


class Grouping(Generic[_T]):
    """Groups what threads want written; `write` is given all of it, and gives for each why it was refused, or None."""

    def __init__(self, write: Callable[[Sequence[_T]], Sequence[PurposegateError | None]], patience: float, kind: Kind) -> None:
        """Wait for somebody else to write it, or for one's turn, so many seconds at most."""
        self._write = write
        self._patience = patience
        self._kind = kind
        self.begin_again()

    def begin_again(self) -> None:
        """Begin with nobody waiting: at first, and in a child process, where another thread may have held the lock."""
        # Held for some steps only, and may be taken again by a signal's handler that comes between them.
        self._lock = RLock()
        self._waiting: list[_Waiting[_T]] = []
        self._led = False

    def write(self, wanted: _T) -> None:
        """Have something written, and return when it is; raise the store's error where it was refused or took too long."""
        mine = _Waiting(wanted)
        try:
            with self._lock:
                self._waiting.append(mine)
                mine.leads, self._led = not self._led, True
            if not mine.leads and not mine.told.acquire(timeout=self._patience):
                self._give_up(mine)
            if mine.leads:
                self._lead(mine)
        except BaseException:
            self._abandon(mine)
            raise
        if mine.refused is not None:
            raise mine.refused

    def _give_up(self, mine: _Waiting[_T]) -> None:
        """Wait no more, unless it has just become one's own turn; what is being written may be kept all the same."""
        with self._lock:
            if mine.leads:
                return
        raise self._kind.too_slow()

    def _abandon(self, mine: _Waiting[_T]) -> None:
        """Leave whoever waits as if this one had never come: a lead that it had just been given goes on to the next."""
        with self._lock:
            if mine in self._waiting:
                self._waiting.remove(mine)
            if mine.leads:
                self._hand_over(mine)

    def _lead(self, mine: _Waiting[_T]) -> None:
        with self._lock:
            group, self._waiting = self._waiting, []
        interrupted = f"the {self._kind.name} was interrupted"
        outcomes: Sequence[PurposegateError | None] = [self._kind.error(interrupted) for _ in group]
        try:
            outcomes = self._write([each.wanted for each in group])
        finally:
            with self._lock:
                self._hand_over(mine)
            for each, refused in zip(group, outcomes, strict=True):
                each.refused = refused
                if each is not mine:
                    each.told.release()

    def _hand_over(self, mine: _Waiting[_T]) -> None:
        """Let the next one lead; the lock is held."""
        mine.leads = False
        following = self._waiting[0] if self._waiting else None
        self._led = following is not None
        if following is not None:
            following.leads = True
            following.told.release()


def committed(
    batch: Sequence[_T], commit: Callable[[Sequence[_T]], Sequence[PurposegateError | None]], kind: Kind, deadline: float
) -> Sequence[PurposegateError | None]:
    """Commit what is waited for; after a lost connection once more, under the same ids, which are kept once.

    What cannot be written together is written one by one, so that nobody is refused for another's sake. Gives for each why it was
    refused, or None.
    """
    began = monotonic()
    try:
        return commit(batch)
    except kind.error as error:
        failed = error
    if monotonic() - began < deadline / 2:
        if len(batch) > 1:
            return [outcome for each in batch for outcome in committed([each], commit, kind, deadline)]
        if isinstance(failed, kind.lost):
            try:
                return commit(batch)
            except kind.error as error:
                failed = error
    return [kind.error(*failed.args) for _ in batch]  # each is raised in a thread of its own


class _Waiting(Generic[_T]):
    """What one thread waits for."""

    __slots__ = ("leads", "refused", "told", "wanted")

    def __init__(self, wanted: _T) -> None:
        self.wanted = wanted
        self.leads = False
        self.refused: PurposegateError | None = None
        self.told = Lock()
        self.told.acquire()
