"""The examples are a model of a project: all is accounted for, and a scan sees whatever guard or name goes wrong."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from builders import ROOT
from guards import Bench
from guards_mutants import Kind, guards
from test_cli import run


def test_the_project_scans_clean_by_its_own_configuration() -> None:
    done = run("scan", "--no-cache", "--format", "json", cwd=ROOT)

    told = Counter(each["slug"] for each in json.loads(done.stdout) if each["severity"] != "note")
    # That a function gives the recipient is the point of one example; whoever cannot read that says so.
    told.pop("unreadable-use", None)
    assert (done.returncode, told) == (0, Counter())


def test_every_guard_taken_out_and_every_name_misspelt_is_found(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    outcomes = list(bench.try_out(bench.spoilt()))

    counts = Counter(each.mutant.kind for each in outcomes)

    assert [str(each.mutant) for each in outcomes if each.is_missed] == []
    assert counts[Kind.GUARD] == 14
    assert counts[Kind.NAME] > 50


def test_a_mutant_that_is_found_leaves_its_file_as_it_was(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    before = {path: path.read_bytes() for path in bench.files}

    found = next(bench.try_out(bench.spoilt()))

    assert found.new
    assert {path: path.read_bytes() for path in bench.files} == before


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("gate.check('a', 'b')\n", ["None\n"]),
        ("x = gate.decide('a', 'b')\n", ["x = None\n"]),
        ("with gate.purpose('b'):\n    send(x)\n", ["if True:\n    send(x)\n"]),
        ("@gate.guard('a', purpose='b')\ndef f() -> None: ...\n", ["@(lambda guarded: guarded)\ndef f() -> None: ...\n"]),
        ("send(gate.disclose(x, 'b'))\n", ["send(x)\n"]),
        ("mail = gate.bind('b')\nmail.check('a')\n", ["mail = None\nmail.check('a')\n", "mail = gate.bind('b')\nNone\n"]),
        ("app.get('/', dependencies=[for_purpose(gate, 'b')])\n", ["app.get('/', dependencies=[])\n"]),
        ("send(x)\n", []),
    ],
)
def test_a_guard_is_taken_out_and_the_rest_goes_on(code: str, changed: list[str], tmp_path: Path) -> None:
    path = tmp_path / "service.py"
    path.write_text(code)

    assert [each.source(code.encode()).decode() for each in guards(path)] == changed
