"""What a project says of itself under `[tool.purposegate]` in its `pyproject.toml`.

The world is closed here too: a key that nobody knows is an error with its place, and so is a value that cannot be meant. Whatever
is said on the command line goes before it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from purposegate.findings import Finding, Location, Severity, did_you_mean, excerpt, listed, shortened
from purposegate.policy.characters import one_line, without_forbidden
from purposegate.tools.mentioning import may_mention

NAME: Final = "pyproject.toml"
FAIL_LEVELS: Final = (*(severity.value for severity in Severity), "never")
FORMATS: Final = ("text", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown")

# As text, since these are looked for only where something is wrong.
_HEADER: Final = r"\s*\[+\s*([^\]]*?)\s*\]"
_PLACED: Final = r"\(at line (\d+), column (\d+)\)"


@dataclass(frozen=True, slots=True)
class LintSettings:
    """Which rules look at a policy, which are passed over and why, what fails, and how it is printed; None for what is not said."""

    select: tuple[str, ...] | None = None
    ignore: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    fail_level: str | None = None
    format: str | None = None


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """Which code is scanned and how: paths are told from where the command runs; None and nothing for what is not said."""

    paths: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    assume: tuple[str, ...] = ()
    select: tuple[str, ...] | None = None
    ignore: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    fail_level: str | None = None
    format: str | None = None
    baseline: str | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a project says: which policy is its own, told from where the command runs, and how policies and code are looked at."""

    path: Path | None = None
    policy: str | None = None
    lint: LintSettings = LintSettings()
    scan: ScanSettings = ScanSettings()


def nearest(
    folder: Path, rules: Collection[str] | None = None, kinds: Collection[str] | None = None
) -> tuple[Configuration, tuple[Finding, ...]]:
    """Read the nearest `pyproject.toml` upwards that speaks of purposegate; where there is none, nothing is said.

    As with `read`, findings mean that the configuration cannot be used.
    """
    for each in (folder, *folder.parents):
        path = each / NAME
        try:
            there = path.is_file()
        except OSError as error:
            return Configuration(), (_unreadable(path, error),)
        if there:
            configuration, findings = read(path, rules, kinds)
            if findings or configuration.path is not None:
                return configuration, findings
    return Configuration(), ()


def read(
    path: Path, rules: Collection[str] | None = None, kinds: Collection[str] | None = None
) -> tuple[Configuration, tuple[Finding, ...]]:
    """Read one file's `[tool.purposegate]`; `rules` and `kinds` are the slugs of lint and scan, and None leaves them unchecked.

    Its `path` is None where the file has no such table. Findings mean that it cannot be used.
    """
    text, findings = _text(path)
    if text is None:
        return Configuration(), findings
    import tomllib  # noqa: PLC0415 - its import takes a tenth of the time of a verdict, and most files need none

    try:
        tools = tomllib.loads(text).get("tool")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return Configuration(), (_malformed(path, text, str(error)),)
    if not isinstance(tools, dict) or "purposegate" not in tools:
        return Configuration(), ()
    table = tools["purposegate"]
    reading = _Reading(str(path), text, rules, kinds)
    configuration = reading.whole(table, path)
    return (Configuration(path), tuple(reading.findings)) if reading.findings else (configuration, ())


def chosen(slugs: Collection[str], select: Collection[str] | None, ignore: Iterable[str]) -> frozenset[str]:
    """Give the slugs that are selected, or all where none are, without those that are passed over."""
    return frozenset(slugs if select is None else set(slugs) & set(select)) - frozenset(ignore)


def _text(path: Path) -> tuple[str | None, tuple[Finding, ...]]:
    try:
        data = path.read_bytes()
        return (data.decode(), ()) if may_mention(data) else (None, ())
    except (OSError, ValueError) as error:
        return None, (_unreadable(path, error),)


def _unreadable(path: Path, error: OSError | ValueError) -> Finding:
    reason = (error.strerror or "the file cannot be opened").lower() if isinstance(error, OSError) else "it is no UTF-8"
    place = Location(without_forbidden(str(path)), 1, 1)
    return Finding("unreadable", Severity.ERROR, "the configuration cannot be read", place, None, reason)


def _malformed(path: Path, text: str, said: str) -> Finding:
    placed = re.search(_PLACED, said)
    line, column = (int(placed[1]), int(placed[2])) if placed else (text.count("\n") + 1, 1)
    return Finding("malformed-toml", Severity.ERROR, "this is no TOML", Location(str(path), line, column))


class _Reading:
    """Reads one table, and collects what is wrong with it."""

    def __init__(self, path: str, text: str, rules: Collection[str] | None, kinds: Collection[str] | None) -> None:
        self.path, self.lines, self.rules, self.kinds = path, text.splitlines(), rules, kinds
        self.findings: list[Finding] = []

    def whole(self, table: object, path: Path) -> Configuration:
        values = self._values((), table, {"policy": _text_or_none, "lint": _table_or_none, "scan": _table_or_none})
        policy = values.get("policy")
        lint = self._lint(values["lint"]) if "lint" in values else LintSettings()
        scan = self._scan(values["scan"], path.parent) if "scan" in values else ScanSettings()
        return Configuration(path, None if policy is None else _from_here(path.parent / policy), lint, scan)

    def _lint(self, table: object) -> LintSettings:
        known: dict[str, Callable[[object], object]] = {
            "select": _list_or_none,
            "ignore": _table_or_none,
            "fail-level": _one_of(FAIL_LEVELS),
            "format": _one_of(FORMATS),
        }
        values = self._values(("lint",), table, known)
        select, ignore = self._chosen("lint", values)
        return LintSettings(select, ignore, values.get("fail-level"), values.get("format"))

    def _scan(self, table: object, folder: Path) -> ScanSettings:
        known: dict[str, Callable[[object], object]] = {
            "paths": _texts_or_none,
            "exclude": _texts_or_none,
            "assume": _texts_or_none,
            "select": _list_or_none,
            "ignore": _table_or_none,
            "fail-level": _one_of(FAIL_LEVELS),
            "format": _one_of(FORMATS),
            "baseline": _text_or_none,
        }
        values = self._values(("scan",), table, known)
        select, ignore = self._chosen("scan", values)
        baseline = values.get("baseline")
        return ScanSettings(
            tuple(_from_here(folder / each) for each in values.get("paths", ())),
            # A pattern without a slash fits a name wherever it stands.
            tuple(_from_here(folder / each) if "/" in each.rstrip("/") else each for each in values.get("exclude", ())),
            tuple(values.get("assume", ())),
            select,
            ignore,
            values.get("fail-level"),
            values.get("format"),
            None if baseline is None else _from_here(folder / baseline),
        )

    def _chosen(self, tool: str, values: Mapping[str, Any]) -> tuple[tuple[str, ...] | None, Mapping[str, str]]:
        """Check what is selected and what is ignored, and that each is for a reason."""
        for slug in values.get("select", ()):
            self._check((tool, "select"), slug)
        for slug, reason in values.get("ignore", {}).items():
            self._check((tool, "ignore"), slug)
            if not isinstance(reason, str) or not reason.strip():
                self._complain("missing-reason", f"`{_shown(slug)}` is ignored for no reason", (tool, "ignore", slug), _REASON)
        select = values.get("select")
        return None if select is None else tuple(select), MappingProxyType(dict(values.get("ignore", {})))

    def _values(self, where: tuple[str, ...], table: object, known: Mapping[str, Callable[[object], object]]) -> dict[str, Any]:
        if not isinstance(table, dict):
            self._complain("wrong-value", "expected a table", where, None)
            return {}
        values = {}
        for key, value in table.items():
            if key not in known:
                help_ = did_you_mean(key, known) or f"known here: {listed(known)}"
                self._complain("unknown-key", f"unknown key `{_shown(key)}`", (*where, key), help_)
                continue
            wrong = known[key](value)
            if wrong is None:
                values[key] = value
            else:
                self._complain("wrong-value", f"`{key}`: expected {wrong}", (*where, key), _HELP.get(key))
        return values

    def _check(self, where: tuple[str, ...], slug: str) -> None:
        known = self.rules if where[0] == "lint" else self.kinds
        if known is None or slug in known:
            return
        what, otherwise = _UNKNOWN[where[0]]
        self._complain(
            "unknown-rule", f"there is no {what} `{_shown(slug)}`", (*where, slug), did_you_mean(slug, known) or otherwise
        )

    def _complain(self, slug: str, message: str, where: tuple[str, ...], help_: str | None) -> None:
        place = Location(self.path, *_position(self.lines, where))
        shown = excerpt(without_forbidden(self.lines[place.line - 1]), place)
        self.findings.append(Finding(slug, Severity.ERROR, message, place, shown, help_))


_REASON: Final = 'write it as `ignore = { rule = "why" }`'
_UNKNOWN: Final = {
    "lint": ("lint rule", "what keeps a policy from being used cannot be passed over"),
    "scan": ("kind of finding", "that a file is not looked at cannot be passed over"),
}
_HELP: Final = {"ignore": _REASON}


def _text_or_none(value: object) -> str | None:
    return None if isinstance(value, str) and value else "text"


def _table_or_none(value: object) -> str | None:
    return None if isinstance(value, dict) else "a table"


def _list_or_none(value: object) -> str | None:
    return None if isinstance(value, list) and all(isinstance(each, str) for each in value) else "a list of slugs of rules"


def _texts_or_none(value: object) -> str | None:
    return None if isinstance(value, list) and all(isinstance(each, str) and each for each in value) else "a list of texts"


def _one_of(allowed: tuple[str, ...]) -> Callable[[object], str | None]:
    return lambda value: None if value in allowed else listed(allowed, "or")


def _shown(key: str) -> str:
    return shortened(one_line(key))


def _from_here(path: Path) -> str:
    try:
        return os.path.relpath(path)
    except ValueError:
        return str(path)  # on another drive of Windows


def _position(lines: list[str], where: tuple[str, ...]) -> tuple[int, int]:
    """Find where a key stands, as near as can be told without a parser that keeps places: its line, or that of what holds it."""
    found, path = (1, 1), ("tool", "purposegate", *where)
    for depth in range(1, len(path) + 1):
        found = next(_headers(lines, path[:depth]), None) or next(_keys(lines, path[depth - 1], found[0]), found)
    return found


def _headers(lines: list[str], path: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    for number, line in enumerate(lines, 1):
        header = re.match(_HEADER, line)
        if header and [part.strip().strip("\"'") for part in header[1].split(".")] == list(path):
            yield number, header.start(1) + 1


def _keys(lines: list[str], key: str, after: int) -> Iterator[tuple[int, int]]:
    """Find a key as a word, from the line of what holds it on to the next table."""
    word = re.compile(rf"(?<![\w-]){re.escape(key)}(?![\w-])")
    for number, line in enumerate(lines[after - 1 :], after):
        header = re.match(_HEADER, line)
        if header and number > after:
            return
        match = word.search(line, header.end() if header else 0)
        if match and not line.lstrip().startswith("#"):
            yield number, match.start() + 1
