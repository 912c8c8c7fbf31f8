"""In which argument of which call a spot of Python stands, also where the text is half typed: told from its tokens, not its tree.

The call around a spot is looked for in the lines above, fewest first, so that what is wrong with the rest of the file does not
matter. What the call is told to be is its name's word alone: a completion that is not wanted costs nobody anything.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final, NamedTuple

from purposegate.tools.editing.positions import Page, Span, Spot

# A call's arguments stand in so many lines at most.
_LINES: Final = 40
_CLOSERS: Final = ('"', "'", '"""', "'''")
_PREFIX: Final = re.compile(r"[A-Za-z]{0,2}")
_IN_A_NAME: Final = r"\w./-"
_SKIPPED: Final = frozenset({tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER})
_FSTRING_START: Final = getattr(tokenize, "FSTRING_START", None)
_FSTRING_END: Final = getattr(tokenize, "FSTRING_END", None)
_OPENING: Final = frozenset("([{")
_CLOSING: Final = frozenset(")]}")

_USE: Final = ("categories", "purposes", "recipients")
_UNDER: Final = ("purposes", "recipients")
_LATER: Final = (None, *_UNDER)
# What stands at which place of each call: a section of the policy's names; of what is not listed, the last goes on.
_PLACES: Final[Mapping[str, tuple[str | None, ...]]] = {
    **dict.fromkeys(("check", "decide", "acheck", "adecide", "Use"), _USE),
    **dict.fromkeys(("bind", "purpose"), _UNDER),
    **dict.fromkeys(("open", "aopen", "disclose", "adisclose", "fields", "for_purpose"), _LATER),
}
_ALL_PLACES: Final[Mapping[str, tuple[str | None, ...]]] = {
    "guard": ("categories",),
    "Personal": ("categories",),
    "Sealed": (None, "categories"),
}
_FUNCTIONS: Final = frozenset({"Use", "for_purpose", "Personal", "Sealed"})
_KEYWORDS: Final = {"data_category": "categories", "purpose": "purposes", "recipient": "recipients", "channel": "channels"}
# The classes of names that `purposegate generate` writes.
_CONSTANTS: Final = {
    "DataCategory": "categories",
    "Purpose": "purposes",
    "Recipient": "recipients",
    "Channel": "channels",
    "Condition": "conditions",
    "Objection": "objections",
}
_CONSTANT: Final = re.compile(r"(?<![\w])(" + "|".join(_CONSTANTS) + r")\.([A-Z][A-Z0-9_]*)\b")


class Argument(NamedTuple):
    """A text in a call, or an attribute that stands for one: a name of a section, and the names that the call has besides."""

    section: str
    name: str
    span: Span
    others: Mapping[str, str]


class _Token(NamedTuple):
    kind: int
    text: str


def argument(page: Page, spot: Spot) -> Argument | None:
    """Tell of the text around a spot which section's names it holds; None where it is no text, or no argument of a gate's."""
    for first in range(spot.line, max(-1, spot.line - _LINES), -1):
        found = _text(page, first, spot)
        if found is None:
            continue
        tokens = [*_tokens(_before(page, first, found))]
        opened = _innermost(tokens)
        if opened is not None:
            return _told(page, spot, tokens, opened)
    return None


def constant(page: Page, spot: Spot) -> Argument | None:
    """Tell of a constant of a generated module at a spot which name it is."""
    for found in _CONSTANT.finditer(page.line(spot.line)):
        if found.start() <= spot.column <= found.end():
            span = Span(Spot(spot.line, found.start()), Spot(spot.line, found.end()))
            return Argument(_CONSTANTS[found[1]], found[2].lower(), span, {})
    return None


def _text(page: Page, first: int, spot: Spot) -> Spot | None:
    """Give where the text begins that is open at a spot: with the mark that closes it behind, the lines end in a text."""
    before = _before(page, first, spot)
    for closer in _CLOSERS:
        lines = (before + closer).split("\n")
        start = _last_text([*_raw(before + closer)], (len(lines), len(lines[-1])), closer)
        if start is not None:
            shift = _shift(page, first) if start[0] == 1 else 0
            return Spot(first + start[0] - 1, start[1] + shift)
    return None


def _last_text(tokens: list[tokenize.TokenInfo], end: tuple[int, int], closer: str) -> tuple[int, int] | None:
    """Give where the text begins that is the last token and ends at a place; what closes it must have opened it."""
    if not tokens or tokens[-1].end != end or not tokens[-1].string.endswith(closer):
        return None
    if tokens[-1].type == tokenize.STRING:
        body = _PREFIX.sub("", tokens[-1].string, count=1)
        opens = body.startswith(closer) and len(body) >= 2 * len(closer)
        return tokens[-1].start if opens else None
    # From Python 3.12 on, an f-string is several tokens.
    if tokens[-1].type != _FSTRING_END:
        return None
    opening = next((token for token in reversed(tokens) if token.type == _FSTRING_START), None)
    return opening.start if opening is not None and opening.string.endswith(closer) else None


def _before(page: Page, first: int, spot: Spot) -> str:
    """Give the lines from the first on up to a spot, the first without its indentation."""
    lines = [*page.lines[first : spot.line], page.line(spot.line)[: spot.column]]
    lines[0] = lines[0][_shift(page, first) :] if first != spot.line else lines[0].lstrip()
    return "\n".join(lines)


def _shift(page: Page, number: int) -> int:
    line = page.line(number)
    return len(line) - len(line.lstrip())


def _raw(text: str) -> Iterator[tokenize.TokenInfo]:
    """Yield the tokens that mean something, up to where the text is no Python or is cut off."""
    with suppress(tokenize.TokenError, SyntaxError):
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type not in _SKIPPED:
                yield token


def _tokens(text: str) -> Iterator[_Token]:
    for token in _raw(text):
        yield _Token(token.type, token.string)


def _innermost(tokens: list[_Token]) -> int | None:
    """Give the index of the bracket that is open at the end."""
    opened: list[int] = []
    for index, token in enumerate(tokens):
        if token.kind == tokenize.OP and token.text in _OPENING:
            opened.append(index)
        elif token.kind == tokenize.OP and token.text in _CLOSING and opened:
            opened.pop()
    return opened[-1] if opened else None


def _told(page: Page, spot: Spot, tokens: list[_Token], opened: int) -> Argument | None:
    if tokens[opened].text != "(" or opened == 0 or tokens[opened - 1].kind != tokenize.NAME:
        return None
    callee = tokens[opened - 1].text
    is_attribute = opened > 1 and tokens[opened - 2].text == "."
    arguments = [*_arguments(tokens[opened + 1 :])]
    current = arguments.pop()
    section = _section(callee, len([each for each in arguments if each.keyword is None]), current.keyword)
    if section is None or (not is_attribute and callee not in _FUNCTIONS):
        return None
    span = page.word(spot, _IN_A_NAME)
    return Argument(section, page.shown(span), span, _others(callee, arguments))


class _Given(NamedTuple):
    """An argument before the one that is being typed; `text` is the literal that it is, if it is one."""

    keyword: str | None
    text: str | None


def _arguments(tokens: list[_Token]) -> Iterator[_Given]:
    depth, part = 0, list[_Token]()
    for token in tokens:
        if token.kind == tokenize.OP and token.text in _OPENING:
            depth += 1
        elif token.kind == tokenize.OP and token.text in _CLOSING:
            depth -= 1
        if token.kind == tokenize.OP and token.text == "," and depth == 0:
            yield _given(part)
            part = []
        else:
            part.append(token)
    yield _given(part)


def _given(tokens: list[_Token]) -> _Given:
    keyword = None
    if len(tokens) > 1 and tokens[0].kind == tokenize.NAME and tokens[1].text == "=":
        keyword, tokens = tokens[0].text, tokens[2:]
    if len(tokens) == 1 and tokens[0].kind == tokenize.STRING:
        return _Given(keyword, tokens[0].text.strip("\"'"))
    whole = _CONSTANT.fullmatch("".join(token.text for token in tokens[-3:]))
    return _Given(keyword, whole[2].lower() if whole else None)


def _section(callee: str, position: int, keyword: str | None) -> str | None:
    places = _PLACES.get(callee)
    if places is None and callee not in _ALL_PLACES:
        return None
    if keyword is not None:
        return _KEYWORDS.get(keyword)
    if places is not None:
        return places[position] if position < len(places) else None
    every = _ALL_PLACES[callee]
    return every[min(position, len(every) - 1)]


def _others(callee: str, arguments: list[_Given]) -> dict[str, str]:
    others: dict[str, str] = {}
    position = 0
    for given in arguments:
        section = _section(callee, position, given.keyword)
        position += given.keyword is None
        if section is not None and given.text is not None:
            others[section] = given.text
    return others
