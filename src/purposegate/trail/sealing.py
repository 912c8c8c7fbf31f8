"""One file of a trail while it is written: anybody appends lines, and one at a time seals what stands there.

A seal is the SHA-256 of all that stands before it, so that the hash of a record costs nothing where it is written.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from purposegate.trail.chain import SEAL_END, Head, file_name, header_line, mend_line, seal_start

_CHUNK: Final = 1 << 23


class CutError(OSError):
    """A file of the trail is shorter than it was."""


class SealedFile:
    """A file that this process writes, or ends in the place of one that was killed; it holds the file's lock until it is closed.

    Every method but `create` is for one thread at a time. All raise `OSError`.
    """

    __slots__ = ("_hash", "_hashed", "_quiet_at", "_seals", "_torn", "chain", "fd", "head", "identity", "path")

    def __init__(self, fd: int, path: Path, chain: str) -> None:
        """Take over an open file whose lock is held, of which nothing is known yet."""
        self.fd = fd
        self.path = path
        self.chain = chain
        self.identity = identity_of(fd)
        self.head: Head | None = None
        self._hash = hashlib.sha256()
        self._hashed = 0  # up to where; always the end of a line
        self._torn = b""  # what stands behind that: the beginning of a line
        self._seals = 0
        self._quiet_at = -1  # the size that the file has while nobody appended since the last seal

    @classmethod
    def create(cls, folder: Path, chain: str, heads: Sequence[Head], at: int) -> SealedFile:
        """Begin a file, at an instant in nanoseconds since 1970: it has its header and first seal before it can be seen."""
        path = folder / file_name(chain, at)
        hidden = path.with_name(f".{path.name}.new")
        fd = os.open(hidden, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            file = cls(fd, path, chain)
            _append(fd, header_line(chain, at, os.getpid(), heads))
            file.seal(at)
            os.fsync(fd)
            hidden.rename(path)
            _sync_folder(folder)
        except BaseException:
            os.close(fd)
            with suppress(OSError):
                hidden.unlink()
            raise
        return file

    @property
    def size(self) -> int:
        """How many bytes it has; raise `OSError` where a program that closes all files has closed this one."""
        found = os.fstat(self.fd)
        if (found.st_dev, found.st_ino) != self.identity:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        return found.st_size

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
        return self.size >= max(self._hashed, self._quiet_at)

    def seal(self, at: int, *, end: bool = False) -> None:
        """Append a seal of all whole lines that stand there; with `end` the last one, behind which nothing may stand."""
        self.follow()
        start = seal_start(self._seals + 1, at, self._hashed, end=end)
        sealed = self._hash.copy()
        sealed.update(start)
        line = start + sealed.hexdigest().encode() + SEAL_END
        _append(self.fd, line)
        self._seals += 1
        self.head = Head(self.chain, self._seals, self._hashed, sealed.hexdigest())
        self._quiet_at = self._hashed + len(line)

    def finish(self, at: int, by: str | None = None) -> None:
        """Cut off a torn last line, say so, and seal the end; `by` names who ends the file in the place of a process that died."""
        self.follow()
        if self._torn or by is not None:
            cut, sha256 = len(self._torn), hashlib.sha256(self._torn).hexdigest()
            os.ftruncate(self.fd, self._hashed)
            self._torn = b""
            _append(self.fd, mend_line(at, by or self.chain, cut, sha256))
        self.seal(at, end=True)
        self.sync()

    def sync(self) -> None:
        """Wait until everything is on the disk."""
        os.fsync(self.fd)

    def close(self) -> None:
        """Close it, and give its lock back."""
        with suppress(OSError):
            if identity_of(self.fd) == self.identity:
                os.close(self.fd)

    def resume(self, seals: int) -> None:
        """Go on behind so many seals, in a file that somebody else wrote."""
        self._seals = seals

    def follow(self) -> None:
        """Take in what was appended, up to the last whole line."""
        size = self.size
        if size < self._hashed:
            raise CutError(errno.EIO, "the file is shorter than it was")
        position, rest = self._hashed, b""
        while position + len(rest) < size:
            chunk = os.pread(self.fd, min(_CHUNK, size - position - len(rest)), position + len(rest))
            if not chunk:
                break
            data = rest + chunk if rest else chunk
            end = data.rfind(b"\n") + 1
            self._hash.update(memoryview(data)[:end])
            position += end
            self._hashed, rest = position, data[end:]
        self._torn = rest


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
