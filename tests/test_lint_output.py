"""How `purposegate lint` prints what it finds, where to, and with which exit code."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import jsonschema
import pytest
from builders import a_document, a_folder
from reports import SARIF_SCHEMA
from test_cli import COMMAND, run

from purposegate.cli.formats import ReportFormat


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Make a folder with a policy that has two warnings and a note."""
    questions = [{"clause": "3", "quote": "ship parcels", "question": "To whom?"}]
    a_folder(tmp_path, a_document(purposes={"shipping": {}, "raffle": {}}, questions=questions))
    return tmp_path


def on_a_terminal(*arguments: str, cwd: Path, errors: bool = False, environment: Mapping[str, str] | None = None) -> str:
    """Give what a command prints to a terminal, or what goes to standard error there."""
    terminal, program = pty.openpty()
    out, err = (subprocess.DEVNULL, program) if errors else (program, subprocess.DEVNULL)
    plain = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    told = plain | {"TERM": "xterm"} | dict(environment or {})
    process = subprocess.Popen([COMMAND, *arguments], cwd=cwd, env=told, stdout=out, stderr=err)
    os.close(program)
    data = b""
    while True:
        try:
            read = os.read(terminal, 65_536)
        except OSError:
            break  # Linux says so where the other end was closed
        if not read:
            break
        data += read
    process.wait(60)
    os.close(terminal)
    return data.decode().replace("\r\n", "\n")


def test_a_terminal_shows_the_same_text_in_colour_and_breaks_no_line(shop: Path) -> None:
    plain = run("lint", "shop.yaml", cwd=shop).stdout

    shown = on_a_terminal("lint", "shop.yaml", cwd=shop, environment={"COLUMNS": "40"})

    assert re.sub(r"\x1b\[[0-9;]*m", "", shown) == plain
    assert "\x1b[1;33mwarning[idle-purpose]\x1b[0m" in shown
    assert "\x1b[1;33m^\x1b[0m" in shown


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_that_wants_no_colour_gets_none(environment: dict[str, str], shop: Path) -> None:
    assert on_a_terminal("lint", "shop.yaml", cwd=shop, environment=environment) == run("lint", "shop.yaml", cwd=shop).stdout


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["shop.yaml", "other.yaml"], True),
        (["shop.yaml", "other.yaml", "--format", "concise"], True),
        (["shop.yaml", "other.yaml", "--format", "sarif"], False),
        (["shop.yaml"], False),
    ],
)
def test_a_bar_tells_how_far_it_is_with_several_files_where_somebody_watches(arguments: list[str], shown: bool, shop: Path) -> None:
    (shop / "other.yaml").write_bytes((shop / "shop.yaml").read_bytes())

    errors = on_a_terminal("lint", *arguments, cwd=shop, errors=True)

    assert ("looking at policies" in errors) is shown
    assert run("lint", *arguments, cwd=shop).stderr == ""


@pytest.mark.parametrize("form", ReportFormat)
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["shop.yaml"], 0),
        (["shop.yaml", "--fail-level", "warning"], 1),
        (["shop.yaml", "nowhere.yaml", "--fail-level", "never"], 2),
    ],
    ids=["clean", "findings", "could not run"],
)
def test_the_exit_code_is_the_same_in_every_format(form: ReportFormat, arguments: list[str], code: int, shop: Path) -> None:
    done = run("lint", *arguments, "--format", form, cwd=shop)

    assert (done.returncode, done.stderr) == (code, "")
    assert done.stdout != ""


def test_a_policy_that_is_no_yaml_is_a_result_and_a_notification_in_a_valid_sarif_file(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("policy: [\n")

    done = run("lint", "broken.yaml", "--format", "sarif", cwd=tmp_path)

    log = json.loads(done.stdout)
    assert done.returncode == 1
    assert list(jsonschema.Draft4Validator(SARIF_SCHEMA).iter_errors(log)) == []
    (run_,) = log["runs"]
    (invocation,) = run_["invocations"]
    assert invocation["executionSuccessful"] is False
    said = [each["message"] for each in invocation["toolExecutionNotifications"]]
    assert said == [result["message"] for result in run_["results"]] != []
    assert [each["location"]["uri"] for each in run_["artifacts"]] == ["broken.yaml"]


def test_the_rules_stand_in_a_sarif_file_with_their_help_whether_they_found_anything_or_not(shop: Path) -> None:
    log = json.loads(run("lint", "shop.yaml", "--format", "sarif", cwd=shop).stdout)

    (run_,) = log["runs"]
    levels = {rule["id"]: rule["defaultConfiguration"]["level"] for rule in run_["tool"]["driver"]["rules"]}
    assert list(jsonschema.Draft4Validator(SARIF_SCHEMA).iter_errors(log)) == []
    assert (levels["idle-purpose"], levels["open-question"], levels["unused-condition"]) == ("warning", "note", "warning")
    assert all(rule["help"]["markdown"].count("```") == 4 for rule in run_["tool"]["driver"]["rules"])
    assert not any("helpUri" in rule for rule in run_["tool"]["driver"]["rules"])


def test_a_report_goes_into_a_file_and_is_printed_as_text(shop: Path) -> None:
    plain = run("lint", "shop.yaml", cwd=shop)
    told = run("lint", "shop.yaml", "--format", "junit", cwd=shop)

    done = run("lint", "shop.yaml", "--format", "junit", "--output", "report.xml", cwd=shop)

    assert (done.stdout, done.returncode) == (plain.stdout, plain.returncode)
    assert (shop / "report.xml").read_text() == told.stdout


def test_a_report_that_cannot_be_written_is_no_clean_run(shop: Path) -> None:
    done = run("lint", "shop.yaml", "--output", "nowhere/report.txt", cwd=shop)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "purposegate: the report was not written: no such file or directory\n"


def test_a_report_says_the_same_from_wherever_in_the_repository_it_is_made(shop: Path) -> None:
    (shop / ".git").mkdir()
    (shop / "deeper").mkdir()

    for form in ("sarif", "gitlab", "github", "junit", "markdown"):
        here = run("lint", "shop.yaml", "--format", form, "--fail-level", "note", cwd=shop).stdout
        deeper = run("lint", "../shop.yaml", "--format", form, "--fail-level", "note", cwd=shop / "deeper").stdout
        assert deeper == here
        assert str(shop) not in here


@pytest.mark.parametrize(
    ("name", "said", "help_"),
    [
        ("no-such-rule", "no-such-rule", None),
        ("idle_purpose", "idle_purpose", "did you mean `idle-purpose`?"),
        ("taro@example.com", "(not a name)", None),
    ],
)
def test_a_rule_that_is_none_is_said_and_a_value_in_its_place_is_not(name: str, said: str, help_: str | None, shop: Path) -> None:
    done = run("lint", "shop.yaml", "--ignore", name, cwd=shop)

    lines = [f"purposegate: there is no lint rule `{said}`", *([f"help: {help_}"] if help_ else [])]
    assert (done.returncode, done.stdout, done.stderr.splitlines()) == (2, "", lines)
