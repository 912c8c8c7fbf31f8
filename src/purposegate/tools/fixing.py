"""What `lint --fix` does: strikes out of a policy's text what changes no decision, and leaves all else as it was typed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any, Final, NamedTuple

from purposegate.errors import PolicyError, PurposegateError
from purposegate.findings import Finding, Severity
from purposegate.policy.files import Files
from purposegate.policy.inspection import inspect, inspect_bytes
from purposegate.policy.markup import Findings, Map, Seq, Source, read_markup
from purposegate.tools.lint import examine
from purposegate.tools.linting.registry import Comment, Item, Strike
from purposegate.tools.placing import put

_MARK: Final = b"\xef\xbb\xbf"
_ITEM: Final = re.compile(r"'(?:[^'\n]|'')*'|\"[^\"\\\n]*\"|[A-Za-z0-9_().-]+")
_BEFORE_NEXT: Final = re.compile(r" *, *(?:\r?\n *)?")
_AFTER_PREVIOUS: Final = re.compile(r" *,[ \r\n]*\Z")
_END: Final = re.compile(r"[ \r\n]*(?:,[ \r\n]*)?\]")
_DASH: Final = re.compile(r" *- +\Z")
# What strikes out one item can bring another to light; no policy has so many one in the other.
_ROUNDS: Final = 50


class _Cut(NamedTuple):
    """A stretch of text that goes, by its first character and the one after its last."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Fixed:
    """A policy file's text before and after, and each finding that was mended, as it stood when it was."""

    path: str
    before: str
    after: str
    mended: tuple[Finding, ...]

    def difference(self) -> str:
        """Give what changed as a unified diff; empty where nothing did."""
        before, after = self.before.splitlines(keepends=True), self.after.splitlines(keepends=True)
        return "".join(unified_diff(before, after, fromfile=self.path, tofile=self.path))


def fix(path: str | Path) -> Fixed:
    """Strike out of a policy what may go, again and again until nothing more may; nothing is written.

    Raises `PolicyError` where the policy has errors. What is laid out in a way that cannot be struck out of safely is left as it
    is, and its findings remain.
    """
    loaded = inspect(path)
    errors = [finding for finding in examine(loaded).findings if finding.severity is Severity.ERROR]
    if errors or loaded.policy is None:
        raise PolicyError(errors)
    files = Files()
    data, refusal = files.read(Path(path), "the policy")
    if data is None:
        raise PolicyError([refusal])
    before = after = data
    mended: list[Finding] = []
    for _ in range(_ROUNDS):
        changed, done = _struck(after, path, files)
        # Whatever was struck out, what remains must be a policy still; else the text stays as it was.
        if not done or inspect_bytes(changed, path, files).policy is None:
            break
        after = changed
        mended += done
    return Fixed(str(path), before.decode(errors="replace"), after.decode(errors="replace"), tuple(mended))


def write(fixed: Fixed) -> None:
    """Put the text in the file's place at once, or raise `PurposegateError` and leave what was there."""
    path = Path(fixed.path).resolve()  # a link stays a link
    try:
        mode = path.stat().st_mode & 0o777
    except OSError:
        raise PurposegateError("the policy was not written: it is no longer there") from None
    put(fixed.after.encode(), path, "the policy", mode=mode)


def _struck(data: bytes, path: str | Path, files: Files) -> tuple[bytes, list[Finding]]:
    """Strike out what one look finds; of two that overlap, the first."""
    loaded = inspect_bytes(data, path, files)
    source = loaded.source
    strikes = examine(loaded).strikes
    if source is None or not strikes:
        return data, []
    cutter = _Cutter(source)
    cuts = [(cut, at) for at, (_, strike) in enumerate(strikes) if (cut := cutter.cut(strike)) is not None]
    kept: list[str] = []
    done: list[Finding] = []
    end = 0
    for cut, at in sorted(cuts):
        if cut.begin >= end:
            kept.append(source.text[end : cut.begin])
            done.append(strikes[at][0])
            end = cut.end
    text = "".join(kept) + source.text[end:]
    return (_MARK if data.startswith(_MARK) else b"") + text.encode(), done


class _Cutter:
    """Finds the text of what is to go; None where it is laid out in a way that is not known to be safe."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.tree = read_markup(source, Findings(), lambda *_: None) or Map(0)
        self.lines = [*source.starts(), len(self.text)]

    def cut(self, strike: Strike) -> _Cut | None:
        if isinstance(strike, Comment):
            return self._comment(self.source.index(strike.at))
        return self._item(strike)

    def _comment(self, begin: int) -> _Cut:
        line = self._line_of(begin)
        start, end = self.lines[line], self.lines[line + 1]
        before = self.text[start:begin]
        if not before.strip(" "):
            return _Cut(start, end)
        return _Cut(start + len(before.rstrip(" ")), end - len(self.text[begin:end]) + len(self.text[begin:end].rstrip("\r\n")))

    def _item(self, strike: Item) -> _Cut | None:
        found = _followed(self.tree, strike.path)
        if found is None:
            return None
        items, at = found
        begin = self.source.index(items.items_at[at])
        line = self._line_of(begin)
        if _DASH.match(self.text[self.lines[line] : begin]):
            return self._lines(items, at)
        typed = _ITEM.match(self.text, begin)
        if typed is None or not isinstance(items[at], str) or len(items) == 1:
            return None
        if at + 1 < len(items):
            gap = _BEFORE_NEXT.match(self.text, typed.end())
            return _Cut(begin, gap.end()) if gap and gap.end() == self.source.index(items.items_at[at + 1]) else None
        gap = _AFTER_PREVIOUS.search(self.text, self.source.index(items.items_at[at - 1]), begin)
        # Only where the list ends behind it was the whole item matched: `4 A` begins like `4`.
        return _Cut(gap.start(), typed.end()) if gap and _END.match(self.text, typed.end()) else None

    def _lines(self, items: Seq, at: int) -> _Cut | None:
        """Cut the lines of an item that begins with a dash, where no comment stands among them."""
        begin = self._line_of(self.source.index(items.items_at[at]))
        indent = self._indent(begin)
        end = last = begin + 1
        # An empty line in the midst of an item belongs to it, one behind it to what follows.
        while end < len(self.lines) - 1 and (self._is_empty(end) or self._indent(end) > indent):
            end += 1
            last = last if self._is_empty(end - 1) else end
        text = self.text[self.lines[begin] : self.lines[last]]
        return None if len(items) == 1 or "#" in text else _Cut(self.lines[begin], self.lines[last])

    def _is_empty(self, line: int) -> bool:
        return not self._line(line).strip(" ")

    def _indent(self, line: int) -> int:
        return len(self._line(line)) - len(self._line(line).lstrip(" "))

    def _line(self, line: int) -> str:
        return self.text[self.lines[line] : self.lines[line + 1]].rstrip("\r\n")

    def _line_of(self, index: int) -> int:
        return bisect_right(self.lines, index, hi=len(self.lines) - 1) - 1


def _followed(node: Any, path: Iterable[str | int]) -> tuple[Seq, int] | None:  # noqa: ANN401 - text, a Map or a Seq
    """Follow a path to an item; give the list that it stands in and its index."""
    *way, last = path
    for part in way:
        if isinstance(node, Map) and isinstance(part, str):
            node = node.get(part)
        elif isinstance(node, Seq) and isinstance(part, int) and part < len(node):
            node = node[part]
        else:
            return None
    return (node, last) if isinstance(node, Seq) and isinstance(last, int) and last < len(node) else None
