"""A complaint at a place: what readers and lint rules yield, and only the edge raises."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

# A suggestion is worth a little time, never as much as a policy has names.
_LENGTH_APART = 3
_CANDIDATES = 100

_EXCERPT_WIDTH = 100
_TEXT_SHOWN = 60


class Severity(StrEnum):
    """How bad a finding is, worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    def at_least(self, other: Severity) -> bool:
        """Tell whether this is as bad as `other`, or worse."""
        ranks = list(Severity)
        return ranks.index(self) <= ranks.index(other)


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file; line and column count from 1."""

    path: str
    line: int
    column: int

    @classmethod
    def unpacked(cls, path: str, at: int) -> Location:
        """Make a place of a packed position: line and column from 0, the line in the upper bits."""
        return cls(path, (at >> 32) + 1, (at & 0xFFFFFFFF) + 1)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that a finding has to do with, and how."""

    location: Location
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint: the slug names its kind, the message says what is wrong, the help what to do."""

    slug: str
    severity: Severity
    message: str
    location: Location | None = None
    excerpt: str | None = None
    help: str | None = None
    related: tuple[Related, ...] = ()

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location else ""
        lines = [f"{place}{self.severity}[{self.slug}] {self.message}"]
        if self.excerpt is not None and self.location is not None:
            lines.append(self.excerpt)
        lines += [f"  see: {related.location}: {related.message}" for related in self.related]
        if self.help:
            lines.append(f"  help: {self.help}")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """Give the finding as plain data for `--format json`."""
        return {
            "slug": self.slug,
            "severity": self.severity.value,
            "message": self.message,
            "path": self.location.path if self.location else None,
            "line": self.location.line if self.location else None,
            "column": self.location.column if self.location else None,
            "help": self.help,
            "related": [
                {
                    "message": related.message,
                    "path": related.location.path,
                    "line": related.location.line,
                    "column": related.location.column,
                }
                for related in self.related
            ],
        }


def excerpt(line: str, location: Location) -> str:
    """Show a source line with a caret under the place; a long line is cut to what surrounds it."""
    start = max(0, location.column - 1 - _EXCERPT_WIDTH // 2)
    shown = line[start : start + _EXCERPT_WIDTH].replace("\t", " ").rstrip()
    gutter = f"  {location.line} | "
    caret = " " * (len(gutter) - 2) + "| " + " " * (location.column - 1 - start) + "^"
    return f"{gutter}{shown}\n{caret}"


def closest(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """Give the names most like a misspelt one, best first; none where none is like it."""
    near = [known for known in names if abs(len(known) - len(name)) <= _LENGTH_APART]
    return tuple(difflib.get_close_matches(name, near[:_CANDIDATES], n=3, cutoff=0.75))


def did_you_mean(name: str, names: Iterable[str]) -> str | None:
    """Word the closest names as a help line."""
    near = closest(name, names)
    return f"did you mean {listed(near, 'or')}?" if near else None


def listed(names: Iterable[str], last: str = "and") -> str:
    """Write names as people do: `a`, `b` and `c`."""
    quoted = [f"`{name}`" for name in names]
    return f" {last} ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else "".join(quoted)


def shortened(text: str, length: int = _TEXT_SHOWN) -> str:
    """Cut a text for a message, marking that it was cut."""
    return text if len(text) <= length else f"{text[:length].rstrip()} …"
