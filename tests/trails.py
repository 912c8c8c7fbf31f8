"""A second writing of the format of a trail, as plain as can be: what is read and verified is held against it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from builders import NOW

from purposegate.engine.decision import Citation, Decision, PolicyStamp, Reason
from purposegate.trail.lines import line_of
from purposegate.trail.record import Asked, Mode, Record

BEGUN = int(NOW.timestamp()) * 10**9
CHAINS = ("a" * 16, "b" * 16, "c" * 16)


def written(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def a_decision(**parts: Any) -> Decision:
    decided: dict[str, Any] = {
        "data_category": "email_address",
        "purpose": "shipping",
        "recipient": "carrier",
        "reason": Reason.PERMITTED,
        "policy": PolicyStamp("shop", "1", "d" * 64, ""),
        "citations": tuple(Citation(clause, "") for clause in parts.pop("clauses", ("1", "2"))),
    }
    return Decision(**decided | parts)


def a_record(number: int = 1, *, decision: Decision | None = None, **parts: Any) -> Record:
    """Give a record of one second later than the one before."""
    told: dict[str, Any] = {
        "id": f"{'f' * 16}-{number}",
        "at": NOW + timedelta(seconds=number),
        "asked": Asked.RELEASE,
        "mode": Mode.ENFORCED,
        "subject": "u-1",
    }
    return Record(decision=a_decision() if decision is None else decision, **told | parts)


def a_line(number: int = 1) -> bytes:
    """Write a short record, by hand."""
    return written({"id": f"{'f' * 16}-{number}", "at": BEGUN + number * 10**9, "asked": "release"})


class TrailFile:
    """A file of a trail, in memory until it is put somewhere."""

    def __init__(self, chain: str = CHAINS[0], heads: Iterable[dict[str, Any]] = (), *, begun: int = BEGUN) -> None:
        self.chain = chain
        self.begun = begun
        self.name = f"{datetime.fromtimestamp(begun // 10**9, UTC):%Y%m%dT%H%M%SZ}-{chain}.jsonl"
        header = {"purposegate_trail": 1, "chain": chain, "at": begun, "pid": 4711, "heads": list(heads)}
        self.data = written(header)
        self.seals = 0
        self.head: dict[str, Any] = {}

    def write(self, *lines: bytes) -> TrailFile:
        self.data += b"".join(lines)
        return self

    def seal(self, *, covering: int | None = None, end: bool = False) -> TrailFile:
        """Seal everything, or so many bytes."""
        self.seals += 1
        size = len(self.data) if covering is None else covering
        fields: dict[str, Any] = {"seal": self.seals, "at": self.begun + self.seals, "bytes": size}
        if end:
            fields["end"] = True
        start = written(fields)[:-2] + b',"sha256":"'
        digest = hashlib.sha256(self.data[:size] + start).hexdigest()
        self.data += start + digest.encode() + b'"}\n'
        self.head = {"chain": self.chain, "seal": self.seals, "bytes": size, "sha256": digest}
        return self

    def end(self) -> TrailFile:
        return self.seal(end=True)

    def mend(self, by: str = CHAINS[2], cut: bytes = b"") -> TrailFile:
        return self.write(written({"mended": self.begun, "by": by, "cut": len(cut), "sha256": hashlib.sha256(cut).hexdigest()}))

    def put(self, folder: Path) -> Path:
        path = folder / self.name
        path.write_bytes(self.data)
        return path


def a_closed_file(chain: str = CHAINS[0], heads: Iterable[dict[str, Any]] = (), *, begun: int = BEGUN) -> TrailFile:
    """Give a file that was closed properly: four records, one of them not yet covered by the seal behind it."""
    file = TrailFile(chain, heads, begun=begun).seal().write(a_line(1))
    covered = len(file.data)
    return file.write(a_line(2)).seal(covering=covered).write(a_line(3)).seal().write(a_line(4)).end()


def a_killed_file(chain: str = CHAINS[0]) -> TrailFile:
    """Give a file whose process was killed: two of its four records bear no seal."""
    return TrailFile(chain).seal().write(a_line(1), a_line(2)).seal().write(a_line(3), a_line(4))


def a_trail(folder: Path) -> list[TrailFile]:
    """Write three closed files, each begun when those before it were closed."""
    first = a_closed_file(CHAINS[0])
    second = a_closed_file(CHAINS[1], [first.head], begun=BEGUN + 60 * 10**9)
    third = a_closed_file(CHAINS[2], [second.head], begun=BEGUN + 120 * 10**9)
    for each in (first, second, third):
        each.put(folder)
    return [first, second, third]


def a_trail_of(folder: Path, records: Sequence[Record]) -> TrailFile:
    """Write records into a file that was closed properly."""
    file = TrailFile().seal().write(*map(line_of, records)).end()
    file.put(folder)
    return file
