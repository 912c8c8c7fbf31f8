"""Looks at a policy's files now and then, and says when they have changed and come to rest.

It looks through links at what they lead to, by name, so that it sees a file that is written in place, one that is replaced, and a
folder that is swapped beneath a link, as Kubernetes does with a ConfigMap; and it works where the kernel tells of no changes, as
on network file systems.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from time import time_ns
from typing import Final

from purposegate.policy.files import Files

EVERY: Final = 1.0  # seconds between two looks
# A file that was written so shortly before it was looked at may be written once more within the same tick of its clock.
_TICK: Final = 2_000_000_000

_log = logging.getLogger("purposegate")

# What each file held, as `Files` keeps it.
Digests = Mapping[Path, str | None]
_Stamp = tuple[int, int, int, int, int] | None


class Watcher:
    """A thread that calls back when files hold something else than they did, and the same in two looks running.

    A file that is still being written is not taken for a policy. `changed` is told what the files held, and says which are to be
    watched from then on and what they held when it read them; None ends the watching.
    """

    def __init__(self, seen: Digests, changed: Callable[[Digests], Digests | None]) -> None:
        """Watch for what differs from what was seen."""
        self._seen = seen
        self._changed = changed
        self.start()

    def start(self) -> None:
        """Begin to watch; also again, in a child process, which inherits no threads and perhaps an event that one of them held."""
        self._stopped = Event()
        self._abandoned = False
        Thread(target=self._watch, name="purposegate-watch", daemon=True).start()

    def saw(self, seen: Digests) -> None:
        """Take note of what somebody else read and put in force."""
        self._seen = {**self._seen, **seen}

    def stop(self) -> None:
        """Watch no more."""
        self._stopped.set()

    def abandon(self) -> None:
        """Watch no more after the next look: for the garbage collector, which may come while its thread holds the event's lock."""
        self._abandoned = True

    def _watch(self) -> None:
        last = _Look({}, {}, 0)
        stopped = self._stopped
        while not stopped.wait(EVERY) and not self._abandoned:
            try:
                look = _Look.at(self._seen, last)
                at_rest, last = look.digests == last.digests, look
                if at_rest and look.digests != self._seen:
                    seen = self._changed(look.digests)
                    if seen is None:
                        return
                    self._seen = {**look.digests, **seen}
            except Exception as error:  # noqa: BLE001 - no memory for a look, a log that raises: the next look is a new chance
                with suppress(Exception):
                    _log.error("the policy's files were not looked at: %s", type(error).__name__)


class _Look:
    """What files held at an instant, and the stamps that tell without reading whether that can have changed."""

    def __init__(self, digests: Digests, stamps: Mapping[Path, _Stamp], at: int) -> None:
        self.digests = digests
        self._stamps = stamps
        self._at = at

    @classmethod
    def at(cls, paths: Iterable[Path], before: _Look) -> _Look:
        """Look at files now; those that cannot have changed since an earlier look are not read again."""
        now = time_ns()
        stamps = {path: _stamp(path) for path in paths}
        files = Files()
        for path, stamp in stamps.items():
            if before.holds(path, stamp):
                files.digests[path] = before.digests[path]
            else:
                files.look(path)
        return cls(files.digests, stamps, now)

    def holds(self, path: Path, stamp: _Stamp) -> bool:
        """Tell whether a file that has this stamp still holds what it held."""
        return stamp is not None and self._stamps.get(path) == stamp and max(stamp[3:]) < self._at - _TICK


def _stamp(path: Path) -> _Stamp:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
