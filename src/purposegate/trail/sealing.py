"""One file of a trail while it is written: anybody appends lines, and one at a time seals what stands there.

A seal is the SHA-256 of all that stands before it, so that the hash of a record costs nothing where it is written.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from purposegate.trail.chain import (
    LONGEST_LINE,
    LONGEST_SEAL,
    SEAL_END,
    SEAL_START,
    Head,
    Seal,
    file_name,
    header_line,
    hidden_name,
    mend_line,
    seal_of,
    seal_start,
)

_CLOSED: Final = -1
_CHUNK: Final = 1 << 23
_CHUNK_BACK: Final = 1 << 20


class CutError(OSError):
    """A file of the trail is shorter than it was, or another program has closed it."""


class _Read(NamedTuple):
    """What is known of a file: the hash of its whole lines, how long they are, and the beginning of a line behind them."""

    hash: hashlib._Hash
    size: int
    torn: bytes


class SealedFile:
    """A file that this process writes, or ends in the place of one that was killed; it holds the file's lock until it is closed.

    Every method but `create` is for one thread at a time. All raise `OSError`. After an interrupt the next one goes on rightly.
    """

    __slots__ = ("_ended", "_quiet_at", "_read", "_seals", "_unsure", "chain", "fd", "head", "identity", "path")

    def __init__(self, fd: int, path: Path, chain: str) -> None:
        """Take over an open file whose lock is held, of which nothing is known yet."""
        self.fd = fd
        self.path = path
        self.chain = chain
        self.identity = identity_of(fd)
        self.head: Head | None = None
        # INVARIANT: replaced in one step, so that an interrupt leaves what was read before or what was read after.
        self._read = _Read(hashlib.sha256(), 0, b"")
        self._seals = 0
        self._ended = False
        self._unsure = True  # whether the last seal that was begun stands there as a line of its own
        self._quiet_at = -1  # the size that the file has while nobody appended since the last seal

    @classmethod
    def create(cls, folder: Path, chain: str, heads: Sequence[Head], at: int) -> SealedFile:
        """Begin a file, at an instant in nanoseconds since 1970: it has its header and first seal before it can be seen."""
        path = folder / file_name(chain, at)
        hidden = path.with_name(hidden_name(path.name))
        fd = os.open(hidden, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        file = cls(fd, path, chain)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _append(fd, header_line(chain, at, os.getpid(), heads))
            file.seal(at)
            os.fsync(fd)
            hidden.rename(path)
            _sync_folder(folder)
        except BaseException:
            file.close()
            with suppress(OSError):
                hidden.unlink()
            raise
        return file

    def __del__(self) -> None:
        with suppress(AttributeError):  # it was never made
            self.close()

    @property
    def size(self) -> int:
        """How many bytes it has."""
        if not self.is_open():
            raise CutError(errno.EBADF, os.strerror(errno.EBADF))
        return os.fstat(self.fd).st_size

    def is_open(self) -> bool:
        """Tell whether its number still stands for it: a program that closes all files may have closed this one."""
        try:
            return identity_of(self.fd) == self.identity
        except OSError:
            return False

    def has_news(self) -> bool:
        """Tell whether anything was appended, or cut off, since the last seal."""
        return self.size != self._quiet_at

    def is_in_place(self) -> bool:
        """Tell whether the file still stands where it was made: an outside program may have moved or deleted it."""
        try:
            found = self.path.lstat()
        except FileNotFoundError:
            return False
        return (found.st_dev, found.st_ino) == self.identity

    def is_whole(self) -> bool:
        """Tell whether it is at least as long as it was when it was looked at last."""
        return self.size >= max(self._read.size, self._quiet_at)

    def seal(self, at: int, *, end: bool = False) -> None:
        """Append a seal of all whole lines that stand there; with `end` the last one, behind which nothing may stand."""
        self._make_sure()
        read = self._follow()
        start = seal_start(self._seals + 1, at, read.size, end=end)
        sealed = read.hash.copy()
        sealed.update(start)
        line = start + sealed.hexdigest().encode() + SEAL_END
        self._unsure = True
        _append(self.fd, line)
        self._seals += 1
        self._ended = end
        self.head = Head(self.chain, self._seals, read.size, sealed.hexdigest())
        self._quiet_at = read.size + len(line)
        self._unsure = bool(read.torn)  # behind half a line it may stand in the midst of one, where nobody finds it

    def finish(self, at: int, by: str | None = None) -> None:
        """Cut off a torn last line, say so, and seal the end; `by` names who ends the file in the place of a process that died."""
        self._make_sure()
        if not self._ended:
            self._cut(at, by)
            self.seal(at, end=True)
        self.sync()

    def _cut(self, at: int, by: str | None) -> None:
        read = self._follow()
        if read.torn:
            # The kernel changes a file for one at a time: who was just writing this line has written it when this returns.
            os.fchmod(self.fd, stat.S_IMODE(os.fstat(self.fd).st_mode))
            read = self._follow()
        if read.torn or by is not None:
            os.ftruncate(self.fd, read.size)
            _append(self.fd, mend_line(at, by or self.chain, len(read.torn), hashlib.sha256(read.torn).hexdigest()))

    def _make_sure(self) -> None:
        """Read from the file which seal is the last one, where an interrupt, or half a line, has left it open."""
        if self._unsure:
            found = last_seal(self.fd)
            self._seals, self._ended = (0, False) if found is None else (found.number, found.end)
            self._unsure = False

    def sync(self) -> None:
        """Wait until everything is on the disk."""
        if not self.is_open():
            raise CutError(errno.EBADF, os.strerror(errno.EBADF))
        os.fsync(self.fd)

    def close(self) -> None:
        """Close it, and give its lock back; once, for its number may be that of another one, and of the same file, by then."""
        if self.is_open():
            fd, self.fd = self.fd, _CLOSED
            os.close(fd)
        self.fd = _CLOSED

    def _follow(self) -> _Read:
        """Take in what was appended, up to the last whole line."""
        size = self.size
        so_far, position, rest = self._read.hash.copy(), self._read.size, b""
        if size < position:
            raise CutError(errno.EIO, "the file is shorter than it was")
        while position + len(rest) < size:
            chunk = os.pread(self.fd, min(_CHUNK, size - position - len(rest)), position + len(rest))
            if not chunk:
                break
            data = rest + chunk if rest else chunk
            end = data.rfind(b"\n") + 1
            so_far.update(memoryview(data)[:end])
            position += end
            rest = data[end:]
            if len(rest) > LONGEST_LINE:
                raise OSError(errno.EFBIG, "no line of a trail is as long")
        self._read = _Read(so_far, position, rest)
        return self._read


def last_seal(fd: int) -> Seal | None:
    """Find the last whole seal of an open file, from its end; None where it has none, or no lines like a trail's."""
    end = os.fstat(fd).st_size
    after, without_lines = b"", 0
    length = LONGEST_SEAL  # of a file that was ended it is the last line
    while end > 0 and without_lines <= LONGEST_LINE:
        begin, length = max(0, end - length), _CHUNK_BACK
        piece = os.pread(fd, end - begin, begin)
        data = piece + after
        place = data.rfind(b"\n" + SEAL_START)
        while place >= 0:
            line_end = data.find(b"\n", place + 1)
            if line_end > 0:
                try:
                    return seal_of(data[place + 1 : line_end + 1])
                except ValueError:
                    pass
            place = data.rfind(b"\n" + SEAL_START, 0, place)
        without_lines = 0 if b"\n" in piece else without_lines + len(piece)
        end, after = begin, data[:LONGEST_SEAL]
    return None


def identity_of(fd: int) -> tuple[int, int]:
    """Give what tells an open file from every other one, whatever its name and its number are."""
    found = os.fstat(fd)
    return found.st_dev, found.st_ino


def _append(fd: int, data: bytes) -> None:
    written = os.write(fd, data)
    if written != len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _sync_folder(folder: Path) -> None:
    """Have the name of a new file survive a loss of power too."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
