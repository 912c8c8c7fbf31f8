"""Threads that do something at once."""

from __future__ import annotations

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
