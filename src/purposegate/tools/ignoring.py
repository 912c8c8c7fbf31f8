"""Comments that suppress a finding, in policies and code: `# purposegate: ignore[slug] reason`, on its line or alone above it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from purposegate.findings import Finding, Location, Severity, did_you_mean
from purposegate.policy.comments import Comment as Written
from purposegate.tools.linting.registry import Comment, Remark, Rule

_MEANT: Final = re.compile(r"#\s*purposegate:\s*[A-Za-z]")
_IGNORE: Final = re.compile(r"#\s*purposegate:\s*ignore\[([^\]]*)\][ ]*(.*)\Z")
_SLUG: Final = re.compile(r"[a-z0-9-]{1,60}\Z")

Said = tuple[str, Remark]


class Reach(NamedTuple):
    """From where a comment reaches a finding, in lines from 1: at the end of which lines, and alone above which."""

    beside: frozenset[int]
    below: frozenset[int]


@dataclass(slots=True)
class _Ignore:
    """One comment with what it names; `left` are the slugs that have suppressed nothing yet."""

    slugs: tuple[str, ...]
    reason: str
    at: int
    left: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for the comments of one tool: what there is to suppress, whether an error may be, and whether without a reason."""

    rules: Mapping[str, Rule]
    errors: bool = False
    unexplained: bool = True

    def suppressible(self, slug: str) -> bool:
        """Tell whether a comment may suppress what is found under a slug."""
        rule = self.rules.get(slug)
        return rule is not None and rule.can_be_ignored and (self.errors or rule.severity is not Severity.ERROR)


def may_suppress(text: str) -> bool:
    """Tell whether a text may hold such a comment at all: most hold none, and need not be read for it."""
    return _MEANT.search(text) is not None


def _same_line(place: Location) -> Reach:
    return Reach(frozenset({place.line}), frozenset({place.line}))


class Ignores:
    """The suppressions of one file, and what there is to say about them."""

    def __init__(
        self, path: str, comments: Iterable[Written], terms: Terms, reach: Callable[[Location], Reach] = _same_line
    ) -> None:
        """Read the comments of a file; `reach` tells which of its lines count for a place."""
        self._path = path
        self._terms = terms
        self._reach = reach
        self._beside: dict[int, list[_Ignore]] = {}
        self._above: dict[int, list[_Ignore]] = {}
        self._all: list[_Ignore] = []
        self._not_understood: list[int] = []
        self._read(comments)

    def suppress(self, finding: Finding) -> bool:
        """Tell whether a comment suppresses a finding, and remember that it does."""
        place, terms = finding.location, self._terms
        if place is None or place.path != self._path or not self._all:
            return False
        if not terms.suppressible(finding.slug) or (finding.severity is Severity.ERROR and not terms.errors):
            return False
        reach = self._reach(place)
        near = [each for line in reach.beside for each in self._beside.get(line, ())]
        near += [each for line in reach.below for each in self._above.get(line, ())]
        matching = [ignore for ignore in near if finding.slug in ignore.slugs]
        for ignore in matching:
            ignore.left.discard(finding.slug)
        return any(terms.unexplained or ignore.reason for ignore in matching)

    def remarks(self) -> Iterator[Said]:
        """Yield what is wrong with the comments themselves, with the slug of each, once all findings were seen."""
        for at in self._not_understood:
            yield (
                "unknown-ignore",
                Remark("the comment is not understood", self._place(at), "write `# purposegate: ignore[slug] reason`"),
            )
        for ignore in self._all:
            place = self._place(ignore.at)
            unknown = [slug for slug in ignore.slugs if not self._terms.suppressible(slug)]
            for slug in unknown:
                yield "unknown-ignore", Remark(*self._no_such(slug, place))
            idle = [slug for slug in ignore.slugs if slug in ignore.left and slug not in unknown]
            strike = Comment(ignore.at) if idle and len(idle) == len(ignore.slugs) else None
            for slug in idle:
                yield "idle-ignore", Remark(f"nothing here is `{slug}`", place, "strike the comment out", strike)
            if not ignore.reason and len(idle) + len(unknown) < len(ignore.slugs):
                yield "unexplained-ignore", Remark("the comment gives no reason", place, "write the reason behind the bracket")

    def _read(self, comments: Iterable[Written]) -> None:
        waiting: list[_Ignore] = []
        last = -1
        for comment in comments:
            if waiting and not (comment.alone and comment.line == last + 1):
                self._file(self._above, last + 1, waiting)
                waiting = []
            found = _IGNORE.match(comment.text)
            slugs = tuple(dict.fromkeys(slug.strip() for slug in found[1].split(","))) if found else ()
            if found and all(slugs):
                ignore = _Ignore(slugs, found[2].strip(), comment.at, set(slugs))
                self._all.append(ignore)
                if comment.alone:
                    waiting.append(ignore)
                else:
                    self._file(self._beside, comment.line, [ignore])
            elif _MEANT.match(comment.text):
                self._not_understood.append(comment.at)
            last = comment.line
        self._file(self._above, last + 1, waiting)

    @staticmethod
    def _file(by_line: dict[int, list[_Ignore]], line: int, ignores: list[_Ignore]) -> None:
        if ignores:
            by_line.setdefault(line + 1, []).extend(ignores)

    def _no_such(self, slug: str, place: Location) -> tuple[str, Location, str | None]:
        if slug in self._terms.rules:
            return f"`{slug}` cannot be suppressed", place, "mend what it says"
        shown = f" `{slug}`" if _SLUG.match(slug) else ""
        return f"there is no rule{shown}", place, did_you_mean(slug, self._terms.rules) if shown else None

    def _place(self, at: int) -> Location:
        return Location.unpacked(self._path, at)
