"""What a project may say of itself in its pyproject.toml, and what is said of what it may not."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from builders import ROOT, a_document, a_folder, a_provision
from test_cli import run

from purposegate.cli.formats import FailLevel, ReportFormat
from purposegate.tools import configuration as settings
from purposegate.tools.configuration import Configuration, LintSettings, ScanSettings, nearest, read
from purposegate.tools.lint import rules
from purposegate.tools.scanning.kinds import kinds

RULES = {"idle-purpose", "open-question"}
KINDS = {"unguarded-read", "unlabelled-field"}


def said(folder: Path, text: str) -> Path:
    path = folder / "pyproject.toml"
    path.write_text(text)
    return path


def test_everything_that_may_be_said_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = said(
        tmp_path,
        '[tool.purposegate]\npolicy = "policies/shop.yaml"\n[tool.purposegate.lint]\nselect = ["idle-purpose"]\n'
        'fail-level = "warning"\nformat = "github"\n[tool.purposegate.lint.ignore]\nopen-question = "counsel has them"\n',
    )

    configuration, findings = read(path, RULES)

    lint = LintSettings(("idle-purpose",), {"open-question": "counsel has them"}, "warning", "github")
    assert (configuration, findings) == (Configuration(path, "policies/shop.yaml", lint), ())


def test_everything_that_may_be_said_of_a_scan_is_read_and_its_paths_are_told_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "src").mkdir()
    monkeypatch.chdir(tmp_path / "src")
    path = said(
        tmp_path,
        '[tool.purposegate.scan]\npaths = ["src", "manage.py"]\nexclude = ["tests", "src/old/*.py"]\nassume = ["consent"]\n'
        'select = ["unguarded-read"]\nignore = {unlabelled-field = "counsel has them"}\nfail-level = "warning"\nformat = "sarif"\n'
        'baseline = "known.json"\n',
    )

    configuration, findings = read(path, RULES, KINDS)

    scan = ScanSettings(
        paths=(".", "../manage.py"),
        exclude=("tests", "old/*.py"),
        assume=("consent",),
        select=("unguarded-read",),
        ignore={"unlabelled-field": "counsel has them"},
        fail_level="warning",
        format="sarif",
        baseline="../known.json",
    )
    assert (configuration, findings) == (Configuration(path, scan=scan), ())


@pytest.mark.parametrize(
    "text",
    [
        '[tool.purposegate]\npolicy = "shop.yaml"\n',
        '[tool]\npurposegate = {policy = "shop.yaml"}\n',
        '[tool]\npurposegate.policy = "shop.yaml"\n',
        'tool.purposegate.policy = "shop.yaml"\n',
        '["tool" . "purposegate"]\npolicy = "shop.yaml"\n',
        '[tool]\nother = [\n  1,\n]\n"purposegate" = {policy = "shop.yaml"}\n',
        "tool = {other = [\n  1,\n], purposegate = {policy = 'shop.yaml'}}\n",
        "[project]\nname = 'x'\n\r\n  [ 'tool' ]\r\npurposegate.policy = 'shop.yaml'\r\n",
        "[ tool . purposegate ]\npolicy = 'shop.yaml'",
        'tool = {other = 1, "purposegate" = {policy = "shop.yaml"}}\n',
    ],
)
def test_a_table_is_read_however_it_is_written(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    configuration, findings = read(said(tmp_path, text))

    assert (configuration.policy, findings) == ("shop.yaml", ())


@pytest.mark.parametrize(
    "text", ["", "[project]\nname = 'shop'\n", "[tool.ruff]\n", "tool = 1\n# purposegate = x\n", "x = 'purposegate.'\n"]
)
def test_a_file_that_says_nothing_of_it_is_passed_over(text: str, tmp_path: Path) -> None:
    assert read(said(tmp_path, text)) == (Configuration(), ())


def test_the_nearest_file_that_speaks_of_it_is_gone_by(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    said(tmp_path, "[tool.purposegate.lint]\nformat = 'json'\n")
    middle = said(tmp_path / "a", "[tool.purposegate.lint]\nformat = 'sarif'\n")
    said(inner, "[project]\nname = 'b'\n")

    configuration, findings = nearest(inner)

    assert (configuration.path, configuration.lint.format, findings) == (middle, "sarif", ())


LINT_KEYS = "known here: `select`, `ignore`, `fail-level` and `format`"
REASONED = 'write it as `ignore = { rule = "why" }`'


@pytest.mark.parametrize(
    ("text", "complaint", "help_"),
    [
        ("[tool.purposegate]\n^polcy = 'x'\n", "unknown-key] unknown key `polcy`", "did you mean `policy`?"),
        ("[tool.purposegate]\n^granted = 1\n", "unknown-key] unknown key `granted`", "known here: `policy`, `lint` and `scan`"),
        ("[tool.purposegate]\n^policy = 1\n", "wrong-value] `policy`: expected text", None),
        ("[tool.purposegate]\n^policy = ''\n", "wrong-value] `policy`: expected text", None),
        ("[tool.purposegate]\n^lint = []\n", "wrong-value] `lint`: expected a table", None),
        ("[tool]\n^purposegate = 1\n", "wrong-value] expected a table", None),
        (
            "a = 1\n[tool.purposegate.lint]\nformat = 'text'\n^formt = 'x'\n",
            "unknown-key] unknown key `formt`",
            "did you mean `format`?",
        ),
        ("[tool.purposegate]\nlint = {^zzzz = 1}\n", "unknown-key] unknown key `zzzz`", LINT_KEYS),
        (
            "[tool.purposegate.lint]\n^format = 'xml'\n",
            "wrong-value] `format`: expected `text`, `concise`, `json`, `sarif`, `junit`, `github`, `gitlab` or `markdown`",
            None,
        ),
        (
            "[tool.purposegate.lint]\n^fail-level = 'fatal'\n",
            "wrong-value] `fail-level`: expected `error`, `warning`, `note` or `never`",
            None,
        ),
        ("[tool.purposegate.lint]\n^select = 'x'\n", "wrong-value] `select`: expected a list of slugs of rules", None),
        (
            "[tool.purposegate.lint]\nselect = ['^idle-purposes']\n",
            "unknown-rule] there is no lint rule `idle-purposes`",
            "did you mean `idle-purpose`?",
        ),
        (
            "[tool.purposegate.lint]\nselect = [\n  'idle-purpose',\n  '^undeclared-name',\n]\n",
            "unknown-rule] there is no lint rule `undeclared-name`",
            "what keeps a policy from being used cannot be passed over",
        ),
        ("[tool.purposegate.lint]\n^ignore = ['idle-purpose']\n", "wrong-value] `ignore`: expected a table", REASONED),
        (
            "[tool.purposegate.lint]\nignore = {^idle-purpose = ' '}\n",
            "missing-reason] `idle-purpose` is ignored for no reason",
            REASONED,
        ),
        ("[tool.purposegate.scan]\n^exclude = 'x'\n", "wrong-value] `exclude`: expected a list of texts", None),
        ("[tool.purposegate.scan]\n^paths = ['']\n", "wrong-value] `paths`: expected a list of texts", None),
        (
            "[tool.purposegate.scan]\nselect = ['^idle-purpose']\n",
            "unknown-rule] there is no kind of finding `idle-purpose`",
            "that a file is not looked at cannot be passed over",
        ),
        (
            "[tool.purposegate.scan.ignore]\n^unguarded-read = ''\n",
            "missing-reason] `unguarded-read` is ignored for no reason",
            REASONED,
        ),
        (
            "[tool.purposegate.lint.ignore]\n^idle-purpose = 1\n",
            "missing-reason] `idle-purpose` is ignored for no reason",
            REASONED,
        ),
    ],
)
def test_what_may_not_be_said_is_a_finding_with_its_place(text: str, complaint: str, help_: str | None, tmp_path: Path) -> None:
    before, _, after = text.partition("^")
    path = said(tmp_path, before + after)

    configuration, findings = read(path, RULES, KINDS)

    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    (finding,) = findings
    assert str(finding).splitlines()[0] == f"{path}:{line}:{column}: error[{complaint}"
    assert (finding.help, configuration) == (help_, Configuration(path))


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"[tool.purposegate]\npolicy = \n", ":2:10: error[malformed-toml] this is no TOML"),
        (
            b"[tool.purposegate]\npolicy = '\xff'\n",
            ":1:1: error[unreadable] the configuration cannot be read\n  help: it is no UTF-8",
        ),
    ],
)
def test_a_file_that_is_no_toml_is_refused(data: bytes, complaint: str, tmp_path: Path) -> None:
    path = said(tmp_path, "")
    path.write_bytes(data)

    configuration, findings = read(path)

    assert [str(finding) for finding in findings] == [f"{path}{complaint}"]
    assert configuration == Configuration()


def test_it_offers_what_the_command_line_does() -> None:
    """The configuration is read without what it takes to read a command line."""
    assert list(ReportFormat) == list(settings.FORMATS)
    assert list(FailLevel) == list(settings.FAIL_LEVELS)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Make a project whose policy has two warnings and a note, and that names it."""
    questions = [{"clause": "3", "quote": "ship parcels", "question": "To whom?"}]
    (tmp_path / "law").mkdir()
    provisions = [a_provision(channels=["post"])]
    a_folder(tmp_path / "law", a_document(purposes={"shipping": {}, "raffle": {}}, provisions=provisions, questions=questions))
    said(tmp_path, '[tool.purposegate]\npolicy = "law/shop.yaml"\n')
    return tmp_path


def slugs(*arguments: str, cwd: Path) -> tuple[set[str], int]:
    done = run("lint", "--format", "json", *arguments, cwd=cwd)
    return {finding["slug"] for finding in json.loads(done.stdout)}, done.returncode


def test_the_commands_go_by_the_policy_that_the_project_names(shop: Path) -> None:
    deeper = shop / "src"
    deeper.mkdir()

    assert slugs(cwd=deeper) == ({"uncited-prose", "open-question", "idle-purpose"}, 0)
    assert run("check", "email_address", "shipping", cwd=deeper).returncode == 0
    assert run("matrix", "shipping", cwd=deeper).returncode == 0
    assert "there are 0 policies" in run("lint", "--isolated", cwd=deeper).stderr


def test_the_command_line_goes_before_the_configuration(shop: Path) -> None:
    said(
        shop,
        '[tool.purposegate]\npolicy = "law/shop.yaml"\n[tool.purposegate.lint]\nfail-level = "warning"\nformat = "github"\n'
        'ignore = {uncited-prose = "later", open-question = "counsel has it"}\n',
    )

    assert slugs(cwd=shop) == ({"idle-purpose"}, 1)
    assert slugs("--fail-level", "error", cwd=shop) == ({"idle-purpose"}, 0)
    assert slugs("--ignore", "idle-purpose", cwd=shop) == ({"uncited-prose", "open-question"}, 1)
    assert slugs("--select", "open-question", cwd=shop) == ({"open-question"}, 0)
    assert slugs("--isolated", "law", cwd=shop) == ({"uncited-prose", "open-question", "idle-purpose"}, 0)
    assert run("lint", cwd=shop).stdout.startswith("::warning file=law/shop.yaml,line=1,")


def test_a_configuration_may_stand_in_another_file_and_must_be_one(shop: Path) -> None:
    (shop / "other.toml").write_text("[tool.purposegate.lint]\nselect = ['idle-purpose']\n")
    (shop / "empty.toml").write_text("")

    assert slugs("law", "--config", "other.toml", cwd=shop) == ({"idle-purpose"}, 0)
    for name in ("empty.toml", "nowhere.toml"):
        assert run("lint", "law", "--config", name, cwd=shop).returncode == 2


def test_a_configuration_that_cannot_be_used_stops_every_command_that_goes_by_it(shop: Path) -> None:
    said(shop, "[tool.purposegate]\npolcy = 'law/shop.yaml'\n")

    for arguments in (["lint"], ["check", "email_address", "shipping"], ["lint", "law"]):
        done = run(*arguments, cwd=shop)
        assert (done.returncode, done.stdout) == (2, "")
        assert "did you mean `policy`?" in done.stderr
    assert run("check", "email_address", "shipping", "--policy", "law/shop.yaml", cwd=shop).returncode == 0


def test_what_the_reader_refuses_is_said_whatever_is_selected(tmp_path: Path) -> None:
    a_folder(tmp_path, a_document(granted=[]))

    assert slugs("shop.yaml", "--select", "idle-purpose", cwd=tmp_path) == ({"unknown-key"}, 1)


def test_every_rule_can_be_ignored_by_the_project_itself(tmp_path: Path) -> None:
    path = said(tmp_path, "[tool.purposegate.lint.ignore]\n" + "".join(f"{rule.slug} = 'why'\n" for rule in rules()))

    configuration, findings = read(path, {rule.slug for rule in rules()})

    assert (len(configuration.lint.ignore), findings) == (len(rules()), ())


def test_the_configuration_of_this_repository_is_in_order() -> None:
    assert nearest(ROOT, {rule.slug for rule in rules()}, {kind.slug for kind in kinds()})[1] == ()


def test_most_verdicts_do_not_wait_for_a_file_that_has_no_such_table(tmp_path: Path) -> None:
    """A file that names purposegate as often as this repository's own need have no table of it."""
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    before, _, after = (ROOT / "pyproject.toml").read_text().partition("[tool.purposegate]")
    (tmp_path / "pyproject.toml").write_text(before + after[after.index("[tool.importlinter]") :])
    code = "import sys; sys.argv = ['purposegate', 'check', 'name', 'provide_service']\n" + PROBE

    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)

    assert done.stdout.splitlines()[-1] == "set()", done.stderr


PROBE = """
import os
import purposegate.cli as cli
def end(code):
    print({"tomllib", "purposegate.tools.configuration"} & set(sys.modules))
    sys.stdout.flush()
    leave(code)
leave, os._exit = os._exit, end
cli.main()
"""
