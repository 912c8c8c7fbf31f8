"""What other programs tell about the code that a scan is tested on: for each kind of finding, what they see of it.

`make compare` installs what can be installed, each into a venv of its own under .venv/others, and prints the tables of
docs/comparison.md. A program that is not there is named with the reason. The fixtures are those of `purposegate scan`; so what it
finds in them itself is no result, and tests hold it.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from others_marked import Fixture, Told, fixtures
from others_runs import RUNS, STATEMENTS, Skipped, fides, version

_FIXTURES: Final = Path("tests/scan")
# What is about the policy, or about suppressing findings of ours, has no counterpart to look for.
_OURS: Final = frozenset(
    {
        "declared-never-used",
        "fact-never-registered",
        "idle-ignore",
        "unexplained-ignore",
        "unknown-ignore",
        "unparsable",
        "use-without-label",
    }
)
_NOT_RUN: Final = {
    "Bearer CLI": "a Go binary that only its own channels and a container image bring; packages of its name are other programs",
    "Privado": "a container image, started by a Go binary; no package, and no daemon to run an image",
}


def main() -> int:
    """Print what each program tells; 1 where there is nothing to look at."""
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else _FIXTURES
    found = tuple(each for each in fixtures(root) if each.row not in _OURS) if root.is_dir() else ()
    if not found:
        print(f"no fixtures under {root}")
        return 1
    told, skipped = _told(root, found)
    print("\n".join(_table(found, told)))
    print()
    try:
        with tempfile.TemporaryDirectory() as folder:
            print("\n".join(_statements(fides(Path(folder)))))
    except Skipped as why:
        skipped["ethyca-fides"] = str(why)
    print()
    for name, reason in {**skipped, **_NOT_RUN}.items():
        print(f"- not run: {name}: {reason}")
    return 0


def _told(root: Path, found: tuple[Fixture, ...]) -> tuple[dict[str, tuple[Told, ...]], dict[str, str]]:
    """Run each program on a copy of the fixtures, since some write beside what they read."""
    told: dict[str, tuple[Told, ...]] = {}
    skipped: dict[str, str] = {}
    for name, run in RUNS.items():
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder).resolve() / "code"
            for fixture in found:
                (copy / fixture.path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(root / fixture.path, copy / fixture.path)
            try:
                told[name] = tuple(run(copy, found))
            except Skipped as why:
                skipped[name] = str(why)
    return told, skipped


def _table(found: tuple[Fixture, ...], told: Mapping[str, tuple[Told, ...]]) -> Iterable[str]:
    names = list(told)
    yield f"| what is wrong in the code | marked lines | {' | '.join(f'{name} {version(name)}' for name in names)} |"
    yield f"| --- | ---: |{' ---: |' * len(names)}"
    for row in sorted({fixture.row for fixture in found}):
        here = {fixture.path: fixture for fixture in found if fixture.row == row}
        yield _row(row, here, [told[name] for name in names])
    yield _row("**all**", {fixture.path: fixture for fixture in found}, [told[name] for name in names])


def _row(row: str, here: Mapping[str, Fixture], columns: Iterable[tuple[Told, ...]]) -> str:
    marked = {(path, line) for path, fixture in here.items() for line in fixture.marked}
    cells = []
    for column in columns:
        spans = [{(told.path, line) for line in range(told.first, told.last + 1)} for told in column if told.path in here]
        seen = len(marked & set().union(*spans))
        cells.append(f"{seen} of {len(marked)}, {sum(marked.isdisjoint(span) for span in spans)} wrong")
    return f"| {row} | {len(marked)} | {' | '.join(cells)} |"


def _statements(refused: Mapping[str, bool]) -> Iterable[str]:
    yield f"| a use written down by hand | must be refused | ethyca-fides {version('ethyca-fides')} |"
    yield "| --- | --- | --- |"
    for statement in STATEMENTS:
        verdict = "refuses" if refused[statement.row] else "passes"
        yield f"| {statement.row} | {'yes' if statement.wrong else 'no'} | {verdict} |"


if __name__ == "__main__":
    raise SystemExit(main())
