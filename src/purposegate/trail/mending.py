"""What a process finds in a trail's folder when it begins: the heads of other files, and files whose process was killed."""

from __future__ import annotations

import fcntl
import logging
import os
from pathlib import Path
from typing import Final

from purposegate.trail.chain import (
    LONGEST_HEADER,
    LONGEST_SEAL,
    SEAL_START,
    SUFFIX,
    Head,
    Header,
    Seal,
    header_of,
    named_chain,
    seal_of,
)
from purposegate.trail.sealing import SealedFile

_CHUNK: Final = 1 << 20

_log = logging.getLogger("purposegate")


def files_in(folder: Path) -> list[Path]:
    """Give the files of a trail, in the order in which they were begun; what bears another name is none."""
    found = (Path(each.path) for each in os.scandir(folder) if each.is_file(follow_symlinks=False))
    return sorted(path for path in found if path.suffix == SUFFIX and named_chain(path.name) is not None)


def heads_in(folder: Path) -> tuple[Head, ...]:
    """Give the last seal of each file, but for those that the header of another one holds as they are."""
    heads, known = [], set[Head]()
    for path in files_in(folder):
        try:
            with path.open("rb") as file:
                header, seal = header_of(file.readline(LONGEST_HEADER)), last_seal(file.fileno())
        except ValueError:
            continue  # whoever verifies the trail is told
        known.update(header.heads)
        if seal is not None:
            heads.append(Head(header.chain, seal.number, seal.bytes, seal.sha256))
    return tuple(head for head in heads if head not in known)


def last_seal(fd: int) -> Seal | None:
    """Find the last whole seal of an open file, from its end."""
    end = os.fstat(fd).st_size
    after, length = b"", LONGEST_SEAL  # in a file that was ended it is the last line
    while end > 0:
        begin = max(0, end - length)
        length = _CHUNK
        data = os.pread(fd, end - begin, begin) + after
        place = data.rfind(b"\n" + SEAL_START)
        while place >= 0:
            line_end = data.find(b"\n", place + 1)
            if line_end > 0:
                try:
                    return seal_of(data[place + 1 : line_end + 1])
                except ValueError:
                    pass
            place = data.rfind(b"\n" + SEAL_START, 0, place)
        end, after = begin, data[:LONGEST_SEAL]
    return None


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
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        ended = last_seal(fd)
        if ended is not None and ended.end:
            return
    finally:
        os.close(fd)
    fd = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        header, seals = _read(fd)
        file = SealedFile(fd, path, header.chain)
        file.resume(seals)
        file.finish(at, by)
        _log.warning("a file of the trail was mended, whose process had not ended it: %s", header.chain)
    except BlockingIOError:
        pass  # its process lives
    finally:
        os.close(fd)


def _read(fd: int) -> tuple[Header, int]:
    """Give the header of a file, and the number of its last seal."""
    data = os.pread(fd, LONGEST_HEADER, 0)
    header = header_of(data[: data.find(b"\n") + 1])
    seal = last_seal(fd)
    return header, 0 if seal is None else seal.number
