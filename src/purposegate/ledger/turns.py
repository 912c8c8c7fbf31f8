"""Turns at something that only one thread at a time may do: whoever waits longest is next, so that nobody waits for ever."""

from __future__ import annotations

from collections import deque
from threading import Lock


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
