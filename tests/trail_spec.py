"""A trail's file read naively, byte by byte as docs/trail.md says: what stands in it, and whether its seals hold."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any


def lines_of(path: Path) -> list[dict[str, Any]]:
    """Give every line of a file, the last one too."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def records_of(folder: Path) -> list[dict[str, Any]]:
    """Give the records of all files, file by file."""
    return [line for path in files_of(folder) for line in lines_of(path) if "id" in line]


def files_of(folder: Path) -> list[Path]:
    """Give the files of a trail."""
    return sorted(folder.glob("*.jsonl"))


def sealed(path: Path) -> int:
    """Give how many bytes of a file are sealed; fail where a seal does not hold."""
    data, offset, covered, number = path.read_bytes(), 0, 0, 0
    for line in data.splitlines(keepends=True):
        if line.startswith(b'{"seal":'):
            said = json.loads(line)
            number += 1
            start = line[: line.index(b'"sha256":"') + len(b'"sha256":"')]
            assert said["seal"] == number
            assert covered < said["bytes"] <= offset
            assert said["sha256"] == sha256(data[: said["bytes"]] + start).hexdigest()
            covered = said["bytes"]
            if said.get("end"):
                assert said["bytes"] == offset
                assert offset + len(line) == len(data)
                return len(data)
        offset += len(line)
    return covered


def ended(path: Path) -> bool:
    """Tell whether a file was ended."""
    return sealed(path) == path.stat().st_size
