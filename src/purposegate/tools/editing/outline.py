"""The keys and words of a policy as far as it is typed: under which keys a spot stands, and what is declared where.

The reader refuses a text with one mistake in it, and a text that is being typed has one nearly always. This reads line by line and
gives up nothing: what is not understood is passed over, and brackets that were never closed end where a line begins a key again
as far to the left as the one that they were opened in.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from purposegate.tools.editing.positions import Page, Span, Spot

_TOKEN: Final = re.compile(
    r"""(?P<blank>[ ]+)|(?P<comment>(?:(?<=[ ])|^)\#.*)|(?P<quoted>"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?)"""
    r"""|(?P<open>[\[{])|(?P<close>[\]}])|(?P<comma>,)"""
    r"""|(?P<dash>-(?=[ ]|$))|(?P<key>[\w./()-]+[ ]*:(?=[ ,\[\]{}]|$))|(?P<plain>.)""",
    re.VERBOSE,
)
_BLOCK: Final = re.compile(r"[|>][-+0-9]*[ ]*(?:#.*)?\Z")
# Where unquoted text ends: at a comment, and inside brackets at a bracket or comma.
_PLAIN_END: Final = re.compile(r"[ ]+\#|[ ]*\Z")
_PLAIN_END_IN_BRACKETS: Final = re.compile(r"[ ]*[,\[\]{}]|[ ]+\#|[ ]*\Z")

Path = tuple[str | int, ...]


class Word(NamedTuple):
    """A key, or a text that stands as a value or an item; the path is that of its keys and indexes, a key's own last."""

    path: Path
    text: str
    span: Span
    is_key: bool


class _Open(NamedTuple):
    """What was open at a spot."""

    key: str | int | None
    indent: int
    in_brackets: bool


@dataclass(slots=True)
class _Level:
    """A mapping or list that is open: how far to the left its keys or dashes stand (-1 in brackets), and where in it we are."""

    indent: int
    key: str | int | None = None
    bracket: str = ""
    opened_at: int = 0
    items: int = 0


class Outline:
    """A policy's text, in keys and words."""

    def __init__(self, page: Page) -> None:
        """Read the text."""
        self.page = page
        self.words: list[Word] = []
        self._levels: list[_Level] = []
        self._noted: list[tuple[Spot, tuple[_Open, ...]]] = [(Spot(0, 0), ())]
        self._block: int | None = None
        for number, line in enumerate(page.lines):
            self._read(number, line)

    def at(self, spot: Spot) -> Path:
        """Give the path of keys under which a spot stands, that of the value that is being written there."""
        return tuple(level.key for level in self._open(spot) if level.key is not None)

    def mapping(self, spot: Spot) -> Path | None:
        """Give the path of the mapping in which a key that begins at a spot would stand; None where no key can."""
        levels = self._open(spot)
        if levels and levels[-1].in_brackets:
            return None if levels[-1].key is not None else self.at(spot)
        if self.page.line(spot.line)[: spot.column].lstrip("- "):
            return None
        return tuple(level.key for level in levels if level.key is not None and (level.in_brackets or level.indent < spot.column))

    def _open(self, spot: Spot) -> tuple[_Open, ...]:
        index = bisect_right(self._noted, spot, key=lambda noted: noted[0])
        return self._noted[max(0, index - 1)][1]

    def word(self, spot: Spot) -> Word | None:
        """Give the key or text that a spot touches."""
        return next((word for word in self.words if word.span.holds(spot)), None)

    def declared(self, section: str) -> dict[str, Span]:
        """Give the names that a section declares, with their places."""
        return {word.text: word.span for word in self.words if word.is_key and word.path == (section, word.text)}

    def values(self, path: Path) -> Iterator[Word]:
        """Yield the texts at a path, and those in a list there."""
        for word in self.words:
            if not word.is_key and word.path[: len(path)] == path and len(word.path) - len(path) <= 1:
                yield word

    def _read(self, number: int, line: str) -> None:
        body = line.lstrip(" ")
        indent = len(line) - len(body)
        if self._block is not None:
            if not body or indent > self._block:
                return
            self._block = None
        if body and not body.startswith("#"):
            self._return_to(indent, body)
        self._note(Spot(number, 0) if body else Spot(number, len(line)))
        position = 0
        while position < len(line):
            found = _TOKEN.match(line, position)
            position = self._take(number, line, position, found) if found else position + 1

    def _take(self, number: int, line: str, position: int, found: re.Match[str]) -> int:
        kind, end = found.lastgroup, found.end()
        if kind == "key":
            text = found.group().rstrip(": ")
            self._key(text, position, Span(Spot(number, position), Spot(number, position + len(text))))
        elif kind == "quoted":
            after = re.compile(r"[ ]*:(?=[ ]|$)").match(line, end)
            span = Span(Spot(number, position), Spot(number, end))
            text = found.group()[1:-1]
            if after:
                self._key(text, position, span)
                end = after.end()
            else:
                self.words.append(Word(self._path(), text, span, is_key=False))
        elif kind == "dash" and not self._in_brackets():
            self._dash(position)
        elif kind == "open":
            self._levels.append(_Level(-1, 0 if found.group() == "[" else None, found.group(), number))
        elif kind == "close":
            if self._in_brackets():
                self._levels.pop()
        elif kind == "comma" and self._in_brackets():
            level = self._levels[-1]
            level.items += 1
            level.key = level.items if level.bracket == "[" else None
        elif kind in ("plain", "comma", "dash"):
            return self._plain(number, line, position)
        self._note(Spot(number, end))
        return end

    def _plain(self, number: int, line: str, position: int) -> int:
        if not self._in_brackets() and _BLOCK.match(line, position):
            self._block = max((level.indent for level in self._levels), default=0)
            return len(line)
        ending = (_PLAIN_END_IN_BRACKETS if self._in_brackets() else _PLAIN_END).search(line, position + 1)
        end = ending.start() if ending else len(line)
        span = Span(Spot(number, position), Spot(number, end))
        self.words.append(Word(self._path(), line[position:end], span, is_key=False))
        return end

    def _key(self, text: str, column: int, span: Span) -> None:
        if not self._in_brackets():
            while self._levels and self._levels[-1].indent > column:
                self._levels.pop()
            top = self._levels[-1] if self._levels else None
            if top is None or top.indent < column or isinstance(top.key, int):
                self._levels.append(_Level(column))
        self._levels[-1].key = text
        self.words.append(Word(self._path(), text, span, is_key=True))

    def _dash(self, column: int) -> None:
        """Begin an item; a list may stand as far to the left as the key that it belongs to."""
        while self._levels and self._levels[-1].indent > column:
            self._levels.pop()
        top = self._levels[-1] if self._levels else None
        if top is not None and top.indent == column and isinstance(top.key, int):
            top.key += 1
        else:
            self._levels.append(_Level(column, 0))

    def _return_to(self, indent: int, body: str) -> None:
        """Close brackets that were left open, where a line begins something as far to the left as the line that opened them."""
        begins = re.match(r"(?:-[ ]|[\w.-]+[ ]*:(?:[ ]|$))", body) is not None
        for depth, level in enumerate(self._levels):
            if level.bracket and begins and indent <= self._indent_of(level.opened_at):
                del self._levels[depth:]
                break
        if self._in_brackets():
            return
        while self._levels and self._levels[-1].indent > indent:
            self._levels.pop()
        if body.startswith("- "):
            return
        while self._levels and self._levels[-1].indent == indent and isinstance(self._levels[-1].key, int):
            self._levels.pop()

    def _indent_of(self, number: int) -> int:
        line = self.page.line(number)
        return len(line) - len(line.lstrip(" "))

    def _in_brackets(self) -> bool:
        return bool(self._levels) and bool(self._levels[-1].bracket)

    def _path(self) -> Path:
        return tuple(level.key for level in self._levels if level.key is not None)

    def _note(self, spot: Spot) -> None:
        levels = tuple(_Open(level.key, level.indent, bool(level.bracket)) for level in self._levels)
        if self._noted[-1][1] != levels:
            self._noted.append((spot, levels))
