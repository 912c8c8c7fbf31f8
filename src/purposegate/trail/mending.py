"""What a process finds in a trail's folder when it begins: the heads of other files, and files whose process was killed."""

from __future__ import annotations

import fcntl
import logging
import os
from pathlib import Path

from purposegate.trail.chain import (
    HEADER_START,
    LONGEST_HEADER,
    Head,
    Header,
    Seal,
    header_of,
    named_chain,
)
from purposegate.trail.sealing import SealedFile, last_seal

_log = logging.getLogger("purposegate")


def files_in(folder: Path) -> list[Path]:
    """Give the files of a trail, in the order in which they were begun; what bears another name is none."""
    found = (Path(each.path) for each in os.scandir(folder) if each.is_file(follow_symlinks=False))
    return sorted(path for path in found if named_chain(path.name) is not None)


def heads_in(folder: Path) -> tuple[Head, ...]:
    """Give the last seal of each file, but for those that the header of another one holds as they are."""
    heads, known = [], set[Head]()
    for path in files_in(folder):
        try:
            header, seal = _head_of(path)
        except (ValueError, FileNotFoundError, PermissionError):
            continue  # whoever verifies the trail is told
        known.update(header.heads)
        if seal is not None:
            heads.append(Head(header.chain, seal.number, seal.bytes, seal.sha256))
    return tuple(head for head in heads if head not in known)


def _head_of(path: Path) -> tuple[Header, Seal | None]:
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        found = _header(fd), last_seal(fd)
        # INVARIANT: what is remembered of a file elsewhere outlives a loss of power in the file itself, or that would look cut.
        os.fsync(fd)
    finally:
        os.close(fd)
    return found


def mend_others(folder: Path, by: str, at: int) -> None:
    """End every file whose process was killed, at an instant in nanoseconds since 1970; `by` is the chain of whoever does it.

    What was torn was never written, and nothing was released by it. A file that cannot be mended is left as it is.
    """
    for path in files_in(folder):
        try:
            _mend(path, by, at)
        except (OSError, ValueError) as error:
            _log.warning("a file of the trail was not mended: %s", type(error).__name__)


def _mend(path: Path, by: str, at: int) -> None:
    # Not to wait for who writes into a pipe that stands there in the meantime.
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        header = _header(fd)
        ended = last_seal(fd)
        if ended is not None and ended.end:
            return
    finally:
        os.close(fd)
    fd = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    file = SealedFile(fd, path, header.chain)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        file.finish(at, by)
        _log.warning("a file of the trail was mended, whose process had not ended it: %s", header.chain)
    except BlockingIOError:
        pass  # its process lives
    finally:
        file.close()


def _header(fd: int) -> Header:
    """Give the header of a file; raise `ValueError` where it is none of a trail."""
    if not os.pread(fd, len(HEADER_START), 0).startswith(HEADER_START):
        raise ValueError("the first line is no header of a trail's file")
    data = os.pread(fd, LONGEST_HEADER, 0)
    return header_of(data[: data.find(b"\n") + 1])
