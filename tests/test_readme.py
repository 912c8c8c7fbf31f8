"""The README tells the truth: its blocks run, and what programs print stands in it as they print it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from readme import GENERATED, README, ROOT, part

from purposegate import Reason
from purposegate.cli.app import app

TEXT = README.read_text()
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", GENERATED)
def test_what_a_program_prints_stands_in_it(name: str) -> None:
    assert part(TEXT, name) == GENERATED[name]()


def test_its_python_blocks_run_one_after_the_other_and_print_what_it_shows(tmp_path: Path) -> None:
    code = "\n".join(block for language, block in BLOCKS if language == "python")
    for folder in ("policies", "examples"):
        (tmp_path / folder).symlink_to(ROOT / folder)

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout in [block for language, block in BLOCKS if language == "text"]
    assert len(done.stdout.splitlines()) == 6


def test_its_commands_exist() -> None:
    typed = [line.removeprefix("$ ") for language, block in BLOCKS if language == "console" for line in block.splitlines()]
    targets = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[0].split()
    known = {f"make {target}" for target in targets}
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1"}

    codes = {
        line: subprocess.run(line, shell=True, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=120).returncode  # noqa: S602 - the README's own lines
        for line in typed
        if line not in known
    }

    assert {"make demo", "make test"} <= set(typed)
    assert list(codes.values()) == [1, 1, 0, 0, 0, 0]


def test_it_names_every_reason_and_every_command() -> None:
    for reason in set(Reason) - {Reason.PERMITTED}:
        assert f"`{reason}`" in TEXT
    assert [command.name or command.callback.__name__ for command in app.registered_commands if command.callback] == [
        "lint",
        "scan",
        "check",
        "explain",
        "matrix",
        "compile",
        "schema",
        "rule",
        "subject",
        "test",
        "generate",
        "lsp",
        "diff",
        "impact",
    ]


def test_the_demo_tells_of_permitted_and_blocked_uses_with_their_clauses_and_of_nobody() -> None:
    story = GENERATED["demo"]()

    for clause in ("clause 3(2)", "clause 3(8)", "clause 4(1)", "clause 5", "clause 6(2)"):
        assert clause in story
    assert story.count("BLOCKED") == 5
    for value in ("Hanako", "Sato", "hanako@example.com", "interview-1.mp4", "tomorrow at ten"):
        assert value not in story
