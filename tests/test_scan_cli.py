"""`purposegate scan` as it is typed: what it prints, where, with which exit code, and what it keeps."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from builders import SHIPPED
from reports import SARIF_SCHEMA
from test_cli import run
from test_completion import offered
from test_lint_output import on_a_terminal

from purposegate.cli.formats import ReportFormat
from purposegate.tools.scanning.kinds import kinds

CODE = """\
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    email: Annotated[str, Personal("email_address")]


def send(applicant: Applicant) -> str:
    gate.check("email_address", "send_service_email")
    return applicant.email


def leak(applicant: Applicant) -> str:
    return applicant.email


def outsource() -> None:
    gate.check("email_address", "send_service_email", "service_provider/mailer")


def guess(applicant):
    return applicant.email
"""
LEAK = ("unguarded-read", 20)
CENSUS = {"label-never-used", "use-without-label", "declared-never-used"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project with one read that nothing covers, a use that needs conditions, and a read of an unknown object."""
    (tmp_path / "policies").mkdir()
    for suffix in (".yaml", ".txt"):
        shutil.copy(SHIPPED.with_suffix(suffix), tmp_path / "policies")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "mail.py").write_text(CODE)
    return tmp_path


def found(*arguments: str, cwd: Path) -> tuple[list[tuple[str, int]], int]:
    """Give what is found by kind and line but for the census, and the exit code."""
    done = run("scan", "--format", "json", *arguments, cwd=cwd)
    assert done.stdout, done.stderr
    told = [(each["slug"], each["line"]) for each in json.loads(done.stdout)]
    return [each for each in told if each[0] not in CENSUS], done.returncode


def test_what_is_wrong_comes_first_then_what_is_conditional_then_the_census(project: Path) -> None:
    done = run("scan", "src", cwd=project)

    *told, unknown, count = done.stdout.splitlines()
    assert done.returncode == 1
    assert told[0].startswith("src/mail.py:20:12: error[unguarded-read] ")
    assert told[1:3] == ["  20 |     return applicant.email", "     |            ^"]
    headings = [line for line in told if line.endswith("):") and not line.startswith(" ")]
    assert headings[0] == "conditional (1):"
    assert headings[1].startswith("in the census (")
    assert told.index(headings[0]) < told.index(headings[1])
    assert unknown == "1 read of objects whose class is not known, called like a labelled field: `--show-unknown` lists them"
    assert count.startswith("1 error; 1 conditional; ")


def test_what_is_fine_or_only_conditional_is_no_failure_and_an_assumption_settles_it(project: Path) -> None:
    (project / "src" / "mail.py").write_text(
        CODE.replace("    return applicant.email\n\n\ndef outsource", "    return ''\n\n\ndef outsource")
    )
    assumed = ["--assume", "satisfactory_experience", "--assume", "confidentiality_agreement"]

    assert found(cwd=project) == ([("unmet-condition", 24)], 0)
    assert found(*assumed, cwd=project) == ([], 0)
    assert found("--fail-level", "note", *assumed[:2], cwd=project) == ([("unmet-condition", 24)], 1)


def test_reads_of_unknown_objects_are_listed_where_that_is_wanted(project: Path) -> None:
    assert found("--show-unknown", cwd=project)[0] == [LEAK, ("unmet-condition", 24), ("unknown-receiver", 28)]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nowhere"], 2, "nowhere:1:1: error[unreadable] there is no such file or folder"),
        (["src", "nowhere"], 2, "nowhere:1:1: error[unreadable] there is no such file or folder"),
        (["policies"], 2, "policies:1:1: error[no-python] nothing here is a Python file that is not left out"),
        (["nowhere", "--fail-level", "never"], 2, "1 error"),
        (["--exclude", "src"], 2, ".:1:1: error[no-python]"),
        (["src", "--fail-level", "never"], 0, "1 error"),
        (["src", "--ignore", "unguarded-read"], 0, "nothing to complain of"),
        (["src", "--select", "unreadable-use"], 0, "nothing to complain of"),
    ],
)
def test_the_exit_code_tells_what_could_not_be_looked_at_from_what_was_found(
    arguments: list[str], code: int, said: str, project: Path
) -> None:
    done = run("scan", *arguments, cwd=project)

    assert done.returncode == code
    assert said in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--ignore", "unguarded-reed"], "there is no kind of finding `unguarded-reed`"),
        (["--ignore", "unparsable"], "there is no kind of finding `unparsable`"),
        (["--assume", "consnt"], "the policy knows no condition `consnt`"),
        (["--policy", "nowhere.yaml"], "the policy cannot be read"),
        (["--baseline", "nowhere.json"], "the baseline cannot be read: no such file or directory"),
        (["--write-baseline"], "there is no baseline to be written"),
        (["--write-baseline", "--baseline", "nowhere/known.json"], "the baseline was not written: no such file or directory"),
    ],
)
def test_what_cannot_be_meant_stops_it(arguments: list[str], said: str, project: Path) -> None:
    done = run("scan", *arguments, cwd=project)

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_file_that_is_no_python_fails_and_nothing_passes_over_it(project: Path) -> None:
    (project / "src" / "broken.py").write_text("x = (\n# purposegate: ignore[unparsable] why\n")

    assert ("unparsable", 1) in found("--select", "unreadable-use", cwd=project)[0]
    assert run("scan", "--fail-level", "never", cwd=project).returncode == 2


def test_every_format_is_written_from_the_same_findings(project: Path) -> None:
    count = len(json.loads(run("scan", "--format", "json", cwd=project).stdout))

    texts = {form: run("scan", "--format", form.value, cwd=project).stdout for form in ReportFormat}

    (ran,) = json.loads(texts[ReportFormat.SARIF])["runs"]
    jsonschema.validate(json.loads(texts[ReportFormat.SARIF]), SARIF_SCHEMA)
    assert [rule["id"] for rule in ran["tool"]["driver"]["rules"]] == [kind.slug for kind in kinds()]
    assert "```python\n" in ran["tool"]["driver"]["rules"][0]["help"]["markdown"]
    assert len(ran["results"]) == count
    assert len(json.loads(texts[ReportFormat.GITLAB])) == count
    assert len(texts[ReportFormat.GITHUB].splitlines()) == count
    assert texts[ReportFormat.JUNIT].count("<testcase") == count
    assert len(texts[ReportFormat.CONCISE].splitlines()) == count + 2
    assert "src/mail.py:20:12: error[unguarded-read]" in texts[ReportFormat.MARKDOWN]


def test_a_comment_with_a_reason_excuses_and_one_without_is_told(project: Path) -> None:
    comment = "  # purposegate: ignore[unguarded-read]"
    excused = CODE.replace("str:\n    return applicant.email", f"str:\n    return applicant.email{comment} shown to the desk")

    (project / "src" / "mail.py").write_text(excused)
    assert found(cwd=project) == ([("unmet-condition", 24)], 0)
    (project / "src" / "mail.py").write_text(excused.replace(" shown to the desk", ""))
    assert found(cwd=project) == ([LEAK, ("unexplained-ignore", 20), ("unmet-condition", 24)], 1)


def test_a_baseline_hides_what_is_known_tells_what_is_new_and_is_written_anew(project: Path) -> None:
    known = ["--baseline", "known.json"]
    code = project / "src" / "mail.py"

    written = run("scan", *known, "--write-baseline", cwd=project)
    assert (written.returncode, written.stdout.splitlines()[-1]) == (0, "nothing to complain of")
    assert found(*known, cwd=project) == ([], 0)
    code.write_text(f"import os\n{CODE}\n\ndef more(applicant: Applicant) -> str:\n    return applicant.email\n")
    assert found(*known, cwd=project) == ([("unguarded-read", 33)], 1)
    code.write_text(CODE.replace("\n\ndef leak(applicant: Applicant) -> str:\n    return applicant.email\n", ""))
    assert found(*known, cwd=project) == ([("stale-baseline", 1)], 0)
    run("scan", *known, "--write-baseline", cwd=project)
    assert found(*known, cwd=project) == ([], 0)
    code.write_text(CODE)
    assert found(*known, cwd=project) == ([LEAK], 1)


def test_what_is_not_selected_stays_in_the_baseline(project: Path) -> None:
    known = ["--baseline", "known.json"]
    run("scan", *known, "--write-baseline", cwd=project)
    before = (project / "known.json").read_bytes()

    assert found(*known, "--select", "unreadable-use", cwd=project) == ([], 0)
    run("scan", *known, "--select", "unreadable-use", "--write-baseline", cwd=project)
    assert (project / "known.json").read_bytes() == before


def test_what_was_kept_tells_the_same_and_is_not_told_of_other_code(project: Path) -> None:
    first = run("scan", cwd=project).stdout
    (record,) = (project / ".purposegate_cache").glob("*.json")
    whole = record.read_bytes()

    assert run("scan", cwd=project).stdout == first
    assert record.read_bytes() == whole
    record.write_bytes(whole.replace(b"unguarded-read", b"unmet-condition"))
    assert run("scan", cwd=project).stdout == first
    (project / "src" / "mail.py").write_text(f"\n{CODE}")
    assert found(cwd=project)[0][0] == ("unguarded-read", 21)


def test_another_policy_of_a_gate_makes_what_was_kept_void(project: Path) -> None:
    code = project / "src" / "mail.py"
    code.write_text(CODE.replace("policies/en-japan-video-interview.yaml", "law/other.yaml"))
    (project / "law").mkdir()
    shutil.copy(SHIPPED.with_suffix(".txt"), project / "law")
    text = SHIPPED.read_text()
    (project / "law" / "other.yaml").write_text(text)
    assert ("unmet-condition", 24) in found(cwd=project)[0]

    (project / "law" / "other.yaml").write_text("[")

    assert ("cannot-verify", 6) in found(cwd=project)[0]


@pytest.mark.parametrize("arguments", [["--no-cache"], ["--cache-dir", "elsewhere"]])
def test_nothing_is_kept_where_it_is_not_to_be(arguments: list[str], project: Path) -> None:
    run("scan", *arguments, cwd=project)

    assert not (project / ".purposegate_cache").exists()
    assert (project / "elsewhere").exists() == (arguments[0] == "--cache-dir")


def test_the_project_says_what_is_scanned_and_how_and_the_command_line_goes_before_it(project: Path) -> None:
    (project / "pyproject.toml").write_text(
        '[tool.purposegate]\npolicy = "policies/en-japan-video-interview.yaml"\n[tool.purposegate.scan]\npaths = ["src"]\n'
        'exclude = ["old"]\nassume = ["satisfactory_experience", "confidentiality_agreement"]\nfail-level = "never"\n'
        'ignore = {unguarded-read = "all of them are being guarded"}\nbaseline = "known.json"\n'
    )
    (project / "src" / "old").mkdir()
    (project / "src" / "old" / "a.py").write_text("(")
    run("scan", "--write-baseline", cwd=project)

    assert found(cwd=project) == ([], 0)
    assert found("--select", "unguarded-read", "--fail-level", "error", cwd=project) == ([LEAK], 1)
    assert ("unparsable", 1) in found("--exclude", "none", cwd=project)[0]
    assert found("--isolated", "src/mail.py", cwd=project)[1] == 1


def test_a_bar_tells_how_far_it_is_where_somebody_watches(project: Path) -> None:
    assert "looking at code" in on_a_terminal("scan", "--no-cache", cwd=project, errors=True)
    assert on_a_terminal("scan", "--no-cache", "--format", "sarif", cwd=project, errors=True) == ""


def test_kinds_and_conditions_are_offered_at_the_tab_key() -> None:
    assert offered("purposegate scan --select unguarded") == ["unguarded-read"]
    assert offered("purposegate scan --assume cons") == ["consent", "consent_difficult", "consent_would_interfere"]
    assert {"uncited-prose", "unguarded-read", "unexplained-ignore"} <= set(offered("purposegate rule un"))


def test_what_a_file_says_is_shown_and_never_obeyed(project: Path) -> None:
    hostile: dict[str, Any] = {"name": "\x1b[2J\u202e"}
    (project / "src" / "mail.py").write_text(f'{CODE}\n\ndef odd() -> None:\n    gate.check("{hostile["name"]}", "x")\n')

    for form in ReportFormat:
        shown = run("scan", "--format", form.value, cwd=project).stdout
        assert "\x1b" not in shown
        assert "\u202e" not in shown
