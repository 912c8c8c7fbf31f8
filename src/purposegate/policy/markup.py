"""YAML text → mappings, lists and text that know where they stood, or findings.

The tree is built straight from the parser's events, so that a hostile file is refused at the event that makes it one: nothing is
resolved, expanded or recursed into. Every scalar stays the text that was typed; what type it has is decided by its place, later.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import yaml

from purposegate.findings import Finding, Location, Severity, excerpt, shortened
from purposegate.policy.characters import forbidden_in, without_forbidden
from purposegate.policy.terms import SIZE_LIMIT

NESTING_LIMIT: Final = 32
FINDINGS_LIMIT: Final = 1000
_SECTION_DEPTH: Final = 2
# A policy is made of words. Text that is denser than this costs more to read than any policy of its size.
_EVENTS_AT_LEAST: Final = 50_000
_LETTERS_AN_EVENT: Final = 3

_TAB: Final = re.compile("\t")
_DIRECTIVE: Final = re.compile(r"^%", re.MULTILINE)
# A line's end to YAML, nothing to most programs that show a file: what follows would look like the end of a comment.
_LONE_RETURN: Final = re.compile(r"\r(?!\n)")
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
# What a finding may not repeat: text that was escaped may hold what the file itself may not, and ends of lines besides.
_LINES_AND_TABS: Final = re.compile("[\t\n\r]")
# Where the two parsers part: after unquoted text inside brackets; in a tag; in the header of a block of text; in an escape.
_AFTER_PLAIN: Final = re.compile(r"[ \r\n]*(\?|:(?=[,?\[\]{}]))")
_TAG: Final = re.compile(r"(?:&[^ \r\n]*[ \r\n]+)?(?:!<[A-Za-z0-9_:/.,-]+>|!!?[A-Za-z0-9_:/.-]*)(?=[ \r\n]|\Z)")
_COMMENT_IN_HEADER: Final = re.compile(r"(?:[&!][^ \r\n]*[ \r\n]+)*[|>][-+0-9]*(#)")
_ESCAPE: Final = re.compile(r"\\(?:(u[Dd][89A-Fa-f][0-9A-Fa-f]{2}|U0000[Dd][89A-Fa-f][0-9A-Fa-f]{2})|.)", re.DOTALL)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class Quoted(str):
    """Text that was typed in quotation marks: never a number or a truth value."""

    __slots__ = ()


class Map(dict[str, Any]):
    """A mapping, with the position of itself and of each key and value."""

    __slots__ = ("at", "keys_at", "values_at")

    def __init__(self, at: int) -> None:
        """Start an empty mapping at a position."""
        super().__init__()
        self.at = at
        self.keys_at: dict[str, int] = {}
        self.values_at: dict[str, int] = {}


class Seq(list[Any]):
    """A list, with the position of itself and of each item."""

    __slots__ = ("at", "items_at")

    def __init__(self, at: int) -> None:
        """Start an empty list at a position."""
        super().__init__()
        self.at = at
        self.items_at: list[int] = []


class Kind(NamedTuple):
    """What people call a kind of file, its slug, and the line that it begins with."""

    what: str
    slug: str
    begins: str


POLICY: Final = Kind("a policy", "policy", "purposegate: 1")


class Source:
    """A file's text, cut into lines only when an excerpt is asked for."""

    def __init__(self, text: str, path: str, kind: Kind = POLICY) -> None:
        """Name the text by the path that messages show, and say what kind of file it is."""
        self.text = text
        self.path = path
        self.kind = kind
        self._lines: list[str] | None = None
        self._starts: list[int] | None = None

    def location(self, at: int) -> Location:
        """Turn a packed position into a line and a column."""
        return Location.unpacked(self.path, at)

    def finding(self, slug: str, message: str, at: int, help_: str | None = None, severity: Severity = Severity.ERROR) -> Finding:
        """Complain at a position, with the line as it stands there."""
        location = self.location(at)
        # INVARIANT: nothing that a terminal or a log would obey comes out of a file into a finding.
        return Finding(slug, severity, _showable(message), location, self.excerpt(location), help_ and _showable(help_))

    def within(self, at: int) -> int:
        """Give a position, or the end of the text where it lies beyond: libyaml ends the last line where no line end does."""
        lines = self._cut()
        line, column = at >> 32, at & 0xFFFFFFFF
        if line >= len(lines):
            line, column = len(lines) - 1, len(lines[-1])
        return line << 32 | min(column, len(lines[line]))

    def at(self, index: int) -> int:
        """Give the packed position of a character."""
        starts = self.starts()
        line = bisect_right(starts, index) - 1
        return line << 32 | (index - starts[line])

    def index(self, at: int) -> int:
        """Give the character at a packed position."""
        return self.starts()[at >> 32] + (at & 0xFFFFFFFF)

    def starts(self) -> list[int]:
        """Give where each line begins."""
        if self._starts is None:
            self._starts = [0, *(found.end() for found in _LINE_END.finditer(self.text))]
        return self._starts

    def excerpt(self, location: Location) -> str:
        """Show the line of a place."""
        lines = self._cut()
        return excerpt(lines[min(location.line, len(lines)) - 1], location)

    def line(self, number: int) -> str:
        """Give a line by its number from 0."""
        return self._cut()[number]

    def _cut(self) -> list[str]:
        if self._lines is None:
            self._lines = _LINE_END.split(self.text)
        return self._lines


def _showable(text: str) -> str:
    return _LINES_AND_TABS.sub("\ufffd", without_forbidden(text))


class TooManyFindings(Exception):  # noqa: N818 - it ends a reading, it is not an error of its own
    """Raised inside a reading to stop it; never leaves the package."""


class Findings(list[Finding]):
    """The findings of one reading, of which a hostile file could otherwise cause millions."""

    def append(self, finding: Finding) -> None:
        """Keep a finding, or stop the reading where there are too many."""
        super().append(finding)
        if len(self) >= FINDINGS_LIMIT:
            raise TooManyFindings


def decode(data: bytes, path: str) -> tuple[str | None, list[Finding]]:
    """Turn a file's bytes into text that holds nothing but text."""
    if len(data) > SIZE_LIMIT:
        message = f"the file is larger than {SIZE_LIMIT // 1024 // 1024} MiB"
        return None, [Finding("too-large", Severity.ERROR, message, Location(path, 1, 1))]
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        readable = data.decode("utf-8", errors="replace")
        at = len(data[: error.start].decode("utf-8"))
        return None, [_unreadable("not-utf-8", "the file is not UTF-8 text", readable, at, path)]
    forbidden = forbidden_in(text)
    if forbidden:
        message = f"the character U+{ord(forbidden[0]):04X} has no place in a policy"
        return None, [_unreadable("control-character", message, text, forbidden.start(), path)]
    return text, []


def _unreadable(slug: str, message: str, text: str, at: int, path: str) -> Finding:
    """Complain of a character, and show its line without anything that could act on a terminal."""
    line, column = _line_and_column(text[:at])
    return Source(without_forbidden(text), path).finding(slug, message, (line - 1) << 32 | (column - 1))


# Told of each entry of a section as soon as it is complete: section, key or index, entry, position.
OnEntry = Callable[[str, str | int, Any, int], None]


def read_markup(source: Source, findings: Findings, on_entry: OnEntry, *, pure: bool = False) -> Map | None:
    """Build the tree of the one document in a text; None where it cannot be built, which is always a finding.

    Entries are handed over as they are read, so that a flood of wrong ones ends the reading and not the memory.
    """
    for pattern, slug, message in (
        (_LONE_RETURN, "line-end", "a line ends with a carriage return alone, which most programs do not show as its end"),
        (_DIRECTIVE, "directive", f"{source.kind.what} holds no YAML directives"),
        # The two parsers take tabs for white space in different places.
        (_TAB, "tab", f"{source.kind.what} holds no tabs; write spaces"),
    ):
        found = pattern.search(source.text)
        if found:
            findings.append(source.finding(slug, message, source.at(found.start())))
            return None
    try:
        return _Builder(source, findings, on_entry).build(events(source.text, pure=pure))
    except (yaml.YAMLError, _NotYaml) as error:
        # The two parsers word their complaints differently; the place is what a reader needs.
        mark = getattr(error, "problem_mark", None)
        at = error.at if isinstance(error, _NotYaml) else _packed(mark) if mark is not None else 0
        findings.append(
            source.finding(
                "not-yaml",
                "the file is not well-formed YAML from here on",
                source.within(at),
                "look for a missing quotation mark, comma or bracket, a tab, or `: ` inside unquoted text",
            )
        )
        return None


def position(path: tuple[str | int, ...], node: object, at: int, *, of_key: bool) -> int:
    """Follow a path of keys and indexes from a node at a position; parts that the tree does not hold are passed over.

    Such parts are the tags of unions, which pydantic adds.
    """
    for part in path:
        if isinstance(node, Map) and part in node.keys_at:
            at = node.keys_at[str(part)] if of_key else node.values_at.get(str(part), node.keys_at[str(part)])
            node = node.get(str(part))
        elif isinstance(node, Seq) and isinstance(part, int) and part < len(node):
            at = node.items_at[part]
            node = node[part]
    return at


def events(text: str, *, pure: bool = False) -> Iterator[Any]:
    """Yield the parser's events; raises `yaml.YAMLError` or an error of this module's own where the text is no YAML."""
    # libyaml's parser where PyYAML was built with it, the pure one otherwise: same events, same positions.
    kind: Any = yaml.SafeLoader if pure or not yaml.__with_libyaml__ else yaml.CSafeLoader
    loader = kind(text)
    get_event = loader.get_event
    try:
        while True:
            try:
                event = get_event()
            except (ValueError, OverflowError):  # of the pure parser, for an escaped character that does not exist
                raise _NotYaml(_packed(loader.get_mark())) from None
            if event is None:
                return
            yield event
    finally:
        loader.dispose()


class _NotYaml(Exception):  # noqa: N818 - it ends a reading, it is not an error of its own
    """Raised for what one of the parsers would let pass and the other not."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class _Frame:
    """A container that is being filled."""

    __slots__ = ("container", "flow", "key", "key_at")

    def __init__(self, container: Map | Seq, *, flow: bool) -> None:
        self.container = container
        self.flow = flow
        self.key: str | None = None
        self.key_at: int | None = None


class _Builder:
    """Fills containers from events with a stack of its own: a deep file costs no recursion."""

    def __init__(self, source: Source, findings: Findings, on_entry: OnEntry) -> None:
        self.source = source
        self.findings = findings
        self.on_entry = on_entry
        self.stack: list[_Frame] = []
        self.root: Any = None
        self.documents = 0

    def build(self, events: Iterator[Any]) -> Map | None:
        allowed = _EVENTS_AT_LEAST + len(self.source.text) // _LETTERS_AN_EVENT
        for count, event in enumerate(events):
            kind = type(event)
            mark = event.start_mark
            at: int = mark.line << 32 | mark.column  # as `_packed`, which would cost a call for each
            if count > allowed:
                self._complain("too-dense", "the file holds more brackets and commas than words", at)
                return None
            if kind is yaml.ScalarEvent:
                self._add_scalar(event, at)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._refuse_what_one_parser_refuses(event)
                self._refuse_ornaments(event, at)
                if len(self.stack) >= NESTING_LIMIT:
                    self._complain("nesting", f"more than {NESTING_LIMIT} levels of nesting", at)
                    return None
                container = Map(at) if kind is yaml.MappingStartEvent else Seq(at)
                self.stack.append(_Frame(container, flow=bool(event.flow_style)))
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                container = self._ended(event)
                self._add(container, container.at)
            elif kind is yaml.AliasEvent:
                self._complain("alias", "an alias repeats text from elsewhere; write it out", at)
                self._add("", at)
            elif kind is yaml.DocumentStartEvent:
                self.documents += 1
                if self.documents > 1:
                    self._complain("several-documents", f"{self.source.kind.what} is one document", at)
                    return None
        return self._mapping_at_the_root()

    def _ended(self, event: Any) -> Map | Seq:  # noqa: ANN401 - PyYAML's events are untyped
        ended = self.stack.pop()
        if ended.flow and self.source.text.startswith("#", event.end_mark.index):
            raise _NotYaml(_packed(event.end_mark))
        return ended.container

    def _mapping_at_the_root(self) -> Map | None:
        if isinstance(self.root, Map):
            return self.root
        kind = self.source.kind
        if self.root is None or self.root == "":
            self._complain("empty", f"the file is empty; {kind.what} begins with `{kind.begins}`", 0)
        else:
            self._complain(f"not-a-{kind.slug}", f"{kind.what} is a mapping that begins with `{kind.begins}`", 0)
        return None

    def _add_scalar(self, event: Any, at: int) -> None:  # noqa: ANN401 - PyYAML's events are untyped
        if not (event.style or event.tag or event.anchor) and not (self.stack and self.stack[-1].flow):
            self._add(event.value or None, at)  # as most are: nothing of it can be refused
            return
        self._refuse_what_one_parser_refuses(event)
        self._refuse_ornaments(event, at)
        self._add(self._scalar(event, at), at)

    def _scalar(self, event: Any, at: int) -> str | None:  # noqa: ANN401 - PyYAML's events are untyped
        value: str = event.value
        if not event.style:
            return value or None
        if event.style == '"' and _is_escaped(event) and forbidden_in(value):
            self._complain("control-character", "the text escapes a control character", at)
        return Quoted(value)

    def _add(self, value: Any, at: int) -> None:  # noqa: ANN401 - text, a Map, a Seq or None
        if not self.stack:
            self.root = value
            return
        frame = self.stack[-1]
        container = frame.container
        if value is None and (frame.key_at is not None or isinstance(container, Seq)):
            # At the key, where there is one: the parsers do not agree on where nothing stands.
            place = at if frame.key_at is None else frame.key_at
            self._complain("nothing-here", "nothing is written here; leave the key out, or write `[]`, `{}` or a value", place)
        if isinstance(container, Seq):
            self._add_item(container, value, at)
        elif frame.key_at is None:
            self._begin_pair(frame, container, value, at)
        else:
            if frame.key is not None:
                container[frame.key] = value
                container.values_at[frame.key] = at
                if len(self.stack) == _SECTION_DEPTH:
                    self._complete(frame.key, value, at)
            frame.key = frame.key_at = None

    def _add_item(self, container: Seq, value: Any, at: int) -> None:  # noqa: ANN401 - as above
        if isinstance(value, Seq):
            self._complain("wrong-value", "a list has no place in a list", at)
            return
        container.append(value)
        container.items_at.append(at)
        if len(self.stack) == _SECTION_DEPTH:
            self._complete(len(container) - 1, value, at)

    def _complete(self, key: str | int, value: Any, at: int) -> None:  # noqa: ANN401 - as above
        section = self.stack[0].key
        if section is not None:
            self.on_entry(section, key, value, at)

    def _begin_pair(self, frame: _Frame, container: Map, key: Any, at: int) -> None:  # noqa: ANN401 - as above
        frame.key_at = at
        if not isinstance(key, str):
            self._complain("key", "a key is a word", at)
        elif key == "<<" and not isinstance(key, Quoted):
            self._complain("merge-key", "a merge key repeats text from elsewhere; write it out", at)
        elif key in container.keys_at:
            first = self.source.location(container.keys_at[key])
            self._complain("duplicate-key", f"`{shortened(key)}` was written before, on line {first.line}", at)
        else:
            frame.key = str(key)
            container.keys_at[frame.key] = at

    def _refuse_ornaments(self, event: Any, at: int) -> None:  # noqa: ANN401 - PyYAML's events are untyped
        if event.anchor is not None:
            self._complain("anchor", "an anchor has no meaning here; write the text out", at)
        if event.tag is not None:
            self._complain("tag", "a tag has no meaning here; a value's place gives its type", at)

    def _refuse_what_one_parser_refuses(self, event: Any) -> None:  # noqa: ANN401 - PyYAML's events are untyped
        """Refuse what only one of the parsers takes for YAML.

        Those are `?`, or `:` before a bracket or comma, after unquoted text inside brackets; a tag of other signs than most; a
        comment that follows `|` or `>` without a blank; half of a surrogate pair, escaped; and no key at all inside brackets.
        """
        text = self.source.text
        if event.tag is not None and not _TAG.match(text, event.start_mark.index):
            raise _NotYaml(_packed(event.start_mark))
        kind: type = type(event)
        if kind is not yaml.ScalarEvent:
            return
        if not event.style:
            if self.stack and self.stack[-1].flow:
                self._refuse_unquoted_in_brackets(event, self.stack[-1])
        elif event.style in "|>":
            self._refuse(_COMMENT_IN_HEADER.match(text, event.start_mark.index))
        else:
            if event.style == '"' and _is_escaped(event) and _SURROGATE.search(event.value):
                self._refuse(next((each for each in _ESCAPE.finditer(text, event.start_mark.index) if each[1]), None))
            self._refuse_what_deceives_the_eye(event)

    def _refuse_unquoted_in_brackets(self, event: Any, frame: _Frame) -> None:  # noqa: ANN401 - PyYAML's events are untyped
        text = self.source.text
        if not event.value and frame.key_at is None and isinstance(frame.container, Map):
            raise _NotYaml(_packed(event.start_mark))
        if "?" in event.value:
            raise _NotYaml(self.source.at(text.index("?", event.start_mark.index)))
        if event.value:
            self._refuse(_AFTER_PLAIN.match(text, event.end_mark.index))

    def _refuse_what_deceives_the_eye(self, event: Any) -> None:  # noqa: ANN401 - PyYAML's events are untyped
        """Refuse quoted text that goes on at the margin, where it looks like keys, and a comment without a blank before it.

        YAML 1.2 refuses both; PyYAML's parsers, which read YAML 1.1, do not.
        """
        end = event.end_mark
        if self.source.text.startswith("#", end.index):
            raise _NotYaml(_packed(end))
        if event.start_mark.line == end.line:
            return
        block = next((frame.container for frame in reversed(self.stack) if not frame.flow), None)
        margin = block.at & 0xFFFFFFFF if block is not None else -1
        for number in range(event.start_mark.line + 1, end.line + 1):
            line = self.source.line(number)
            if line.strip(" ") and len(line) - len(line.lstrip(" ")) <= margin:
                raise _NotYaml(number << 32)

    def _refuse(self, found: re.Match[str] | None) -> None:
        if found is not None:
            raise _NotYaml(self.source.at(found.start(1)))

    def _complain(self, slug: str, message: str, at: int) -> None:
        self.findings.append(self.source.finding(slug, message, at))


def _is_escaped(event: Any) -> bool:  # noqa: ANN401 - PyYAML's events are untyped
    """Tell whether quoted text may be longer or shorter than what it stands for; only then can it hold what the file does not."""
    return bool(event.end_mark.index - event.start_mark.index - 2 != len(event.value))


def _packed(mark: Any) -> int:  # noqa: ANN401 - PyYAML's marks are untyped
    # One int a position instead of an object: a policy of 16 MiB has millions.
    line: int = mark.line
    column: int = mark.column
    return line << 32 | column


def _line_and_column(before: str) -> tuple[int, int]:
    lines = _LINE_END.split(before)
    return len(lines), len(lines[-1]) + 1
