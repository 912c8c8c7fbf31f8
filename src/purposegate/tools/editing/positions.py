"""Places in a text as people count characters, and as the protocol does: in UTF-16 units, unless the client prefers others."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from purposegate.findings import Finding, Location

# The ends of lines of the protocol, which are Python's and YAML's too; `str.splitlines` knows eight others.
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
# What a finding's place begins: a text in quotes, or a name with what it is an attribute of.
_MARKED: Final = re.compile(r"\"[^\"]*\"|'[^']*'|[\w./-]*\w|\S")

_UNITS: Final[Mapping[str, Callable[[str], int]]] = {
    "utf-8": lambda text: len(text.encode("utf-8", "surrogatepass")),
    "utf-16": lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    "utf-32": len,
}


class Spot(NamedTuple):
    """A place between two characters; line and column count from 0."""

    line: int
    column: int


class Span(NamedTuple):
    """A stretch of text; the end is behind its last character."""

    start: Spot
    end: Spot

    def holds(self, spot: Spot) -> bool:
        """Tell whether a spot lies in it, or at one of its ends."""
        return self.start <= spot <= self.end

    @property
    def size(self) -> tuple[int, int]:
        """How many lines and columns it goes over, to tell the smallest of several around one spot."""
        return self.end.line - self.start.line, self.end.column - self.start.column

    def touches(self, other: Span) -> bool:
        """Tell whether two stretches share a spot."""
        return self.start <= other.end and other.start <= self.end


class Marked(NamedTuple):
    """A finding with the stretch of its file's text that an editor underlines."""

    finding: Finding
    span: Span


class Page:
    """A text as an editor has it."""

    def __init__(self, path: str, text: str) -> None:
        """Cut the text of a file into lines."""
        self.path = path
        self.text = text
        self.lines = _LINE_END.split(text)

    def line(self, number: int) -> str:
        """Give a line, or nothing where there is none."""
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def spot(self, line: int, units: int, encoding: str) -> Spot:
        """Take a place of the protocol; beyond a line's end it is the end."""
        text, measure = self.line(line), _UNITS[encoding]
        if text.isascii():
            return Spot(line, min(units, len(text)))
        column = passed = 0
        while column < len(text) and passed < units:
            passed += measure(text[column])
            column += 1
        return Spot(line, column)

    def units(self, spot: Spot, encoding: str) -> int:
        """Give the column of a spot as the protocol counts it."""
        before = self.line(spot.line)[: spot.column]
        return len(before) if before.isascii() else _UNITS[encoding](before)

    def marked(self, place: Location) -> Span:
        """Give what a finding's place begins, so that an editor underlines it: a name, a text in quotes, or one character."""
        line = min(max(place.line - 1, 0), len(self.lines) - 1)
        text = self.lines[line]
        column = min(max(place.column - 1, 0), len(text))
        found = _MARKED.match(text, column)
        return Span(Spot(line, column), Spot(line, found.end() if found else len(text)))

    def word(self, spot: Spot, characters: str = r"\w") -> Span:
        """Give the word around a spot, of the characters of a pattern; an empty one where there is none."""
        text = self.line(spot.line)
        before = re.search(rf"[{characters}]*\Z", text[: spot.column])
        after = re.match(rf"[{characters}]*", text[spot.column :])
        begin = before.start() if before else spot.column
        return Span(Spot(spot.line, begin), Spot(spot.line, spot.column + (after.end() if after else 0)))

    def shown(self, span: Span) -> str:
        """Give the text of a stretch within one line."""
        return self.line(span.start.line)[span.start.column : span.end.column]
