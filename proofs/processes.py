"""Processes that a proof begins, kills and hears, and what it counts of them."""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Final

PATIENCE: Final = 120.0  # seconds in which a process must have said what it has to say

Child = Callable[[IO[str], IO[str]], None]


@dataclass
class Outcome:
    """What was counted on one database, and what does not hold."""

    what: str
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def expect(self, holds: bool, message: str) -> None:  # noqa: FBT001 - whether it holds
        """Note what does not hold."""
        if not holds:
            self.wrong.append(message)

    def __str__(self) -> str:
        told = ", ".join(f"{count:,} {what}" for what, count in sorted(self.counts.items()))
        return f"{self.what}: {told}" + "".join(f"\n  NOT PROVEN: {message}" for message in self.wrong)


@contextmanager
def several(count: int, child: Callable[[int], Child]) -> Iterator[list[tuple[int, IO[str], IO[str]]]]:
    """Run several children at once."""
    if count == 0:
        yield []
        return
    with forked(child(count - 1)) as last, several(count - 1, child) as others:
        yield [*others, last]


@contextmanager
def forked(child: Child) -> Iterator[tuple[int, IO[str], IO[str]]]:
    """Run a child process; give its id, what it says and where it is told something."""
    warnings.filterwarnings("ignore", message=".*fork", category=DeprecationWarning)  # it opens a ledger of its own
    (orders, ordering), (heard, telling) = os.pipe(), os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(ordering)
            os.close(heard)
            with os.fdopen(orders) as read, os.fdopen(telling, "w") as write:
                child(read, write)
        except BaseException:  # noqa: BLE001 - a child must not go on as its parent
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(orders)
    os.close(telling)
    with os.fdopen(heard) as said, os.fdopen(ordering, "w") as told:
        try:
            yield pid, said, told
        finally:
            with_patience(pid)


def with_patience(pid: int) -> None:
    """Wait for a child to end; kill it where it does not."""
    until = time.monotonic() + PATIENCE
    while os.waitpid(pid, os.WNOHANG) == (0, 0):
        if time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.002)
