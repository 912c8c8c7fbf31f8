"""Who may do something now: one thread at a time, whoever waits longest; or all of them, but for a pause."""

from __future__ import annotations

from collections import deque
from threading import Event, Lock, get_ident
from time import monotonic, sleep
from types import TracebackType
from typing import Final

_LOOK: Final = 0.001  # seconds between two looks at whether anything still runs


class Turns:
    """A lock that is handed on in the order in which it was asked for.

    A plain one may be taken again and again by a thread that gives it back in a loop, while a withdrawal waits.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: deque[Lock] = deque()
        self._taken = False

    def take(self, timeout: float) -> bool:
        """Wait for the turn, and tell whether it came within so many seconds."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        try:
            return mine.acquire(timeout=timeout) or self._leave(mine)
        except BaseException:
            if self._leave(mine):
                self.give_back()
            raise

    def give_back(self) -> None:
        """Hand the turn on to whoever waits longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

    def _leave(self, mine: Lock) -> bool:
        """Wait no more; tell whether the turn has come all the same."""
        with self._lock:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        return True


class Pausing:
    """What several threads do at once, each in a `with` block, and what can be held up until none of them does it."""

    def __init__(self) -> None:
        self._paused = False
        self._going = Event()
        self._depths: dict[int, int] = {}

    def __enter__(self) -> None:
        depths, thread = self._depths, get_ident()
        depths[thread] = depths.get(thread, 0) + 1
        # INVARIANT: it is counted first and looks whether it may go on then; a pause says so first, and counts then.
        while self._paused and depths[thread] == 1:
            del depths[thread]
            self._going.wait()
            depths[thread] = 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        depths, thread = self._depths, get_ident()
        if depths[thread] == 1:
            del depths[thread]
        else:
            depths[thread] -= 1

    def pause(self, timeout: float) -> None:
        """Let nothing begin, and wait until nothing runs, or for so many seconds."""
        self._going.clear()
        self._paused = True
        until = monotonic() + timeout
        while self._depths and monotonic() < until:
            sleep(_LOOK)

    def go_on(self) -> None:
        """End the pause."""
        self._paused = False
        self._going.set()
