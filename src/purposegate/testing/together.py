"""Threads that do something at once, and processes beside each other."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from threading import Thread
from typing import Final

_STDERR: Final = 2  # its number: what Python has in its place may have none, or be kept unwritten


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
    """Tell whether something goes well in a forked process: it neither raises nor gives False, within so many seconds.

    What it raises, and where it hangs, is written to the standard error.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python warns of what is done here on purpose
        pid = os.fork()
    if pid == 0:
        code = 1
        try:
            faulthandler.dump_traceback_later(within * 0.5, file=_STDERR)  # whoever kills it knows nothing of its threads
            code = 1 if work() is False else 0
        except BaseException:  # noqa: BLE001 - told to whoever reads the output: the process ends here
            os.write(_STDERR, traceback.format_exc().encode(errors="backslashreplace"))
        finally:
            os._exit(code)
    until = time.monotonic() + within
    while (ended := os.waitpid(pid, os.WNOHANG))[0] == 0:
        if time.monotonic() > until:
            sys.stderr.write(f"the forked process did not end within {within} seconds and is killed\n")
            os.kill(pid, signal.SIGKILL)
            ended = os.waitpid(pid, 0)
            break
        time.sleep(0.002)
    return os.waitstatus_to_exitcode(ended[1]) == 0
