"""How right a scan is about the code of `tests/scan`, by kind of finding; exits with 1 below 1.00 of either.

A finding on a line that is marked for it is right, on another wrong, and a marked line without one is missed; so is a name that
must be reported. Beside it stands what is told by flagging every attribute that is called like a labelled field, which needs no
more than a search. `--readme` prints the block of the README and nothing else.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).parent.parent / "tests"
sys.path.insert(0, str(TESTS))  # the fixtures and what reads them, also where this program stands alone

from scan_fixtures import Expected, Fixture, Named, fixtures  # noqa: E402 - found by the line above
from scanned import told  # noqa: E402 - as above

READ: Final = "unguarded-read"
NAIVE: Final = f"a search for `{READ}`: every attribute called like a labelled field"


@dataclass
class Tally:
    """How many findings are right, wrong and missed, by what was found."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    def count(self, found: frozenset[Expected | Named], marked: frozenset[Expected | Named]) -> None:
        """Count what was found in one fixture against what is marked there."""
        self.right.update(each.slug for each in found & marked)
        self.wrong.update(each.slug for each in found - marked)
        self.missed.update(each.slug for each in marked - found)

    @property
    def slugs(self) -> tuple[str, ...]:
        """What was found or should have been."""
        return tuple(sorted({*self.right, *self.wrong, *self.missed}))

    @property
    def is_exact(self) -> bool:
        """Whether something was marked, and nothing else found."""
        return bool(self.right) and not self.wrong and not self.missed

    def row(self, what: str, slugs: Iterable[str]) -> str:
        """Write the figures of some kinds of findings as a row of a table."""
        right, wrong, missed = (sum(each[slug] for slug in slugs) for each in (self.right, self.wrong, self.missed))
        shares = (_share(right, wrong), _share(right, missed))
        return f"| {what} | {right + missed} | {right} | {wrong} | {missed} | {' | '.join(shares)} |"


def main(arguments: list[str] | None = None) -> int:
    """Scan every fixture, print the table, and say whether all that is marked was found and nothing else."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--readme", action="store_true", help="print the block of the README and nothing else")
    asked = options.parse_args(arguments)
    corpus = fixtures()
    scanned, searched = tallies(corpus)
    print(table(scanned, searched))
    if asked.readme:
        return 0 if scanned.is_exact else 1
    good = sum(each.kind == "good" for each in corpus)
    print(f"\n{len(corpus)} programs, of which {good} are right; {sum(len(each.files) for each in corpus)} files")
    for each in corpus:
        _tell(each)
    return 0 if scanned.is_exact else 1


def block() -> str:
    """Give the block of the README."""
    return table(*tallies(fixtures()))


def tallies(corpus: Iterable[Fixture]) -> tuple[Tally, Tally]:
    """Count what a scan finds, and what a search does."""
    scanned, searched = Tally(), Tally()
    for each in corpus:
        marked = each.expected | each.named
        scanned.count(told(each), marked)
        searched.count(frozenset(_attributes(each)), frozenset(mark for mark in marked if mark.slug == READ))
    return scanned, searched


def table(scanned: Tally, searched: Tally) -> str:
    """Write the figures as a Markdown table: each kind of finding, all of them, and the search."""
    return "\n".join(
        [
            "| finding | marked | right | wrong | missed | precision | recall |",
            "|---|---:|---:|---:|---:|---:|---:|",
            *(scanned.row(f"`{slug}`", (slug,)) for slug in scanned.slugs),
            scanned.row("**all**", scanned.slugs),
            searched.row(NAIVE, (READ,)),
        ]
    )


def _share(right: int, others: int) -> str:
    """Write a share rounded down: what is not whole is not told as 1.00."""
    whole = right + others
    return f"{right * 100 // whole / 100:.2f}" if whole else "-"


def _tell(fixture: Fixture) -> None:
    found, marked = told(fixture), fixture.expected | fixture.named
    for what, those in (("missed", marked - found), ("wrong", found - marked)):
        for each in sorted(those, key=str):
            where = f"{each.file}:{each.line}" if isinstance(each, Expected) else f"`{each.name}`"
            print(f"{what}: {fixture}: {where}: {each.slug}", file=sys.stderr)


def _attributes(fixture: Fixture) -> Iterator[Expected]:
    """Yield each attribute that is read and called like a field that bears a label somewhere in the fixture."""
    trees = {file: tree for file in fixture.files if (tree := _tree(file)) is not None}
    labelled = {name for tree in trees.values() for name in _labelled(tree)}
    for file, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and node.attr in labelled:
                yield Expected(file.relative_to(fixture.folder).as_posix(), node.lineno, READ)


def _labelled(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and "Personal(" in ast.unparse(node.annotation):
            yield node.target.id


def _tree(file: Path) -> ast.Module | None:
    try:
        return ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return None


if __name__ == "__main__":
    sys.exit(main())
