"""What a scan of code costs: other people's code beside the examples, so that there are gates and labels to be followed.

The standard library and popular typed packages are scanned with the examples as one project: a name in them that is called like a
labelled field, or a call that is called like a gate's method, has to be followed as in one's own code. Scanning and parsing are
timed by the processor, since others may be at work on it for most of so long a run; the process that looks again by the clock.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import sysconfig
import time
import warnings
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rows import Row, where_bytecode_is_kept

from purposegate import Engine
from purposegate.findings import Finding, Severity
from purposegate.policy.loader import load
from purposegate.tools.scan import Scan, Settings, scan
from purposegate.tools.scanning.sources import sources

ROOT: Final = Path(__file__).parent.parent
POLICY: Final = "policies/en-japan-video-interview.yaml"
EXAMPLES: Final = "examples"
PACKAGES: Final = ("pydantic", "rich", "sqlalchemy")
# Enough for a look: what a program takes from the standard library to speak with the net.
QUICK: Final = ("asyncio", "email", "http", "importlib", "json", "unittest", "urllib", "xml")
TESTS: Final = ("test", "tests", "idle_test")
LINES_A_SECOND: Final = 20_000
# Parsing is the least that anybody does who looks at code.
PARSINGS: Final = 10.0
_TOO_DEEP: Final = "nested too deeply"


def rows(*, quick: bool) -> list[Row]:
    """Scan once, parse the same files in the same run, and scan again as a process where nothing has changed."""
    standard = Path(sysconfig.get_path("stdlib"))
    folders = [str(standard / name) for name in QUICK] if quick else [str(standard), *map(_folder_of, PACKAGES)]
    named = "a part of the standard library" if quick else f"the standard library, {', '.join(PACKAGES)}"
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        with TemporaryDirectory() as kept:
            return _rows([*folders, EXAMPLES], f"{named} and the examples", kept)
    finally:
        os.chdir(before)


def _rows(paths: Sequence[str], named: str, kept: str) -> list[Row]:
    parsing = _parsing(sources(paths, TESTS).files)
    start = time.process_time()
    found = scan(paths, Engine(load(POLICY)), Settings(exclude=TESTS, cache=kept))
    scanning = time.process_time() - start
    if not any(path.startswith(EXAMPLES) for path in found.files):
        raise RuntimeError("the examples were not scanned, so that nothing had to be followed")
    again = _again(paths, kept)
    speed, deep, wrong = found.lines / scanning, list(filter(_is_too_deep, found.findings)), _of_others(found)
    what = f"{found.lines:,} lines in {len(found.files):,} files"
    return [
        Row(
            f"`scan` of {named}",
            f"{LINES_A_SECOND:,} lines a second of the processor, of {what}",
            f"{speed:,.0f} a second",
            LINES_A_SECOND / speed,
            1.0,
        ),
        Row("the same", f"`ast.parse` of the same files, {parsing:.1f} s", f"{scanning:.1f} s", scanning / parsing, PARSINGS),
        Row("`purposegate scan …` of them again, nothing changed", "1 s", f"{again * 1e3:.0f} ms", again, 1.0),
        Row("functions and modules there that are too deep to be followed", "none", str(len(deep)), len(deep), 0),
        Row("errors found there outside of the examples", "none", str(len(wrong)), len(wrong), 0),
    ]


def _folder_of(package: str) -> str:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{package} is not installed")
    return str(Path(spec.origin).parent)


def _parsing(files: Sequence[str]) -> float:
    texts = [(path, Path(path).read_bytes()) for path in files]
    start = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes in other people's code
        for path, text in texts:
            try:
                ast.parse(text, path)
            except SyntaxError:
                continue
    return time.process_time() - start


def _again(paths: Sequence[str], kept: str) -> float:
    """Time the whole process, its start and imports too, at its best of four; it must take what was kept and not look anew."""
    exclude = [part for name in TESTS for part in ("--exclude", name)]
    program = str(Path(sys.executable).with_name("purposegate"))
    command = [program, "scan", *paths, *exclude, "--policy", POLICY, "--cache-dir", kept, "--isolated", "--format", "concise"]
    (record,) = Path(kept).glob("*.json")
    before = record.stat()
    with TemporaryDirectory() as bytecode:
        environment = where_bytecode_is_kept(bytecode)
        taken = [_process(command, environment) for _ in range(4)]
    (same,) = Path(kept).glob("*.json")
    if (same.stat().st_ino, same.stat().st_mtime_ns) != (before.st_ino, before.st_mtime_ns):
        raise RuntimeError("what was found before was not taken again")
    return min(taken)


def _process(command: Sequence[str], environment: Mapping[str, str]) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(command)}: {done.stderr}")
    return time.perf_counter() - start


def _is_too_deep(finding: Finding) -> bool:
    return finding.slug == "cannot-verify" and _TOO_DEEP in finding.message


def _of_others(found: Scan) -> list[Finding]:
    own = (f"{EXAMPLES}{os.sep}", f"policies{os.sep}")
    return [
        each
        for each in found.findings
        if each.severity is Severity.ERROR and each.location is not None and not each.location.path.startswith(own)
    ]
