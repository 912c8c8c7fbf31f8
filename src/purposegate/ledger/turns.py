"""Who may do something now: one thread at a time, whoever waits longest; or all of them, but for a pause."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Lock


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
        came = False
        try:
            came = mine.acquire(timeout=timeout)
        finally:
            if not came:
                came = self._leave(mine)
        return came

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
    """What several threads do at once, and what can be held up until none of them does it."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._running = 0
        self._paused = False

    @contextmanager
    def running(self) -> Iterator[None]:
        """Give a block that no pause falls into; it waits for the end of one."""
        with self._changed:
            self._changed.wait_for(lambda: not self._paused)
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def pause(self, timeout: float) -> None:
        """Let nothing begin, and wait until nothing runs, or for so many seconds."""
        with self._changed:
            self._paused = True
            self._changed.wait_for(lambda: self._running == 0, timeout)

    def go_on(self) -> None:
        """End the pause."""
        with self._changed:
            self._paused = False
            self._changed.notify_all()
