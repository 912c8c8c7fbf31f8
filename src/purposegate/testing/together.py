"""Threads that do something at once, and processes beside each other."""

from __future__ import annotations

import os
import signal
import time
import warnings
from collections.abc import Callable, Sequence
from threading import Thread


def at_once(works: Sequence[Callable[[], None]]) -> None:
    """Do all at once, a thread each; raise what any of them raised."""
    raised: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised below, in the thread that asks
            raised.append(error)

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in raised:
        raise error


def in_a_child(work: Callable[[], object], within: float = 20.0) -> bool:
    """Tell whether something goes well in a forked process: it neither raises nor gives False, within so many seconds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python warns of what is done here on purpose
        pid = os.fork()
    if pid == 0:
        code = 1
        try:
            code = 1 if work() is False else 0
        finally:
            os._exit(code)
    until = time.monotonic() + within
    while (ended := os.waitpid(pid, os.WNOHANG))[0] == 0:
        if time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.002)
    return os.waitstatus_to_exitcode(ended[1]) == 0
