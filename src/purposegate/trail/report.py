"""What is found of a trail's files: how each stands, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from purposegate.trail.chain import Head


class State(StrEnum):
    """How a file stands. Only `tampered` and `missing` accuse: no accident that purposegate knows of leaves them."""

    WHOLE = "whole"
    MENDED = "mended"
    OPEN = "open"
    UNFINISHED = "unfinished"
    TORN = "torn"
    TAMPERED = "tampered"
    MISSING = "missing"
    FOREIGN = "foreign"


class Wrong(NamedTuple):
    """What is wrong with a file, and from which byte and line on; None where it is about the whole file."""

    what: str
    offset: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class FileReport:
    """What was found of one file.

    - `name`: its name; that of a missing file is not known. `chain`: the one that its name, or else its header, bears.
    - `records`: how many lines are records, as they begin; `unsealed`: how many of them no seal covers yet; `unreadable`: how many
      lines are nothing that a trail holds, such as half a line before the disk was full.
    - `first`, `last`: the times of the first and the last record, in nanoseconds since 1970.
    - `cut`: how many bytes of torn lines were cut off where it was mended.
    - `head`: its last seal, if that is right.
    """

    name: str
    chain: str | None
    state: State
    size: int = 0
    records: int = 0
    unsealed: int = 0
    unreadable: int = 0
    first: int | None = None
    last: int | None = None
    cut: int = 0
    head: Head | None = None
    wrong: tuple[Wrong, ...] = ()


class Remembered(NamedTuple):
    """A head, and who remembers it: the name of a file, or None for the heads that were passed."""

    head: Head
    by: str | None

    @property
    def words(self) -> str:
        """Who remembers it, in words."""
        return "the heads that were passed name" if self.by is None else f"`{self.by}` names"
