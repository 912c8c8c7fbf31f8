"""`purposegate test`, as it is typed: what it prints, where, and its exit codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from builders import ROOT, a_document, a_folder
from hypothesis import given
from hypothesis import strategies as st
from test_casebook import SHOP, a_case, cases, to_carrier, tried

from purposegate.findings import Location
from purposegate.policy.characters import forbidden_in
from purposegate.tools.casebook import Library
from purposegate.tools.cases import Case, Casebook
from purposegate.tools.junit import junit
from purposegate.tools.trial import trial

COMMAND = str(Path(sys.executable).with_name("purposegate"))
WRONG = a_case(name="a carrier is given an address", use=to_carrier(data="address"), clauses=["1", "2"])
UNLISTED = "no clause provides it to this recipient for this purpose [unlisted-recipient]"
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLUMNS", "FORCE_COLOR")}
    return subprocess.run(
        [COMMAND, "test", *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_shipped_cases_are_what_it_tries_by_default() -> None:
    done = run()

    coverage, count = done.stdout.splitlines()
    assert coverage == "policies/en-japan-video-interview.yaml: 30 of 30 clauses decided a case (100 %)"
    assert count.endswith("uses: all as expected")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_failure_tells_what_was_expected_what_was_found_and_the_story_of_the_verdict(tmp_path: Path) -> None:
    cases(tmp_path, a_case(), WRONG)
    done = run("shop.yaml", cwd=tmp_path)

    assert done.returncode == 1
    assert re.sub(r"shop\.yaml:1:\d+", "shop.yaml:1:N", done.stdout).splitlines() == [
        "shop.test.yaml:1:158: a carrier is given an address",
        "  expected `permitted`; found `unlisted-recipient`",
        "    `address` may not be used for `shipping` by `carrier`: " + UNLISTED,
        "    clause 1: “ship parcels”",
        "    clause 2: “ship parcels”",
        "    help: clause 4 would permit it with `consent` shown",
        "    see: shop.yaml:1:N, shop.yaml:1:N (revision 1)",
        "shop.yaml: 1 of 5 clauses decided a case (20 %)",
        "  shop.yaml:1:N: provision 2 decided none",
        "  shop.yaml:1:N: provision 5 decided none",
        "  shop.yaml:1:N: exception 4 decided none",
        "  shop.yaml:1:N: objection 6 `stop` decided none",
        "2 cases of 2 uses: 1 failed",
    ]


def test_one_case_of_one_use_is_counted_as_one(tmp_path: Path) -> None:
    cases(tmp_path, a_case())

    assert run("shop.yaml", cwd=tmp_path).stdout.splitlines()[-1] == "1 case of 1 use: all as expected"


def test_of_a_case_that_stands_for_many_uses_a_few_are_told(tmp_path: Path) -> None:
    use = {"data": "any", "purpose": "any", "recipient": "any"}
    cases(tmp_path, a_case(use=use, expect="not-in-force"))

    lines = run("shop.yaml", cwd=tmp_path).stdout.splitlines()

    assert len([line for line in lines if line.startswith("  expected ")]) == 3
    assert "  and 9 more of its 12 uses" in lines


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 0),
        (["--format", "json"], 0),
        (["--format", "junit"], 0),
        (["--format", "xml"], 2),
        (["--fail-under", "40"], 0),
        (["--fail-under", "40.1"], 1),
        (["--fail-under", "101"], 2),
        (["-k", "CARRIER"], 0),
        (["-k", "nothing of the sort"], 2),
        (["nowhere"], 2),
        (["empty"], 2),
        (["broken"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_the_exit_code_says_what_happened(arguments: list[str], code: int, tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken").mkdir()
    cases(tmp_path / "policies", a_case(name="the carrier ships", use=to_carrier()))
    cases(tmp_path / "broken", a_case(), uses=[])
    (tmp_path / "broken" / "shop.yaml").unlink()

    done = run(*arguments, cwd=tmp_path)

    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert bool(done.stdout) == (code != 2)


def test_too_little_is_said_of_the_policy_that_is_not_covered(tmp_path: Path) -> None:
    cases(tmp_path, a_case())

    assert run(".", "--fail-under", "90", cwd=tmp_path).stderr == "shop.yaml: 20 % decided a case, and 90 % must\n"


def test_a_policy_without_cases_is_no_success(tmp_path: Path) -> None:
    a_folder(tmp_path, a_document(**SHOP))

    done = run("shop.yaml", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "shop.yaml:1:1: error[no-cases] there are no cases",
        "  help: write them in a file `*.test.yaml` beside the policy",
    ]


def test_json_holds_every_case_and_every_entry(tmp_path: Path) -> None:
    cases(tmp_path, a_case(), WRONG)

    told = json.loads(run("shop.yaml", "--format", "json", cwd=tmp_path).stdout)

    assert (told["cases"], told["failed"]) == (2, 1)
    right, wrong = told["files"][0]["cases"]
    assert right == {
        "name": "a case",
        "line": 1,
        "column": 58,
        "passed": True,
        "uses": 1,
        "expected": {"verdict": "permitted", "clauses": None, "unmet": None},
        "misses": [],
    }
    assert wrong["misses"][0]["parts"] == ["verdict"]
    assert wrong["misses"][0]["decision"]["reason"] == "unlisted-recipient"
    (coverage,) = told["coverage"]
    assert (coverage["policy"], coverage["percent"]) == ("shop.yaml", 20)
    assert coverage["entries"][0] == {
        "kind": "use clause",
        "clause": "1",
        "name": None,
        "line": 1,
        "permitted": 1,
        "denied": 0,
    }


# What the schema of Ant's task (windyroad/JUnit-Schema) demands and what that of Jenkins' xUnit plugin (junit-10.xsd) allows:
# the attributes of each element and the elements in it, in order. The first demands every one of these and allows no other.
ATTRIBUTES = {
    "testsuites": set[str](),
    "testsuite": {"id", "package", "name", "timestamp", "hostname", "tests", "failures", "errors", "time"},
    "properties": set[str](),
    "property": {"name", "value"},
    "testcase": {"classname", "name", "time"},
    "failure": {"type", "message"},
    "system-out": set[str](),
    "system-err": set[str](),
}
INSIDE = {
    "testsuites": ["testsuite"],
    "testsuite": ["properties", "testcase", "system-out", "system-err"],
    "properties": ["property"],
    "testcase": ["failure"],
}


def is_valid(element: ET.Element) -> bool:
    names = [child.tag for child in element]
    return (
        set(element.attrib) == ATTRIBUTES[element.tag]
        and all(element.attrib.values())
        and list(dict.fromkeys(names)) == [name for name in INSIDE.get(element.tag, []) if name in names]
        and all(is_valid(child) for child in element)
    )


def test_junit_is_valid_by_both_schemas_that_ci_systems_read(tmp_path: Path) -> None:
    written = junit(tried(tmp_path, a_case(), WRONG), NOON)
    root = ET.fromstring(written)  # noqa: S314 - our own text

    assert is_valid(root)
    (suite,) = root
    assert [child.tag for child in suite] == ["properties", "testcase", "testcase", "system-out", "system-err"]
    assert {key: suite.get(key) for key in ("tests", "failures", "errors", "timestamp")} == {
        "tests": "2",
        "failures": "1",
        "errors": "0",
        "timestamp": "2026-01-15T12:00:00",
    }
    (failure,) = root.iter("failure")
    assert failure.get("type") == "unlisted-recipient"
    assert str(failure.get("message")).endswith("a carrier is given an address")
    assert "clause 4 would permit it with `consent` shown" in str(failure.text)


@given(name=st.text(min_size=1), path=st.text(min_size=1))
def test_no_name_and_no_path_breaks_out_of_junit(name: str, path: str, shop: Casebook) -> None:
    case = shop.cases[0]
    renamed = Case(name, Location(path, 1, 1), case.uses, case.context, None, None, None)

    written = junit(trial([Casebook(path, shop.engine, (renamed,))]), NOON)

    root = ET.fromstring(written)  # noqa: S314 - our own text
    assert [element.tag for element in root.iter() if element.tag in ("testsuite", "testcase", "failure")] == [
        "testsuite",
        "testcase",
        "failure",
    ]
    (told,) = root.iter("testcase")
    assert not forbidden_in(str(told.get("name")))
    assert str(told.get("name")) == " ".join(name.split()) or forbidden_in(name)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Casebook:
    (book,) = Library().gather([cases(tmp_path_factory.mktemp("shop"), a_case())])
    return book
