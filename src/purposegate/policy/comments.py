"""The comments of a policy file that was read: YAML has no events for them, so that they are what stands outside of all text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import yaml

from purposegate.policy.markup import Source, events

# A comment begins at the line's start or after a blank.
_COMMENT: Final = re.compile(r"(?:(?<=[ \n\r])|\A)#[^\n\r]*")


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
    spans = _texts(source.text)
    begin, end = next(spans, (len(source.text), len(source.text)))
    for found in _COMMENT.finditer(source.text):
        while end <= found.start():
            begin, end = next(spans, (len(source.text), len(source.text) + 1))
        if begin <= found.start() < end:
            continue
        at = source.at(found.start())
        yield Comment(found[0], at, alone=not source.line(at >> 32)[: at & 0xFFFFFFFF].strip(" "))


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
