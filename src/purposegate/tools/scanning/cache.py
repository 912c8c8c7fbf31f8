"""What a scan found, kept until anything that it depends on changes.

It is one record for each way of scanning (which paths, policy and settings), in JSON, and stands for nothing but itself: it is
taken only where the version and the source of purposegate, the version of Python, the settings, each policy with its prose, and
each file are what they were. A record that is malformed, of something else, or whose checksum is not that of its content is passed
over, and the scan is made.

The checksum tells of what was damaged or cut, not of what was forged: whoever can write into the folder can write a record that
says that nothing was found, as they could write the code that is scanned or what runs the scan. Where others can write it, as in
a cache that builds of strangers' branches share, scan with `--no-cache`.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import purposegate
from purposegate.errors import PurposegateError
from purposegate.findings import Finding, Location, Related, Severity
from purposegate.policy.files import Files
from purposegate.tools.placing import put
from purposegate.tools.scanning.baseline import Found
from purposegate.tools.scanning.sighting import Place, UnknownRead

FOLDER: Final = ".purposegate_cache"
_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scan of files found, before a baseline is asked; `owners` are the classes that label a field, by its name."""

    found: tuple[Found, ...]
    unknown: tuple[UnknownRead, ...] = ()
    owners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Key:
    """What an outcome depends on: how was scanned, and what was in the files, by path."""

    settings: tuple[str, ...]
    files: Mapping[str, str | None]

    @property
    def name(self) -> str:
        """The name of the record's file: the same for one way of scanning, so that the folder does not grow."""
        return f"{_digest(json.dumps(self.settings).encode())[:32]}.json"

    def as_dict(self) -> dict[str, Any]:
        """Give the key as plain data, with what holds for all scans by this program."""
        return {
            "format": _FORMAT,
            "purposegate": version("purposegate"),
            "source": _source(),
            "python": sys.version,
            "settings": list(self.settings),
            "files": dict(self.files),
        }


def digests(paths: Iterable[str]) -> dict[str, str | None]:
    """Give the SHA-256 of each file, None of one that cannot be read."""
    return {path: _digest_of(path) for path in paths}


def load(folder: str | Path, key: Key) -> Outcome | None:
    """Give the outcome that was kept for a key; None where there is none that can be taken."""
    try:
        record = json.loads((Path(folder) / key.name).read_bytes())
        body = record["body"]
        if record["checksum"] != checksum(body) or body["key"] != key.as_dict() or not _are_as_before(body["policies"]):
            return None
        return _outcome(body)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def store(folder: str | Path, key: Key, outcome: Outcome, policies: Mapping[str, str | None]) -> None:
    """Keep an outcome with the digests of the policies that judged; where it cannot be kept, the next scan is made anew."""
    body = {"key": key.as_dict(), "policies": dict(policies), **_as_dict(outcome)}
    record = {"checksum": checksum(body), "body": body}
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        ignored = Path(folder) / ".gitignore"
        if not ignored.exists():
            put(b"*\n", ignored, "the cache")
        put(_written(record), Path(folder) / key.name, "the cache")
    except (OSError, ValueError, PurposegateError):
        return


def finding_of(given: Mapping[str, Any], excerpt: str | None = None) -> Finding:
    """Make a finding of what its `as_dict` gave."""
    place = None if given["path"] is None else _location(given)
    related = tuple(Related(_location(each), each["message"]) for each in given["related"])
    return Finding(given["slug"], Severity(given["severity"]), given["message"], place, excerpt, given["help"], related)


def checksum(body: Any) -> str:  # noqa: ANN401 - whatever json can write
    """Give the checksum of a record's content."""
    return _digest(_written(body))


def _are_as_before(policies: Mapping[str, str | None]) -> bool:
    """Look again at each policy, its prose and each folder of revisions."""
    files = Files()
    for path in policies:
        files.look(Path(path))
    return files.digests == {Path(path): digest for path, digest in policies.items()}


def _as_dict(outcome: Outcome) -> dict[str, Any]:
    return {
        "found": [[each.scope, each.finding.excerpt, each.finding.as_dict()] for each in outcome.found],
        "unknown": [[list(each.place), each.function, each.name, list(each.categories)] for each in outcome.unknown],
        "owners": {name: list(owners) for name, owners in outcome.owners.items()},
        "lines": outcome.lines,
    }


def _outcome(body: Mapping[str, Any]) -> Outcome:
    unknown = [UnknownRead(Place(*place), function, name, tuple(each)) for place, function, name, each in body["unknown"]]
    owners = {name: tuple(each) for name, each in body["owners"].items()}
    found = [Found(finding_of(given, excerpt), scope) for scope, excerpt, given in body["found"]]
    return Outcome(tuple(found), tuple(unknown), owners, body["lines"])


def _location(given: Mapping[str, Any]) -> Location:
    return Location(given["path"], given["line"], given["column"])


def _written(value: Any) -> bytes:  # noqa: ANN401 - whatever json can write
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _digest_of(path: str) -> str | None:
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None


@cache
def _source() -> str:
    """Give a digest of this program's own source: who works on it has one version for many."""
    folder = Path(purposegate.__file__).parent
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        whole.update(f"{path.relative_to(folder).as_posix()}\0{_digest_of(str(path))}\0".encode())
    return whole.hexdigest()
