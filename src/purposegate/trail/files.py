"""A trail in files: lines of JSON in a folder, a file for each process, sealed with SHA-256 (docs/trail.md).

A record is handed to the kernel by one `os.write` before anything is released, and survives the end of its process from then on;
no lock is taken for it, for what is appended to a file is appended whole. A thread seals what was appended within the
times below. What must be on the disk is sealed and synced first, for all threads that wait by then together.
"""

from __future__ import annotations

import atexit
import errno
import fcntl
import logging
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import wraps
from pathlib import Path
from secrets import token_hex
from threading import Event, RLock, Thread
from time import monotonic, sleep, time_ns
from typing import Concatenate, Final, ParamSpec, TypeVar
from weakref import WeakSet, ref

from purposegate.errors import TrailError
from purposegate.stores.grouping import Grouping
from purposegate.stores.kind import Kind
from purposegate.trail.appending import NO_FILE, appending
from purposegate.trail.chain import LONGEST_RECORD
from purposegate.trail.lines import lines_of
from purposegate.trail.mending import heads_in, mend_others
from purposegate.trail.record import Durability, Record
from purposegate.trail.sealing import CutError, SealedFile, identity_of
from purposegate.trail.surrounding import interrupting

_BUSY: Final = 0.05  # seconds between two seals while records come
_IDLE: Final = 0.2  # seconds between two looks while none come
_GRACE: Final = 0.2  # seconds after which nobody writes any more into a file that was left
_AGAIN: Final = 0.1  # seconds after a failure to begin a file within which it is not tried again
_PATIENCE: Final = 60.0  # seconds within which a file is ended that cannot be ended at once
_HIGH: Final = 500
_TRAIL: Final = Kind("trail", TrailError, TrailError)
_LARGEST: Final = 256 * 1024 * 1024

_log = logging.getLogger("purposegate")


_P = ParamSpec("_P")
_T = TypeVar("_T")


def _alone(method: Callable[Concatenate[FileSink, _P], _T]) -> Callable[Concatenate[FileSink, _P], _T]:
    """Have one thread at a time do it; raise `TrailError` where a signal's handler asks for it in the midst of it."""

    @wraps(method)
    def alone(sink: FileSink, /, *args: _P.args, **options: _P.kwargs) -> _T:
        # One that can be taken again: to wait for whom one has interrupted would be to wait for ever.
        with sink._lock:  # noqa: SLF001 - a part of the sink
            if sink._within:  # noqa: SLF001 - as above
                raise interrupting()
            try:
                sink._within = True  # noqa: SLF001 - as above
                return method(sink, *args, **options)
            finally:
                sink._within = False  # noqa: SLF001 - as above

    return alone


class FileSink:
    """Keeps records in a folder; safe to share between threads, and over a fork: each process writes a file of its own.

    `durability` is what every record survives at least: the end of the process (`process`), or a loss of power too (`disk`), which
    records of what goes to third parties always do. A file that has grown to `largest` bytes is ended, and another one begun.
    `deadline` is for how many seconds a record waits for the disk.
    """

    def __init__(
        self,
        folder: str | Path,
        *,
        durability: Durability = Durability.PROCESS,
        largest: int = _LARGEST,
        deadline: float = 5.0,
    ) -> None:
        """Begin a file in the folder, which is made where there is none; end those of processes that were killed.

        Raises `TrailError` where nothing can be written there.
        """
        self.folder = Path(folder).absolute()  # a later change of the working directory means no other folder
        self._on_disk = Durability(durability) is Durability.DISK
        self._largest = largest
        self._deadline = deadline
        self._number = self._nowhere = NO_FILE
        self._nothing = (NO_FILE, NO_FILE)
        self._begin_again()
        self._begin()
        _sinks.add(self)

    def write(self, records: Sequence[Record]) -> None:
        """Keep records, as durably as each of them demands, in one write; raise `TrailError` where that cannot be."""
        before = self._unsynced
        self._append(lines_of(records, longest=LONGEST_RECORD))
        if self._on_disk or any(record.durability is Durability.DISK for record in records):
            self._wait_for_the_disk(before)

    def prepared(self, record: Record) -> Callable[[str | None], None] | None:
        """Give what keeps a record like this one, of now and for the subject passed; None where `write` is a subclass's."""
        if type(self).write is not FileSink.write:
            return None
        keep = self._alike(record)
        if not self._on_disk and record.durability is Durability.PROCESS:
            return keep

        def keep_on_the_disk(subject: str | None) -> None:
            before = self._unsynced
            keep(subject)
            self._wait_for_the_disk(before)

        return keep_on_the_disk

    def __del__(self) -> None:
        # INVARIANT: the event is not set: the garbage collector may come in the thread that waits for it, while that holds the
        # event's lock. The thread sees by itself that the sink is gone.
        with suppress(AttributeError):  # it was never made
            self._end()
            self._give_back()

    @_alone
    def _begin(self) -> None:
        self._open()

    @_alone
    def close(self) -> None:
        """Seal the end of the file; another one is begun when the sink is used again."""
        self._stopped.set()
        self._end()

    def _end(self) -> None:
        if self._file is not None:
            self._leave()
            sleep(_BUSY)  # for whoever is just writing
        self._end_those_left(0)

    def _begin_again_in_child(self) -> None:
        """Begin with no file in a child process, whose parent goes on with those that are open."""
        files = [*([] if self._file is None else [self._file]), *self._left]
        self._point(NO_FILE)  # whatever was prepared by the parent
        self._give_back()
        for file in files:
            file.close()
        self._begin_again()

    def _give_back(self) -> None:
        """Close the numbers that were taken, unless somebody else has taken them."""
        for number in (self._number, self._nowhere):
            if self._stands_for(number, self._file):
                os.close(number)
        self._number = self._nowhere = NO_FILE

    def _begin_again(self) -> None:
        """Begin with no file, and with nobody waiting."""
        self._lock = RLock()
        self._within = False
        self._group: Grouping[None] = Grouping(self._to_the_disk, self._deadline, _TRAIL)
        self._file: SealedFile | None = None
        self._left: dict[SealedFile, float] = {}
        self._not_before = 0.0
        self._unsynced = 0  # how often the disk did not take what had been written
        self._stopped = Event()
        self._thread: Thread | None = None
        self._alike, self._point = appending(self._again)
        self._reserve()

    def _reserve(self) -> None:
        """Take a number for the file that is written: as long as it stands for nothing, writing to it fails.

        INVARIANT: the number stays this sink's own while it lives, and a file is put under it and taken away in one step. So
        whoever is just about to write writes into the file before, into the one after, or fails, and never into another file.
        """
        self._number = NO_FILE
        self._point(NO_FILE)
        try:
            self._have_nothing()
            self._number = _high(self._nowhere)
        except OSError as error:
            raise _refused(error) from None
        self._point(self._number)

    def _have_nothing(self) -> None:
        """Keep open what the number stands for while there is no file: a file can be left then where no more can be opened."""
        if not self._stands_for(self._nowhere, None):
            opened = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
            try:
                self._nowhere = _high(opened)
            finally:
                os.close(opened)
            self._nothing = identity_of(self._nowhere)

    def _wait_for_the_disk(self, before: int) -> None:
        """Return when all that was appended is on the disk; `before` is what `_unsynced` was before that."""
        self._group.write(None)
        if self._unsynced != before:  # it may have stood in a file that was left meanwhile
            raise _refused(None)

    def _append(self, data: bytes) -> None:
        written = 0
        with suppress(OSError):
            written = os.write(self._number, data)
        if written != len(data):
            self._again(data, written)

    @_alone
    def _again(self, data: bytes, written: int) -> None:
        """Write what was not written: into a new file where none is open any more; raise `TrailError` where that fails too."""
        cause = self._tried(data) if written == 0 else OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if cause is not None and cause.errno == errno.EBADF:  # there is no file, or its number was taken away by somebody else
            self._leave()
            self._open()
            cause = self._tried(data)
        if cause is None:
            return
        self._leave()
        raise _refused(cause)

    def _tried(self, data: bytes) -> OSError | None:
        try:
            if os.write(self._number, data) == len(data):
                return None
        except OSError as error:
            return error
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _open(self) -> None:
        """Begin a file, unless one is open; the lock is held."""
        if self._file is not None:
            return
        if monotonic() < self._not_before:
            raise _refused(None)
        chain, at = token_hex(8), time_ns()
        try:
            self._have_it_tended()
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            mend_others(self.folder, chain, at)
            # INVARIANT: it is this sink's before anybody writes into it, so that whatever interrupts this, it is sealed and ended.
            self._file = file = SealedFile.create(self.folder, chain, heads_in(self.folder), at)
            os.dup2(file.fd, self._number, inheritable=False)
        except (OSError, ValueError, RuntimeError) as error:
            self._not_before = monotonic() + _AGAIN
            raise _refused(error) from None

    def _have_it_tended(self) -> None:
        """Start the thread that seals, unless it runs; raise `RuntimeError` where there can be no more threads."""
        if self._thread is None or self._stopped.is_set() or not self._thread.is_alive():
            self._stopped.set()
            stopped = Event()
            thread = Thread(target=_tending, args=(ref(self), stopped), name="purposegate-trail", daemon=True)
            thread.start()
            self._stopped, self._thread = stopped, thread

    def _leave(self) -> None:
        """Have nobody write into the file any more; it is ended a little later. The lock is held, but where nobody else is yet."""
        file = self._file
        if not (self._stands_for(self._number, file) and self._points_nowhere()):
            self._reserve()  # somebody else has taken it
        # INVARIANT: only now, when nobody writes into it any more; in whatever order this is interrupted, it is ended once.
        if file is not None:
            self._left.setdefault(file, monotonic())
        self._file = None

    def _points_nowhere(self) -> bool:
        """Have the number stand for nothing; tell whether it does: it may be one of more than a process may have by now."""
        try:
            self._have_nothing()
            os.dup2(self._nowhere, self._number, inheritable=False)
        except OSError:
            return False
        return True

    def _stands_for(self, number: int, file: SealedFile | None) -> bool:
        """Tell whether a number stands for a file or for nothing; a program that closes all files may have taken it."""
        try:
            found = identity_of(number)
            if found == self._nothing:  # and not opened by somebody else, who writes there what nobody is to read
                return fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY
        except OSError:
            return False
        return file is not None and found == file.identity

    @_alone
    def _to_the_disk(self, batch: Sequence[None]) -> Sequence[TrailError | None]:
        """Seal and sync what was appended, for all who wait."""
        try:
            for left in list(self._left):
                if not left.is_open():
                    self._left.pop(left, None)  # whoever begins the next file ends it
                left.sync()
            file = self._file
            if file is not None:
                if not (self._is_written(file) and file.is_in_place()):
                    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
                file.seal(time_ns())
                file.sync()
        except OSError as error:
            self._unsynced += 1
            self._leave()
            return [_refused(error) for _ in batch]
        return [None for _ in batch]

    def _is_written(self, file: SealedFile) -> bool:
        """Tell whether what is appended goes into the file."""
        try:
            return identity_of(self._number) == file.identity
        except OSError:
            return False

    @_alone
    def _tend(self) -> bool:
        """Seal what came, begin a new file where it is time to, and end those that were left; tell whether anything was done."""
        busy = self._end_those_left(_GRACE)
        file = self._file
        if file is None:
            return busy
        try:
            if not (self._is_written(file) and file.is_in_place() and file.is_whole()):
                _log.error("the file of the trail was moved, cut or closed by another program: another one is begun")
                self._unsynced += 1  # who waits for the disk may have written into what nobody finds
                self._go_on()
            elif file.has_news():
                busy = True
                file.seal(time_ns())
                if file.size >= self._largest:
                    self._go_on()
        except (OSError, TrailError) as error:
            _log.error("the file of the trail was left: %s", type(error).__name__)
            self._leave()
        return busy

    def _go_on(self) -> None:
        """Begin another file; whoever writes meanwhile waits for it."""
        self._leave()
        self._open()

    def _end_those_left(self, grace: float) -> bool:
        """End the files that were left so many seconds ago: whoever was just writing into one is done."""
        ended = False
        for file, left in list(self._left.items()):
            if monotonic() - left < grace:
                continue
            try:
                file.finish(time_ns())
            except OSError as error:
                self._unsynced += 1
                # A file that may be no longer has no room for its end, and never will have.
                if not isinstance(error, CutError) and error.errno != errno.EFBIG and monotonic() - left < _PATIENCE:
                    continue  # there may be room again a little later
                _log.error("a file of the trail was not ended: %s", type(error).__name__)
            self._left.pop(file, None)
            file.close()
            ended = True
        return ended


def _high(number: int) -> int:
    """Give a file another number, which nobody takes soon: a program that closes all files opens its own under the lowest ones."""
    try:
        return fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, _HIGH)
    except OSError:  # there may be no as high ones
        return fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, 0)


def _refused(error: Exception | None) -> TrailError:
    cause = errno.errorcode.get(error.errno or 0, "EIO") if isinstance(error, OSError) else None
    return TrailError(f"the trail cannot be written{'' if cause is None else f' ({cause})'}")


def _tending(tended: ref[FileSink], stopped: Event) -> None:
    """Seal what comes, until the sink is closed or gone."""
    pause = _BUSY
    while not stopped.wait(pause):
        sink = tended()
        if sink is None:
            return
        try:
            pause = _BUSY if sink._tend() else min(2 * pause, _IDLE)  # noqa: SLF001 - a part of the sink
        except Exception as error:  # noqa: BLE001 - whatever it is, what comes is still to be sealed
            _log.error("the trail was not sealed: %s", type(error).__name__)
        del sink


# Every sink there is, to be put in order after a fork, and ended with the process.
_sinks: WeakSet[FileSink] = WeakSet()


def _after_fork() -> None:
    for sink in list(_sinks):
        try:
            sink._begin_again_in_child()  # noqa: SLF001 - a sink's own business
        except Exception as error:  # noqa: BLE001 - one sink that cannot go on must not keep the others from it
            _log.error("a trail does not go on in this process: %s", type(error).__name__)


def _at_exit() -> None:
    for sink in list(_sinks):
        try:
            sink.close()
        except Exception as error:  # noqa: BLE001 - as above
            _log.error("a trail was not ended: %s", type(error).__name__)


os.register_at_fork(after_in_child=_after_fork)
atexit.register(_at_exit)
