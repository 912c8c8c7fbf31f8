"""Change the judge, the door and the reader in every small way that mutmut knows, and see whether a test notices.

At least 95 of 100 mutants must be noticed, and each survivor must be explained in `survivors.toml` by an entry that its change
matches; exits with 1 otherwise. Names, as `purposegate.gate.*`, judge only those; `--again` only those that survived last time.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
MUTANTS = ROOT / "mutants"
BAR = 0.95
# mutmut's exit codes: of the tests (0 is that all passed), and where no test runs the code at all.
PASSED, UNTESTED = 0, 33
_SHOWN = 200


@dataclass(frozen=True)
class Survivor:
    """A mutant that no test notices: where it is, and what was changed into what."""

    name: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.name}\n    - {self.before[:_SHOWN]}\n    + {self.after[:_SHOWN]}"


def main() -> int:
    """Run mutmut, then tell of the survivors."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="*", help="mutants to judge, with * for anything; by default all")
    options.add_argument("--again", action="store_true", help="only those that survived last time")
    options.add_argument("--report", action="store_true", help="only tell what came of it last time")
    asked = options.parse_args()
    if not asked.report:
        names = [survivor.name for survivor in survivors()] if asked.again else asked.names
        environment = os.environ | {"HYPOTHESIS_PROFILE": "mutants"}
        # More than there are processors: many a mutant is only noticed by waiting for what never comes.
        command = [str(Path(sys.executable).with_name("mutmut")), "run", "--max-children", str(3 * (os.cpu_count() or 1)), *names]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False)  # noqa: S603 - installed beside this interpreter
        if done.returncode:
            return done.returncode
    return report(whole=not asked.names and not asked.again)


def report(*, whole: bool) -> int:
    """Print how many mutants were noticed, and each survivor that nobody explained."""
    counts = Counter("survived" if code in (PASSED, UNTESTED) else "noticed" for _, code in judged())
    total = counts.total()
    if not total:
        print("no mutant was judged", file=sys.stderr)
        return 2
    reasons = tomllib.loads((ROOT / "proofs" / "survivors.toml").read_text())["survivors"]
    explained: Counter[str] = Counter()
    unexplained = []
    for survivor in survivors():
        reason = next((entry["reason"] for entry in reasons if explains(entry, survivor)), None)
        if reason is None:
            unexplained.append(survivor)
        else:
            explained[reason] += 1
    print(f"{total:,} mutants, {counts['noticed']:,} noticed by a test ({counts['noticed'] / total:.1%})")
    for reason, count in explained.most_common():
        print(f"{count:>5} survive: {reason}")
    for survivor in unexplained:
        print(f"unexplained: {survivor}")
    print(f"{len(unexplained)} survivors are not explained")
    return 1 if unexplained or (whole and counts["noticed"] < BAR * total) else 0


def explains(entry: dict[str, str], survivor: Survivor) -> bool:
    """Tell whether an entry's patterns match a survivor: `where` its name, `before` and `after` the changed line."""
    parts = {"where": survivor.name, "before": survivor.before, "after": survivor.after}
    return all(re.search(entry[key], text) for key, text in parts.items() if key in entry)


def judged() -> Iterator[tuple[str, int]]:
    """Give each mutant that was judged, with the exit code of the tests."""
    for path in sorted(MUTANTS.rglob("*.meta")):
        for name, code in json.loads(path.read_text())["exit_code_by_key"].items():
            if code is not None:
                yield name, code


def survivors() -> Iterator[Survivor]:
    """Give the mutants that no test noticed, with the first line that each changes."""
    surviving = {name for name, code in judged() if code in (PASSED, UNTESTED)}
    for path in sorted(MUTANTS.rglob("*.meta")):
        names = [name for name in json.loads(path.read_text())["exit_code_by_key"] if name in surviving]
        functions = _functions(path.with_suffix("")) if names else {}
        for name in names:
            mutant = name.rpartition(".")[2]
            original = functions[mutant.rpartition("__mutmut_")[0] + "__mutmut_orig"]
            changed = zip(original, functions[mutant], strict=False)
            before, after = next(((old, new) for old, new in changed if old != new), ("the last lines", "are gone"))
            yield Survivor(name, before.strip(), after.strip())


def _functions(source: Path) -> dict[str, list[str]]:
    """Give the lines of each function of a mutated file: its default arguments, then its body."""
    found = {}
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found[node.name] = [ast.unparse(node.args), *(line for part in node.body for line in ast.unparse(part).splitlines())]
    return found


if __name__ == "__main__":
    sys.exit(main())
