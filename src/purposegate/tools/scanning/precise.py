"""Let a type checker tell of what class the objects are that a scan by names alone does not know.

A name tells a scan much, but not what a function of another library returns. mypy often knows. It runs as a process of its own
(`receivers`), with a deadline, in its own cache, and reads the project without running any of it.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from purposegate.errors import PurposegateError
from purposegate.findings import Finding, Location, Severity
from purposegate.tools.scanning.sighting import UnknownRead

if TYPE_CHECKING:  # it imports mypy, which need not be there
    from purposegate.tools.scanning.receivers import Answer

# A project of some thousand files takes mypy half a minute the first time, and some seconds from then on.
DEADLINE: Final = 300.0

# `-P`: no module of the folder in which the command runs goes before one that is installed.
_PROGRAM: Final = (sys.executable, "-P", "-m", "purposegate.tools.scanning.receivers")


class Precision(NamedTuple):
    """What a type checker told: for a read the dotted names of the classes that declare what is read, several joined by ` | `.

    A read that is missing is as unknown as before; `findings` say where the type checker told nothing, and why.
    """

    classes: Mapping[UnknownRead, str]
    findings: tuple[Finding, ...]


def precisely(
    unknown: Sequence[UnknownRead],
    files: Sequence[str],
    *,
    config: str | None = None,
    cache: str | None = None,
    deadline: float = DEADLINE,
) -> Precision:
    """Tell for each read of an unknown object which class declares the attribute, as far as mypy can.

    `files` make up the project; `config` is its configuration of mypy, of which `plugins` and `python_executable` are left aside.
    A read of an attribute that a protocol, `Any` or a class without it may be asked for stays unknown. `deadline` is in seconds.

    Raises:
        PurposegateError: mypy is not installed.
    """
    if not unknown:
        return Precision(MappingProxyType({}), ())
    if not _installed("mypy"):
        missing = PurposegateError("telling receivers by a type checker needs an extra")
        missing.add_note("pip install 'purposegate[precise]'")
        raise missing
    asked = {read: place for read, place in zip(unknown, _asked(unknown), strict=True) if place is not None}
    request: dict[str, object] = {"files": list(files), "reads": list(asked.values()), "config": config}
    try:
        answer = _answer(request, cache, deadline)
    except subprocess.TimeoutExpired:
        return _nothing(unknown, f"mypy did not finish within {deadline:g} seconds")
    except (subprocess.CalledProcessError, json.JSONDecodeError, OSError):
        return _nothing(unknown, "mypy could not check these files")
    classes = {read: " | ".join(names) for read, names in zip(asked, answer["classes"], strict=True) if names}
    return Precision(MappingProxyType(classes), tuple(_unread(unknown, answer["unread"])))


def _installed(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ValueError:
        return False  # a module that somebody has forbidden


def _answer(request: dict[str, object], cache: str | None, deadline: float) -> Answer:
    with TemporaryDirectory(prefix="purposegate-") if cache is None else nullcontext(cache) as folder:
        asked = json.dumps({**request, "cache": folder})
        ran = subprocess.run(  # noqa: S603 - our own program, by this interpreter
            _PROGRAM, input=asked, capture_output=True, text=True, encoding="utf-8", timeout=deadline, check=True
        )
    return cast("Answer", json.loads(ran.stdout))


def _asked(unknown: Iterable[UnknownRead]) -> Iterator[tuple[str, int, int, str] | None]:
    """Give where each read ends as mypy counts: columns from 0, in bytes of UTF-8; None where the file has changed since."""
    lines: dict[str, list[str]] = {}
    for read in unknown:
        path, line, column = read.place.path, read.place.end_line, read.place.end_column
        if path not in lines:
            lines[path] = _lines(path)
        there = lines[path]
        yield (path, line, len(there[line - 1][: column - 1].encode()), read.name) if line <= len(there) else None


def _lines(path: str) -> list[str]:
    try:
        # As Python's parser ends lines, which knows fewer ends than `str.splitlines`.
        return Path(path).read_text("utf-8-sig").split("\n")
    except (OSError, ValueError):
        return []


def _nothing(unknown: Sequence[UnknownRead], why: str) -> Precision:
    told = f"{why}: no receiver was told, {len(unknown)} stay unknown"
    return Precision(MappingProxyType({}), (_finding(told, unknown[0].place.path),))


def _unread(unknown: Sequence[UnknownRead], paths: Iterable[str]) -> Iterable[Finding]:
    for path in paths:
        if count := sum(read.place.path == path for read in unknown):
            yield _finding(f"mypy cannot read this file: no receiver was told, {count} stay unknown", path)


def _finding(message: str, path: str) -> Finding:
    return Finding("cannot-verify", Severity.WARNING, message, Location(path, 1, 1), None, "run mypy on it to see why")
