"""The comments of a policy file that was read: YAML has no events for them, so that they are what stands outside of all text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import yaml

from purposegate.policy.markup import Source, events

# A comment begins at the line's start or after a blank, and ends with the line.
_BEGINNING: Final = re.compile(r"(?:(?<=[ \n\r])|\A)#")
_LINE: Final = re.compile(r"[^\n\r]*")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment with its packed position; `alone` tells that nothing else stands on its line."""

    text: str
    at: int
    alone: bool

    @property
    def line(self) -> int:
        """The number of its line, from 0."""
        return self.at >> 32


def comments(source: Source) -> Iterator[Comment]:
    """Yield the comments of a text that the reader took for YAML, in order; what looks like one inside of text is none."""
    text = source.text
    spans = _texts(text)
    begin = end = commented = 0
    for found in _BEGINNING.finditer(text):
        at = found.start()
        while end <= at:
            begin, end = next(spans, (len(text), len(text) + 1))
        # Neither in a text nor in a comment that began before.
        if at >= commented and not begin <= at < end:
            comment = _LINE.match(text, at)
            commented = comment.end() if comment else at
            place = source.at(at)
            yield Comment(text[at:commented], place, alone=not source.line(place >> 32)[: place & 0xFFFFFFFF].strip(" "))


def _texts(text: str) -> Iterator[tuple[int, int]]:
    """Yield where quoted text and blocks of text begin and end; unquoted text holds no comment."""
    for event in events(text):
        kind: type = type(event)
        if kind is yaml.ScalarEvent and event.style:
            begin, end = event.start_mark.index, event.end_mark.index
            if event.style in "|>":  # a comment may follow the block's sign
                newline = text.find("\n", begin)
                begin = end if newline < 0 else newline
            yield begin, end
