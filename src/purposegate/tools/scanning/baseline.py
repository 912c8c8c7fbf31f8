"""The findings that a project has taken note of, in a file, so that a scan tells only of those that are new.

A finding is known by what it is and not by its line: its kind and severity, the file, the function around it, its message and the
text of its line. Of findings that are alike in all of these so many are known as the file holds, and one more brings all of them
back, since nobody can tell which is the new one. A finding with other places that it has to do with, as the callers that do not
cover a read, is known only with those: one more caller is news.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Final, NamedTuple

from purposegate.errors import PurposegateError
from purposegate.findings import Finding, Location, Severity
from purposegate.policy.characters import one_line, without_forbidden
from purposegate.tools.placing import put
from purposegate.tools.reporting.fingerprints import content
from purposegate.tools.reporting.plain import as_json
from purposegate.tools.scanning.kinds import kinds

_FORMAT: Final = 1
_SIZE_LIMIT: Final = 64 * 1024 * 1024
_TEXTS: Final = ("id", "slug", "path", "scope", "message")
_NEVER: Final = frozenset(kind.slug for kind in kinds() if not kind.can_be_ignored)
_KNOWN: Final = frozenset(kind.slug for kind in kinds()) - _NEVER


class BaselineError(PurposegateError):
    """A baseline that cannot be read, or is none."""


class Found(NamedTuple):
    """A finding with the dotted name of the function that it stands in."""

    finding: Finding
    scope: str = ""


class Entry(NamedTuple):
    """One finding that was noted; `path` is told from the folder of the baseline, `related` are the other places without lines."""

    id: str
    slug: str
    path: str
    scope: str
    message: str
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What remains to be told beside a baseline: the new findings, how many are known, and which entries are found no more."""

    new: tuple[Finding, ...]
    known: int = 0
    stale: tuple[Entry, ...] = ()


def read(path: str | Path) -> tuple[Entry, ...]:
    """Read a baseline, or raise `BaselineError` where it cannot be read or is none."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(_SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise BaselineError(f"the baseline cannot be read: {(reason or 'the path is not one').lower()}") from None
    try:
        whole = json.loads(data if len(data) <= _SIZE_LIMIT else b"")
        if whole["purposegate_baseline"] != _FORMAT:
            raise BaselineError("the baseline is of another version of purposegate")
        if set(whole) != {"purposegate_baseline", "findings"} or not isinstance(whole["findings"], list):
            raise BaselineError("the baseline is malformed")
        return tuple(_entry(each) for each in whole["findings"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BaselineError("the baseline is malformed") from None


def compared(found: Iterable[Found], entries: Sequence[Entry], path: str | Path, seen: Callable[[Entry], bool]) -> Told:
    """Set the findings of a scan beside a baseline; `seen` tells of an entry whether the scan would have found it again."""
    places = _Places(path)
    alike: dict[str, list[Found]] = {}
    new: list[Finding] = []
    for each in found:
        if each.finding.slug in _KNOWN:
            alike.setdefault(places.id_of(each), []).append(each)
        else:
            new.append(each.finding)
    known = 0
    left: dict[str, list[Entry]] = {}
    for entry in entries:
        left.setdefault(entry.id, []).append(entry)
    for mark, group in alike.items():
        noted = left.get(mark, [])
        if _all_noted([places.related(each.finding) for each in group], noted):
            known += len(group)
        else:
            new += [each.finding for each in group]
        del noted[: len(group)]
    stale = tuple(entry for rest in left.values() for entry in rest if seen(entry))
    return Told(tuple(new), known, stale)


def write(found: Iterable[Found], kept: Iterable[Entry], path: str | Path) -> int:
    """Put the findings into a baseline, with the entries that are kept; give how many it holds. Raises `PurposegateError`."""
    places = _Places(path)
    entries = [*kept, *(places.entry(each) for each in found if each.finding.slug in _KNOWN)]
    rows = [entry._asdict() | {"related": list(entry.related)} for entry in sorted(entries, key=_order)]
    put(f"{as_json({'purposegate_baseline': _FORMAT, 'findings': rows})}\n".encode(), path, "the baseline")
    return len(rows)


def is_gone(entry: Entry, path: str | Path, files: Collection[str]) -> bool:
    """Tell whether an entry's file was among those that were scanned, by their real paths, or is no longer there."""
    whole = os.path.realpath(Path(path).parent / entry.path)
    return whole in files or not Path(whole).exists()


def stale(entry: Entry, path: str | Path) -> Finding:
    """Note that an entry of a baseline is found no more."""
    where = f" in `{one_line(entry.scope)}`" if entry.scope else ""
    message = f"an `{entry.slug}` of {one_line(entry.path)}{where} is found no more: {one_line(entry.message)}"
    place = Location(without_forbidden(str(path)), 1, 1)
    return Finding("stale-baseline", Severity.NOTE, message, place, help="`--write-baseline` drops it")


def _all_noted(found: list[Counter[str]], noted: list[Entry]) -> bool:
    """Tell whether each of some findings that are alike has an entry of its own that knows its related places."""
    if len(found) > len(noted):
        return False
    left = sorted((Counter(entry.related) for entry in noted), key=Counter.total)
    for related in sorted(found, key=Counter.total, reverse=True):
        fitting = next((each for each in left if related <= each), None)
        if fitting is None:
            return False
        left.remove(fitting)
    return True


def _order(entry: Entry) -> tuple[str, ...]:
    return entry.path, entry.scope, entry.slug, entry.id, *entry.related


def _entry(given: Any) -> Entry:  # noqa: ANN401 - whatever json has read
    if set(given) != {*_TEXTS, "related"}:
        raise ValueError("an entry has other keys")
    texts = [given[key] for key in _TEXTS]
    if not all(isinstance(each, str) for each in [*texts, *given["related"]]) or not isinstance(given["related"], list):
        raise TypeError("an entry holds what is no text")
    if given["slug"] not in _KNOWN:
        raise ValueError("an entry is of what no baseline may hold")
    mark, slug, path, scope, message = texts
    return Entry(mark, slug, path, scope, message, tuple(given["related"]))


class _Places:
    """Tells places from the folder of a baseline, so that it says the same wherever a scan is run from."""

    def __init__(self, path: str | Path) -> None:
        self._folder = os.path.realpath(Path(path).parent)
        self._shown: dict[str, str] = {}

    def entry(self, found: Found) -> Entry:
        finding = found.finding
        related = tuple(sorted(self.related(finding).elements()))
        return Entry(self.id_of(found), finding.slug, self._path(finding.location), found.scope, finding.message, related)

    def id_of(self, found: Found) -> str:
        finding = found.finding
        parts = (*content(finding, self._path(finding.location)), finding.severity.value, found.scope)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()

    def related(self, finding: Finding) -> Counter[str]:
        return Counter(f"{self._path(each.location)}: {each.message}" for each in finding.related)

    def _path(self, place: Location | None) -> str:
        if place is None:
            return "."
        if place.path not in self._shown:
            self._shown[place.path] = PurePath(_from(os.path.realpath(place.path), self._folder)).as_posix()
        return self._shown[place.path]


def _from(path: str, folder: str) -> str:
    try:
        return os.path.relpath(path, folder)
    except ValueError:
        return path  # on another drive of Windows
