"""Comments that suppress a finding: `# purposegate: ignore[slug] reason`, on its line or alone above it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from purposegate.findings import Finding, Location, Severity, did_you_mean
from purposegate.policy.comments import comments
from purposegate.policy.markup import Source
from purposegate.tools.linting.registry import Comment, Remark, Rule, page

_MEANT: Final = re.compile(r"#\s*purposegate:\s*[A-Za-z]")
_IGNORE: Final = re.compile(r"#\s*purposegate:\s*ignore\[([^\]]*)\][ ]*(.*)\Z")
_SLUG: Final = re.compile(r"[a-z0-9-]{1,60}\Z")

Said = tuple[str, Remark]


@page(Severity.WARNING, can_be_ignored=False)
def unexplained_ignore() -> None:
    """Flag a comment that suppresses a finding without a reason.

    Why: whoever reads the policy next cannot tell whether the finding was weighed or only silenced.

    Avoid:
        purposes:
          shipping: {}
          raffle: {}  # purposegate: ignore[idle-purpose]
    Prefer:
        purposes:
          shipping: {}
          raffle: {}  # purposegate: ignore[idle-purpose] launches in May
    """


@page(Severity.WARNING, can_be_ignored=False)
def unknown_ignore() -> None:
    """Flag a comment meant to suppress a finding that names no rule, or one that cannot be suppressed.

    Why: it suppresses nothing, and its author believes it does. What the reader calls an error cannot be suppressed at all.

    Avoid:
        purposes:
          shipping: {}  # purposegate: ignore[idle-porpoise] launches in May
    Prefer:
        purposes:
          shipping: {}
          raffle: {}  # purposegate: ignore[idle-purpose] launches in May
    """


@page(Severity.WARNING, fixed=True, can_be_ignored=False)
def idle_ignore() -> None:
    """Flag a comment that suppresses nothing.

    Why: what it excused was mended, and it would go on to excuse whatever comes next.

    Avoid:
        purposes:
          shipping: {}  # purposegate: ignore[idle-purpose] launches in May
    Prefer:
        purposes:
          shipping: {}
    """


@dataclass(slots=True)
class _Ignore:
    """One comment with what it names; `left` are the slugs that have suppressed nothing yet."""

    slugs: tuple[str, ...]
    reason: str
    at: int
    left: set[str] = field(default_factory=set)


class Ignores:
    """The suppressions of one file, and what there is to say about them."""

    def __init__(self, source: Source | None, rules: Mapping[str, Rule]) -> None:
        """Read the comments of a policy that was read without an error."""
        self._rules = rules
        self._source = source
        self._by_line: dict[int, list[_Ignore]] = {}
        self._all: list[_Ignore] = []
        self._not_understood: list[int] = []
        if source is not None and _MEANT.search(source.text):
            self._read(source)

    def suppress(self, finding: Finding) -> bool:
        """Tell whether a comment suppresses a finding, and remember that it does; an error never is."""
        if finding.severity is Severity.ERROR or finding.location is None or self._source is None:
            return False
        if finding.location.path != self._source.path or not self._can_be_ignored(finding.slug):
            return False
        matching = [ignore for ignore in self._by_line.get(finding.location.line - 1, ()) if finding.slug in ignore.slugs]
        for ignore in matching:
            ignore.left.discard(finding.slug)
        return bool(matching)

    def remarks(self) -> Iterator[Said]:
        """Yield what is wrong with the comments themselves, with the slug of each, once all findings were seen."""
        for at in self._not_understood:
            yield (
                "unknown-ignore",
                Remark("the comment is not understood", self._place(at), "write `# purposegate: ignore[slug] reason`"),
            )
        for ignore in self._all:
            place = self._place(ignore.at)
            unknown = [slug for slug in ignore.slugs if not self._can_be_ignored(slug)]
            for slug in unknown:
                yield "unknown-ignore", Remark(*self._no_such(slug, place))
            idle = [slug for slug in ignore.slugs if slug in ignore.left and slug not in unknown]
            strike = Comment(ignore.at) if idle and len(idle) == len(ignore.slugs) else None
            for slug in idle:
                yield "idle-ignore", Remark(f"nothing here is `{slug}`", place, "strike the comment out", strike)
            if not ignore.reason and len(idle) + len(unknown) < len(ignore.slugs):
                yield "unexplained-ignore", Remark("the comment gives no reason", place, "write the reason behind the bracket")

    def _read(self, source: Source) -> None:
        waiting: list[_Ignore] = []
        last = -1
        for comment in comments(source):
            if waiting and not (comment.alone and comment.line == last + 1):
                self._file(last + 1, waiting)
                waiting = []
            found = _IGNORE.match(comment.text)
            slugs = tuple(dict.fromkeys(slug.strip() for slug in found[1].split(","))) if found else ()
            if found and all(slugs):
                ignore = _Ignore(slugs, found[2].strip(), comment.at, set(slugs))
                self._all.append(ignore)
                if comment.alone:
                    waiting.append(ignore)
                else:
                    self._file(comment.line, [ignore])
            elif _MEANT.match(comment.text):
                self._not_understood.append(comment.at)
            last = comment.line
        self._file(last + 1, waiting)

    def _file(self, line: int, ignores: list[_Ignore]) -> None:
        if ignores:
            self._by_line.setdefault(line, []).extend(ignores)

    def _can_be_ignored(self, slug: str) -> bool:
        rule = self._rules.get(slug)
        return rule is not None and rule.can_be_ignored and rule.severity is not Severity.ERROR

    def _no_such(self, slug: str, place: Location) -> tuple[str, Location, str | None]:
        if slug in self._rules:
            return f"`{slug}` cannot be suppressed", place, "mend what it says"
        shown = f" `{slug}`" if _SLUG.match(slug) else ""
        return f"there is no rule{shown}", place, did_you_mean(slug, self._rules) if shown else None

    def _place(self, at: int) -> Location:
        return Location.unpacked(self._source.path if self._source else "", at)
