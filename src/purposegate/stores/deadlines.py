"""Operations that are cut off when they take too long, from another thread: the one that waits cannot do it itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread
from time import monotonic, sleep
from types import TracebackType
from typing import Generic, TypeVar

from purposegate.stores.kind import Kind

_log = logging.getLogger("purposegate")


_T = TypeVar("_T")


class Deadlines(Generic[_T]):
    """Cuts off what runs longer than some seconds. Its thread is started when it is first needed, and sleeps while nothing runs."""

    def __init__(self, seconds: float, cut: Callable[[_T], None], kind: Kind) -> None:
        """Allow each operation so many seconds; `cut` ends what an operation waits for."""
        if seconds <= 0:
            raise ValueError("a deadline is some time from now")
        self.seconds = seconds
        self._cut = cut
        self.kind = kind
        self.begin_again()

    def stop(self) -> None:
        """End the thread; it is started again when it is needed. What runs meanwhile is cut off as it would have been."""
        running, busy = self._running, self._busy
        self.begin_again()
        self._running.update(running)
        if running:
            self._watch_from_now_on()
        busy.set()  # so that it sees that it is not wanted

    def begin_again(self) -> None:
        """Begin with nothing running: at first, and in a child process, which inherits no threads."""
        self._running: dict[object, tuple[float, _T]] = {}
        self._busy = Event()
        self._thread: Thread | None = None

    def within(self, operation: _T) -> Within[_T]:
        """Give a block that is cut off when it takes too long."""
        return Within(self, operation)

    def begin(self, token: object, operation: _T) -> None:
        """Watch an operation from now on."""
        self._running[token] = (monotonic() + self.seconds, operation)
        if not self._busy.is_set():
            self._watch_from_now_on()

    def end(self, token: object) -> bool:
        """Watch an operation no more; tell whether it ended in time."""
        return self._running.pop(token, None) is not None

    def runs(self, token: object) -> bool:
        """Tell whether an operation is still in time."""
        return token in self._running

    def _watch_from_now_on(self) -> None:
        if self._thread is None:
            thread = Thread(target=self._watch, name="purposegate-deadlines", daemon=True)
            thread.start()
            self._thread = thread
        self._busy.set()

    def _watch(self) -> None:
        busy, running = self._busy, self._running
        while self._running is running:
            busy.wait()
            sleep(self.seconds / 10)
            now = monotonic()
            for token, (until, operation) in list(running.items()):
                if until < now and running.pop(token, None) is not None:
                    try:
                        self._cut(operation)
                    except Exception as error:  # noqa: BLE001 - it may have ended by itself; the next one is still to be watched
                        _log.debug("an operation of the %s could not be cut off: %s", self.kind.name, type(error).__name__)
            if not running:
                busy.clear()
                if running:  # it began in between
                    busy.set()


class Within(Generic[_T]):
    """One operation that is watched."""

    __slots__ = ("_deadlines", "_operation")

    def __init__(self, deadlines: Deadlines[_T], operation: _T) -> None:
        self._deadlines = deadlines
        self._operation = operation

    def __enter__(self) -> Within[_T]:
        self._deadlines.begin(self, self._operation)
        return self

    def demand(self) -> None:
        """Raise the store's error where it has taken too long: what cutting it off did not end ends here."""
        if not self._deadlines.runs(self):
            raise self._deadlines.kind.too_slow()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if not self._deadlines.end(self) and error is None:
            raise self._deadlines.kind.too_slow()
