"""Records as lines of JSON into a pipe, a socket or the standard output, for a program that collects them."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from threading import RLock
from typing import Protocol
from weakref import WeakSet

from purposegate.errors import TrailError
from purposegate.trail.lines import lines_of
from purposegate.trail.record import Record, Sink
from purposegate.trail.surrounding import close_inner, demand_no_disk, interrupting


class HasFileNumber(Protocol):
    """A file of Python's, such as `sys.stdout`."""

    def fileno(self) -> int:
        """Give the number of the file."""
        ...


class PipeSink:
    """Writes records as lines of JSON (docs/trail.md) once the inner sink has kept them; safe to share between threads.

    A line survives the end of the process once it is written, and whoever reads the pipe has it. It is not on a disk: without an
    inner sink, a call of the gate with a record that has to survive a loss of power raises `TrailError`. So does a pipe that nobody
    reads any more; one that is read too slowly makes the gate wait. What Python itself keeps of a file unwritten is not looked at.
    """

    def __init__(self, pipe: int | HasFileNumber, inner: Sink | None = None) -> None:
        """Write into a file by its number, or into one of Python's; it stays the caller's to close."""
        self._number = pipe if isinstance(pipe, int) else pipe.fileno()
        self._inner = inner
        self._torn = False
        self._sending = False
        self._begin_again()
        _sinks.add(self)

    def write(self, records: Sequence[Record]) -> None:
        """Keep records in the inner sink, and write them whole, one call after the other."""
        if self._inner is None:
            demand_no_disk(records, "a pipe is no disk")
        else:
            self._inner.write(records)
        data = lines_of(records)
        # One that can be taken again: to wait for whom a signal's handler has interrupted would be to wait for ever.
        with self._lock:
            if self._sending:
                raise interrupting()
            try:
                self._sending = True
                self._send(b"\n" + data if self._torn else data)
            finally:
                self._sending = False

    def close(self) -> None:
        """Close the inner sink."""
        close_inner(self._inner)

    def _begin_again(self) -> None:
        self._lock = RLock()
        self._sending = False

    def _send(self, data: bytes) -> None:
        """Write all of it; what follows a line that was torn begins on a line of its own."""
        left = memoryview(data)
        try:
            while left:
                left = left[os.write(self._number, left) :]
                self._torn = bool(left)
        except BaseException as error:
            if not isinstance(error, OSError):  # an interrupt: how much was written is not known
                self._torn = True
                raise
            cause = errno.errorcode.get(error.errno or 0, "EIO")
        else:
            return
        raise TrailError(f"the trail cannot be written ({cause})")


_sinks: WeakSet[PipeSink] = WeakSet()


def _after_fork() -> None:
    for sink in list(_sinks):
        sink._begin_again()  # noqa: SLF001 - another thread may have held the lock


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
