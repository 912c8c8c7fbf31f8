"""Which Python files are meant by files, folders and patterns."""

from __future__ import annotations

import glob
import os
import re
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from purposegate.findings import Finding, Location, Severity
from purposegate.policy.characters import without_forbidden
from purposegate.policy.files import complaint

# What tools make and what others wrote, and so is nobody's source here.
_SKIPPED: Final = frozenset(
    {
        *(".git", ".hg", ".svn", ".jj", ".venv", "venv", "node_modules", "site-packages", "__pycache__", "__pypackages__"),
        *(".tox", ".nox", ".eggs", ".direnv", ".pixi", ".ipynb_checkpoints", ".mypy_cache", ".ruff_cache", ".pytest_cache"),
        *(".hypothesis", ".purposegate_cache"),
    }
)
# These may be packages of one's own too.
_BUILT: Final = frozenset({"build", "dist"})


class Sources(NamedTuple):
    """The files of a scan in order, each once, and what is to be said of the paths themselves."""

    files: tuple[str, ...]
    findings: tuple[Finding, ...]


def sources(arguments: Sequence[str], exclude: Iterable[str] = (), unsaved: Iterable[str] = ()) -> Sources:
    """Give the Python files that are meant, and complain of each argument that means none.

    A folder means the `.py` and `.pyw` files in it and below it, without what tools make there (`.git`, `.venv`, `node_modules` …;
    `build` and `dist` where they are no packages); a folder that a link leads to is looked at once. A pattern with `*`, `?` or `[`
    that is the name of nothing means what it matches. Whatever else is named is given as it is, but for a stub (`.pyi`).

    `exclude` holds patterns of what is left out even where it is named: one without a slash fits a name anywhere, one with slashes
    the path from here on, with `**` for any depth; a folder is left out with all that lies in it.

    `unsaved` are files that an editor has open: one that is not there yet is meant where its folder is looked into.
    """
    walk = _Walk([_pattern(each) for each in exclude])
    for path in unsaved:
        if not os.path.lexists(path):
            walk.unsaved.setdefault(os.path.realpath(Path(path).parent), []).append(Path(path).name)
    for argument in arguments:
        walk.argument(argument)
    return Sources(tuple(walk.found.values()), tuple(walk.findings))


@dataclass(slots=True)
class _Walk:
    """One way through all arguments; `meant` counts what they meant so far, also what was meant before, and what was refused."""

    exclude: Sequence[re.Pattern[str]]
    unsaved: dict[str, list[str]] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    looked_into: set[str] = field(default_factory=set)
    meant: int = 0

    def argument(self, argument: str) -> None:
        before = self.meant
        self._look(argument)
        if self.meant == before:
            self.findings.append(complaint("no-python", "nothing here is a Python file that is not left out", _shown(argument)))

    def _look(self, argument: str) -> None:
        there = os.path.lexists(argument)
        if Path(argument).is_dir():
            self._folder(argument)
        elif not there and glob.has_magic(argument):
            for match in sorted(glob.glob(argument, recursive=True)):  # noqa: PTH207 - a pattern may be absolute, which `Path.glob` refuses
                if Path(match).is_file() and _is_python(match):
                    self._file(match)
        elif not there:
            self._refuse("there is no such file or folder", argument)
        elif not argument.endswith(".pyi"):
            self._file(argument)

    def _refuse(self, message: str, path: str, help_: str | None = None) -> None:
        self.meant += 1
        self.findings.append(replace(complaint("unreadable", message, _shown(path)), help=help_))

    def _file(self, path: str, real: str | None = None) -> None:
        """Take a file, of which it may be known that it is one, and where it is."""
        if self._is_excluded(path):
            return
        if real is None and _is_endless(path):
            self._refuse("this is no file but a pipe, a socket or a device, and is not read", path)
            return
        self.meant += 1
        self.found.setdefault(real or os.path.realpath(path), path)

    def _folder(self, argument: str) -> None:
        """Look into a folder and those below it, each with the folders that it lies in, without links."""
        waiting: list[tuple[str, tuple[str, ...]]] = [(argument, ())]
        while waiting:
            folder, within = waiting.pop()
            real = os.path.realpath(folder)
            if real in within:
                message = "the link leads to a folder that it lies in, and is not followed"
                self.findings.append(Finding("symbolic-loop", Severity.NOTE, message, Location(_shown(folder), 1, 1)))
            elif real in self.looked_into:
                self.meant += 1
            else:
                self.looked_into.add(real)
                self._unsaved(folder, self.unsaved.get(real, ()))
                waiting += [(path, (*within, real)) for path in reversed(self._files_of(folder, real))]

    def _unsaved(self, folder: str, names: Iterable[str]) -> None:
        for path in (os.path.join(folder, name).removeprefix(f".{os.sep}") for name in names):  # noqa: PTH118 - as a walk gives paths
            if _is_python(path):
                self._file(path)

    def _files_of(self, folder: str, real: str) -> list[str]:
        """Take the files of a folder, which is really there, and give the folders in it that are looked into."""
        below: list[str] = []
        for entry in self._entries(folder):
            # Without the `./` that a scan of this folder itself would put before each.
            path = entry.path.removeprefix(f".{os.sep}")
            if not _leads_into(entry):
                if _is_python(entry.name):
                    self._file(path, f"{real}{os.sep}{entry.name}" if _is_plain(entry) else None)
            elif not _is_made(entry) and not self._is_excluded(path):
                below.append(path)
        return below

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            self._refuse("the folder cannot be looked into", folder, (error.strerror or "it cannot be opened").lower())
            return []

    def _is_excluded(self, path: str) -> bool:
        if not self.exclude:
            return False
        shown = Path(os.path.relpath(path)).as_posix()
        return any(pattern.match(shown) for pattern in self.exclude)


def _is_python(name: str) -> bool:
    return name.endswith((".py", ".pyw"))


def _is_plain(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file(follow_symlinks=False)
    except OSError:
        return False


def _is_endless(path: str) -> bool:
    """Tell whether reading might never end; what cannot be looked at is refused when it is read."""
    try:
        mode = Path(path).stat().st_mode
    except (OSError, ValueError):
        return False
    return not stat.S_ISREG(mode)


def _leads_into(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link that leads to itself


def _is_made(entry: os.DirEntry[str]) -> bool:
    """Tell whether a folder holds what a tool has made: by its name, or as an environment of Python of any name."""
    if entry.name in _SKIPPED or entry.name.endswith(".egg-info"):
        return True
    return (Path(entry.path) / "pyvenv.cfg").exists() or (entry.name in _BUILT and not (Path(entry.path) / "__init__.py").exists())


def _shown(path: str) -> str:
    return without_forbidden(path)


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    """Make a pattern of what is left out into one that fits a path with slashes, or a folder that it lies in."""
    text = pattern.removeprefix("./").rstrip("/")
    anywhere = "" if "/" in text else "(?:.*/)?"
    parts = ["(?:[^/]+/)*" if part == "**" else f"{_segment(part)}/" for part in text.strip("/").split("/")]
    return re.compile(f"{'/' if text.startswith('/') else ''}{anywhere}{''.join(parts).removesuffix('/')}(?:/|\\Z)", re.DOTALL)


def _segment(part: str) -> str:
    """Translate what may stand between two slashes: `*`, `?` and `[…]`; all else means itself."""
    text = ""
    for found in re.finditer(r"\*|\?|\[(!?)([^\]]+)\]|.", part, re.DOTALL):
        if found[2] is not None:
            among = re.escape(found[2]).replace(r"\-", "-")
            text += f"[{'^/' if found[1] else ''}{among}]"
        else:
            text += {"*": "[^/]*", "?": "[^/]"}.get(found[0], re.escape(found[0]))
    return text
