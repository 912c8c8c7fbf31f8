"""Operations that are cut off when they take too long, from another thread: the one that waits cannot do it itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic, sleep

_log = logging.getLogger("purposegate")


class Deadlines:
    """Cuts off what runs longer than some seconds. Its thread is started when it is first needed, and sleeps while nothing runs."""

    def __init__(self, seconds: float) -> None:
        """Allow each operation so many seconds."""
        if seconds <= 0:
            raise ValueError("a deadline is some time from now")
        self.seconds = seconds
        self.begin_again()

    def begin_again(self) -> None:
        """Begin with nothing running: at first, and in a child process, which inherits no threads."""
        self._running: dict[object, tuple[float, Callable[[], None]]] = {}
        self._busy = Event()
        self._thread: Thread | None = None

    @contextmanager
    def within(self, cut: Callable[[], None]) -> Iterator[None]:
        """Give a block that `cut` is called for when it takes too long."""
        token = object()
        self._running[token] = (monotonic() + self.seconds, cut)
        if not self._busy.is_set():
            self._busy.set()
            if self._thread is None:
                self._thread = Thread(target=self._watch, name="purposegate-deadlines", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            self._running.pop(token, None)

    def _watch(self) -> None:
        busy, running = self._busy, self._running
        while self._running is running:
            busy.wait()
            sleep(self.seconds / 10)
            now = monotonic()
            for token, (until, cut) in list(running.items()):
                if until < now and running.pop(token, None) is not None:
                    try:
                        cut()
                    except Exception as error:  # noqa: BLE001 - it may have ended by itself; the next one is still to be watched
                        _log.debug("an operation of the ledger could not be cut off: %s", type(error).__name__)
            if not running:
                busy.clear()
                if running:  # it began in between
                    busy.set()
