"""A trail's folder and its files, read in blocks of whole lines: what verifying and reading have in common."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from purposegate.errors import TrailError
from purposegate.trail.chain import HEADER_START, LONGEST_HEADER, LONGEST_LINE, RECORD_START, is_hidden_name, named_chain

CHUNK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Listed:
    """What stands in a trail's folder: its name, whether it is a regular file, and its size in bytes when it was looked at."""

    path: Path
    regular: bool
    size: int

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.name

    @property
    def chain(self) -> str | None:
        """The chain that its name bears; None where it is no name of a trail's file."""
        return named_chain(self.name)


def listed(folder: str | os.PathLike[str]) -> list[Listed]:
    """Give what stands in a folder, by its name; raise `TrailError` where it cannot be read.

    A file that is just being begun, or whose process was killed meanwhile, is not there yet.
    """
    found = []
    with reading("the folder of the trail"), os.scandir(folder) as entries:
        for entry in entries:
            try:
                known = entry.stat(follow_symlinks=False)
                if is_hidden_name(entry.name) and stat.S_ISREG(known.st_mode) and not _holds_records(Path(entry.path)):
                    continue  # it is just being begun, or its process was killed then
            except FileNotFoundError:
                continue  # it was there, and is no more, or has its own name by now
            found.append(Listed(Path(entry.path), stat.S_ISREG(known.st_mode), known.st_size))
    return sorted(found, key=lambda each: each.name)


def _holds_records(path: Path) -> bool:
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        return b"\n" + RECORD_START in os.pread(fd, LONGEST_HEADER + CHUNK, 0)
    finally:
        os.close(fd)


def trail_files(folder: str | os.PathLike[str]) -> list[Listed]:
    """Give the files of a trail in the order in which they were begun; raise `TrailError` where the folder cannot be read."""
    return [each for each in listed(folder) if each.regular and each.chain is not None]


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """Open a regular file for reading, and no symbolic link; raise `TrailError` where that fails."""
    with reading(f"`{path.name}`"):
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        yield file
    finally:
        os.close(file)


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Raise `TrailError` where the block cannot read something."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
    except ValueError:  # a path that is none
        reason = "the path is not one"
    else:
        return
    raise TrailError(f"{what} cannot be read: {reason}")


def pieces(file: int, start: int, end: int) -> Iterator[bytes]:
    """Yield the bytes between two places of a file, a chunk at a time; fewer where it has become shorter."""
    while start < end:
        with reading("a file of the trail"):
            piece = os.pread(file, min(CHUNK, end - start), start)
        if not piece:
            return
        yield piece
        start += len(piece)


def header_bytes(file: int, size: int) -> bytes:
    """Give the first line of a file with its newline; all there is where it has none, or is too long."""
    found = b""
    for piece in pieces(file, 0, min(size, LONGEST_HEADER)):
        end = piece.find(b"\n")
        if end >= 0:
            return found + piece[: end + 1]
        found += piece
        if not found.startswith(HEADER_START[: len(found)]):
            break
    return found


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of a file, each after a newline: `data` begins with that of the line before, which stands at `offset`.

    The last block of a file holds what comes after its last newline, if anything does, and is not `whole` then.
    """

    offset: int
    data: bytes
    whole: bool = True

    def counts(self) -> tuple[int, int]:
        """Count its lines, and those of them that begin and end as a record does."""
        lines = self.data.count(b"\n") - 1
        records = self.data.count(b"\n" + RECORD_START)
        if self.data.count(b"}\n") < lines:
            records -= sum(line.startswith(RECORD_START) and not line.endswith(b"}") for line in self.data.split(b"\n"))
        return lines, records


def blocks(file: int, start: int, end: int) -> Iterator[Block]:
    """Yield what stands between the end of a line and another place, in blocks of whole lines.

    Raises `ValueError` where a line is longer than any of a trail.
    """
    rest = b"\n"
    offset = start - 1
    for piece in pieces(file, start, end):
        last = piece.rfind(b"\n")
        if last < 0:
            rest += piece
            if len(rest) > LONGEST_LINE:
                raise ValueError(f"a line is longer than any of a trail: it begins at byte {offset + 1}")
            continue
        data = rest + piece[: last + 1]
        yield Block(offset, data)
        offset += len(data) - 1
        rest = piece[last:]
    if len(rest) > 1:
        yield Block(offset, rest, whole=False)
