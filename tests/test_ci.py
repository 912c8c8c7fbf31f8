"""The files by which others run it: pre-commit's hooks, the GitHub action, and the jobs in docs/ci."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import ROOT, a_document, a_folder, a_provision

from purposegate.cli.formats import FailLevel, ReportFormat

BIN = Path(sys.executable).parent
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
INSTALL, LOOK = ACTION["runs"]["steps"]
GITLAB: dict[str, Any] = yaml.safe_load((ROOT / "docs/ci/gitlab.yml").read_text())["purposegate"]
GITLAB_SCAN: dict[str, Any] = yaml.safe_load((ROOT / "docs/ci/gitlab.yml").read_text())["purposegate-scan"]
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())


def ran(command: list[str], cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command, cwd=cwd, env=kept | {"PATH": path} | environment, capture_output=True, text=True, check=False, timeout=120
    )


def bash(script: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a step's script as GitHub's and GitLab's runners do: each stops at the first command that fails."""
    return ran(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script], cwd, **environment)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project whose policy has a warning."""
    (tmp_path / "policies").mkdir()
    provisions = [a_provision(channels=["post"])]
    document = a_document(purposes={"shipping": {}, "raffle": {}}, provisions=provisions, policy={"title": "Shop"})
    a_folder(tmp_path / "policies", document)
    return tmp_path


@pytest.mark.parametrize(
    ("schema", "file"), [("vendor.github-actions", "action.yml"), ("vendor.github-workflows", "docs/ci/github.yml")]
)
def test_the_files_for_github_keep_to_their_schemas(schema: str, file: str) -> None:
    done = ran([str(BIN / "check-jsonschema"), "--builtin-schema", schema, file], ROOT)

    assert done.returncode == 0, done.stdout


def test_the_job_for_gitlab_keeps_to_its_schema() -> None:
    arguments = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", "docs/ci/gitlab.yml"]

    done = ran([str(BIN / "check-jsonschema"), *arguments], ROOT)

    assert done.returncode == 0, done.stdout


def test_the_action_runs_nothing_that_an_input_says() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert "uses" not in step


def test_the_action_offers_the_formats_and_levels_that_there_are() -> None:
    inputs = ACTION["inputs"]

    for each in ReportFormat:
        assert each.value in inputs["format"]["description"]
    for level in FailLevel:
        assert level.value in inputs["fail-level"]["description"]
    assert ReportFormat(inputs["format"]["default"]) is ReportFormat.GITHUB


def look(cwd: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    given = {name.upper(): ACTION["inputs"][name.lower().replace("_", "-")]["default"] for name in LOOK["env"]}
    return bash(LOOK["run"], cwd, **given | inputs)


def test_the_action_puts_findings_beside_their_lines_and_fails_where_it_is_to(project: Path) -> None:
    mild, strict = look(project), look(project, FAIL_LEVEL="warning", POLICIES="policies/shop.yaml\n")

    assert (mild.returncode, strict.returncode) == (0, 1)
    assert mild.stdout == strict.stdout
    assert [line.partition(",")[0] for line in mild.stdout.splitlines()] == ["::warning file=policies/shop.yaml"] * 2


def test_the_action_takes_several_paths_and_runs_none_of_them(project: Path) -> None:
    odd = "$(touch ran); `touch ran`; --fail-level"

    done = look(project, POLICIES=f"policies\n{odd}\n")

    assert done.returncode == 2
    assert "the policy cannot be read" in done.stdout
    assert not (project / "ran").exists()


CODE = """\
from purposegate import Gate

gate = Gate.load("policies/shop.yaml")


def send() -> None:
    gate.check("email_address", "shiping")
"""


@pytest.fixture
def service(project: Path) -> Path:
    """Make a project whose code names a purpose that its policy does not know."""
    (project / "src").mkdir()
    (project / "src" / "mail.py").write_text(CODE)
    return project


def test_the_action_scans_code_where_that_is_wanted(service: Path) -> None:
    whole, named = look(service, COMMAND="scan"), look(service, COMMAND="scan", PATHS="src/mail.py\nsrc\n")
    nothing = look(service, COMMAND="scan", PATHS="$(touch ran)\npolicies\n")

    assert (whole.returncode, named.returncode, nothing.returncode) == (1, 1, 2)
    assert whole.stdout.startswith("::error file=src/mail.py,line=7,")
    assert named.stdout == whole.stdout
    assert not (service / "ran").exists()
    assert not (service / ".purposegate_cache").exists()


def test_the_action_runs_nothing_but_lint_and_scan(service: Path) -> None:
    done = look(service, COMMAND="rule; touch ran")

    assert (done.returncode, done.stdout, done.stderr) == (2, "", "purposegate: the action runs lint or scan\n")
    assert not (service / "ran").exists()


def test_nothing_that_a_policy_says_is_a_command_while_text_is_printed(project: Path) -> None:
    texts = [look(project, FORMAT=form).stdout for form in ("text", "json", "text")]

    assert all(text.startswith("::stop-commands::") for text in texts)
    assert len({text.splitlines()[0] for text in texts}) == 3
    assert look(project, FORMAT="text", FAIL_LEVEL="warning").returncode == 1
    assert "::stop-commands::" not in look(project).stdout


def test_the_action_writes_a_file_for_a_step_that_uploads(project: Path) -> None:
    done = look(project, FORMAT="sarif", OUTPUT="purposegate.sarif")

    off, *_, count, on = done.stdout.splitlines()
    token = off.removeprefix("::stop-commands::")
    assert (len(token), count, on) == (32, "2 warnings", f"::{token}::")
    (run,) = json.loads((project / "purposegate.sarif").read_text())["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["idle-purpose", "uncited-prose"]


def test_the_action_installs_its_own_source_beside_everything_else(tmp_path: Path) -> None:
    """Without a package index, what it would install is told by an empty project in the place of its source."""
    source, temp, path = tmp_path / "source", tmp_path / "temp", tmp_path / "path"
    (source / "backend").mkdir(parents=True)
    temp.mkdir()
    (source / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "build"\nbackend-path = ["backend"]\n[project]\nname = "x"\nversion = "1"\n'
    )
    (source / "backend" / "build.py").write_text(BACKEND)

    done = bash(INSTALL["run"], tmp_path, SOURCE=str(source), PYTHON=sys.executable, RUNNER_TEMP=str(temp), GITHUB_PATH=str(path))

    assert done.returncode == 0, done.stderr
    assert path.read_text() == f"{temp}/purposegate/bin\n"
    assert ran([f"{temp}/purposegate/bin/python", "-c", "import installed"], tmp_path).returncode == 0


BACKEND = """
import zipfile
from pathlib import Path

def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "x-1-py3-none-any.whl"
    with zipfile.ZipFile(Path(folder) / name, "w") as wheel:
        wheel.writestr("installed.py", "")
        wheel.writestr("x-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: x\\nVersion: 1\\n")
        wheel.writestr("x-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("x-1.dist-info/RECORD", "".join(f"{each},,\\n" for each in wheel.namelist()))
    return name
"""


def test_the_job_for_gitlab_leaves_a_code_quality_report(project: Path) -> None:
    (report,) = GITLAB["artifacts"]["reports"].values()

    done = bash("\n".join(GITLAB["script"]), project)

    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "2 warnings")
    assert {issue["check_name"] for issue in json.loads((project / report).read_text())} == {"uncited-prose", "idle-purpose"}


def test_the_job_for_gitlab_that_scans_leaves_a_code_quality_report_too(service: Path) -> None:
    (report,) = GITLAB_SCAN["artifacts"]["reports"].values()

    done = bash("\n".join(GITLAB_SCAN["script"]), service)

    assert done.returncode == 1
    assert "unknown-purpose" in {issue["check_name"] for issue in json.loads((service / report).read_text())}


def test_the_job_for_gitlab_installs_what_this_is_called() -> None:
    (command,) = GITLAB["before_script"]

    assert GITLAB_SCAN["before_script"] == [command]
    assert command.split()[:4] == ["python", "-m", "pip", "install"]
    assert command.split()[-1] == "purposegate"


def test_the_hooks_keep_to_their_schema_and_so_does_the_entry_that_is_shown() -> None:
    for command, file in (("validate-manifest", ".pre-commit-hooks.yaml"), ("validate-config", "docs/ci/pre-commit.yaml")):
        done = ran([str(BIN / "pre-commit"), command, file], ROOT)
        assert done.returncode == 0, done.stdout
    (entry,) = yaml.safe_load((ROOT / "docs/ci/pre-commit.yaml").read_text())["repos"]
    assert {hook["id"] for hook in entry["hooks"]} <= {hook["id"] for hook in HOOKS}


def test_pre_commit_scans_the_whole_when_code_or_a_policy_changes() -> None:
    (hook,) = (hook for hook in HOOKS if hook["id"] == "purposegate-scan")

    assert (hook["entry"], hook["pass_filenames"]) == ("purposegate scan", False)
    touched = ["src/mail.py", "policies/shop.txt", "pyproject.toml", "README.md", "src/mail.pyi", "src/mail.py.txt"]
    assert [path for path in touched if re.search(hook["files"], path)] == touched[:3]


def test_pre_commit_looks_when_a_policy_or_its_text_changes_and_not_otherwise(project: Path) -> None:
    """The hook's own environment would be made from a package index, so it runs here with what is installed."""
    (hook,) = (hook for hook in HOOKS if hook["id"] == "purposegate-lint")
    local = {"repo": "local", "hooks": [hook | {"language": "system", "args": ["--fail-level", "warning"]}]}
    (project / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [local]}))
    home = {"HOME": str(project / "home"), "PRE_COMMIT_HOME": str(project / "home"), "GIT_CONFIG_NOSYSTEM": "1"}
    git = ["git", "-c", "user.name=x", "-c", "user.email=x"]
    for command in ([*git, "init", "-q"], [*git, "add", "policies", ".pre-commit-config.yaml"], [*git, "commit", "-qm", "x"]):
        assert ran(command, project, **home).returncode == 0
    (project / "README.md").write_text("x")
    ran([*git, "add", "README.md"], project, **home)

    untouched = ran([str(BIN / "pre-commit"), "run"], project, **home)
    (project / "policies" / "shop.txt").write_text("We say nothing any more.")
    ran([*git, "add", "policies"], project, **home)
    touched = ran([str(BIN / "pre-commit"), "run"], project, **home)

    assert (untouched.returncode, "Skipped" in untouched.stdout) == (0, True), untouched.stdout + untouched.stderr
    assert touched.returncode == 1
    assert "policies/shop.yaml:1:" in touched.stdout
    assert "error[" in touched.stdout
