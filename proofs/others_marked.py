"""Fixtures of a scan as other programs can be held against them: which lines are marked, and in which row of a table they count."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

_MARK: Final = "# finds: "
_MARK_BELOW: Final = "# finds below: "

UNGUARDED: Final = "unguarded-read"
# What a guard that does not guard looks like, by words in the fixture's name; the first row that fits counts.
_KINDS_OF_UNGUARDED: Final[Mapping[str, tuple[str, ...]]] = {
    "check under `if False:`": ("if_false",),
    "check after the use": ("after_the",),
    "check on another path": (
        "other_branch",
        "may_not_run",
        "short_circuit",
        "conditional",
        "handler",
        "finally",
        "sometimes",
        "nobody_calls",
    ),
    "violation swallowed, decision ignored": ("violation", "decision_", "not_awaited"),
    "check for another category": ("category", "labels"),
    "across functions and modules": ("modules", "caller", "method", "inherited"),
    "column of a query, row": ("column", "row", "scalars", "entity"),
    "whole object given away": ("model_", "object", "as_dict", "string_formatting", "dumped"),
}
_OTHER: Final = "in one function, in other ways"


class Fixture(NamedTuple):
    """One file: the row that it counts in, whether something must be found in it, and the marked lines."""

    path: str
    row: str
    bad: bool
    marked: frozenset[int]


class Told(NamedTuple):
    """A place that another program complains about."""

    path: str
    first: int
    last: int


def fixtures(root: Path) -> tuple[Fixture, ...]:
    """Read all fixtures under a folder `<slug>/{bad,good}/…`."""
    return tuple(sorted(_fixtures(root)))


def _fixtures(root: Path) -> Iterator[Fixture]:
    for path in root.rglob("*.py"):
        slug, kind, *rest = path.relative_to(root).parts
        if kind in {"bad", "good"}:
            marks = dict(_marks(path))
            lines = frozenset(line for line, slugs in marks.items() if slug in slugs)
            yield Fixture(path.relative_to(root).as_posix(), _row(slug, rest[0]), kind == "bad", lines)


def _row(slug: str, name: str) -> str:
    if slug != UNGUARDED:
        return slug
    kinds = (kind for kind, words in _KINDS_OF_UNGUARDED.items() if any(word in name for word in words))
    return f"{slug}: {next(kinds, _OTHER)}"


def _marks(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline))
    except (OSError, ValueError, SyntaxError, tokenize.TokenError):
        return  # a file that nobody can read is no case for others
    for token in tokens:
        if token.type == tokenize.COMMENT:
            for mark, ahead in ((_MARK, 0), (_MARK_BELOW, 1)):
                if token.string.startswith(mark):
                    yield token.start[0] + ahead, token.string.removeprefix(mark).split(", ")


def callees(root: Path, wanted: tuple[Fixture, ...]) -> Iterator[tuple[str, bool]]:
    """Give what is called in fixtures, as it is written there, and whether it stands on a marked line."""
    for fixture in wanted:
        for node in _calls(root / fixture.path):
            name = dotted(node.func)
            if name is not None:
                yield name, not fixture.marked.isdisjoint(range(node.lineno, (node.end_lineno or node.lineno) + 1))


def dotted(node: ast.expr) -> str | None:
    """Write `a.b.c` as it stands in code; None for what is not such a name."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            before = dotted(value)
            return None if before is None else f"{before}.{attr}"
        case _:
            return None


def _calls(path: Path) -> Iterator[ast.Call]:
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call))
