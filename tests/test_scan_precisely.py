"""`purposegate scan --precise`: a type checker tells what names alone do not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from builders import SHIPPED

PROGRAM = Path(sys.executable).with_name("purposegate")
CODE = """from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from purposegate import Personal

T = TypeVar("T")


@dataclass
class Candidate:
    moniker: Annotated[str, Personal("name")]


@dataclass
class Pet:
    moniker: str


class Box(Generic[T]):
    def take(self) -> T:
        raise NotImplementedError


def of_a_person(box: Box[Candidate]) -> str:
    return box.take().moniker


def of_a_pet(box: Box[Pet]) -> str:
    return box.take().moniker
"""


def told(folder: Path, *options: str) -> list[str]:
    command = [str(PROGRAM), "scan", ".", "--policy", str(SHIPPED), "--isolated", "--no-cache", "--show-unknown"]
    command += ["--format", "concise", "--ignore", "declared-never-used", "--ignore", "label-never-used", *options]
    done = subprocess.run(
        command, cwd=folder, env=os.environ | {"NO_COLOR": "1"}, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode in (0, 1), done.stderr
    return [line.partition("]")[0].replace(":12: ", " ") for line in done.stdout.splitlines() if "[" in line]


def test_what_mypy_knows_for_another_class_is_no_read_and_for_a_labelled_one_is_told_as_a_warning(tmp_path: Path) -> None:
    (tmp_path / "boxes.py").write_text(CODE)

    assert told(tmp_path) == ["boxes.py:25 note[unknown-receiver", "boxes.py:29 note[unknown-receiver"]
    assert told(tmp_path, "--precise") == ["boxes.py:25 warning[unknown-receiver"]
