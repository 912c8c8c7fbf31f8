"""What the Tab key offers, in each of the shells: the names of the policy that the command would go by."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest
from builders import ROOT, a_document, a_folder
from test_ci import BIN, bash
from test_cli import run

from purposegate.tools.lint import rules


def offered(line: str, cwd: Path = ROOT) -> list[str]:
    """Ask as bash does, by words and the number of the last one."""
    words = line.split(" ")
    done = run(cwd=cwd, _PURPOSEGATE_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(len(words) - 1))
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("purposegate check na", ["name"]),
        ("purposegate check name view", ["view_video_interview", "view_evaluation_result"]),
        ("purposegate explain name provide_service emp", ["employer_company"]),
        ("purposegate matrix send", ["send_service_email"]),
        ("purposegate check name provide_service --channel ", ["website", "email"]),
        ("purposegate matrix provide_service --assume cons", ["consent", "consent_difficult", "consent_would_interfere"]),
        ("purposegate lint --select idle-p", ["idle-purpose"]),
        ("purposegate lint --format s", ["sarif"]),
        ("purposegate lint --fail-level n", ["note", "never"]),
        ("purposegate check zzz", []),
        ("purposegate mat", ["matrix"]),
    ],
)
def test_the_names_of_the_policy_and_the_slugs_of_rules_are_offered(line: str, names: list[str]) -> None:
    assert offered(line) == names


def test_every_rule_is_offered() -> None:
    assert offered("purposegate lint --ignore ") == [rule.slug for rule in rules()]


def test_the_policy_that_is_named_or_configured_is_the_one_whose_names_are_offered(tmp_path: Path) -> None:
    (tmp_path / "law").mkdir()
    a_folder(tmp_path / "law", a_document(purposes={"shipping": {}, "raffle": {}}))

    assert offered("purposegate matrix ", tmp_path) == []
    assert offered("purposegate matrix --policy law/shop.yaml ", tmp_path) == ["shipping", "raffle"]
    (tmp_path / "pyproject.toml").write_text("[tool.purposegate]\npolicy = 'law/shop.yaml'\n")
    assert offered("purposegate matrix ", tmp_path) == ["shipping", "raffle"]


@pytest.mark.parametrize("said", ["[tool.purposegate]\npolcy = 1\n", "[tool.purposegate]\npolicy = 'broken.yaml'\n"])
def test_where_no_policy_can_be_used_nothing_is_offered_and_nothing_said(said: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(said)
    (tmp_path / "broken.yaml").write_text("[")

    assert offered("purposegate check ", tmp_path) == []


def test_bash_completes_by_the_script_that_is_shown() -> None:
    script = shown("bash")
    asked = 'COMP_WORDS=(purposegate check na); COMP_CWORD=2; _purposegate_completion purposegate; echo "${COMPREPLY[@]}"'

    done = bash(f"{script}\n{asked}", ROOT)

    assert (done.stdout, done.stderr) == ("name\n", "")


@pytest.mark.parametrize(
    ("shell", "environment", "answer"),
    [
        ("zsh", {"_TYPER_COMPLETE_ARGS": "purposegate check na"}, "_arguments '*: :((\"name\"))'"),
        ("fish", {"_TYPER_COMPLETE_ARGS": "purposegate check na", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}, "name"),
    ],
)
def test_the_scripts_of_zsh_and_fish_ask_so_and_are_answered(shell: str, environment: dict[str, str], answer: str) -> None:
    script = shown(shell)

    done = run(cwd=ROOT, **environment | {"_PURPOSEGATE_COMPLETE": f"complete_{shell}"})

    for name in ("_PURPOSEGATE_COMPLETE=complete_" + shell, *environment):
        assert name in script
    assert (done.stdout.strip(), done.stderr, done.returncode) == (answer, "", 0)


def test_to_complete_costs_a_verdict_nothing() -> None:
    """A verdict by names alone is given before anything that completion needs is imported."""
    code = f"import sys; sys.argv = {shlex.split('purposegate check name provide_service')}\n" + PROBE

    done = subprocess.run([BIN / "python", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)

    assert done.stdout.splitlines()[-1] == "set()", done.stderr


PROBE = """
import atexit, os
import purposegate.cli as cli
def end(code):
    print({"typer", "click", "shellingham", "rich", "purposegate.cli.completing"} & set(sys.modules))
    sys.stdout.flush()
    leave(code)
leave, os._exit = os._exit, end
cli.main()
"""


def shown(shell: str) -> str:
    """Give the script that `--show-completion` prints for a shell, which it finds out by itself."""
    return run("--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1").stdout
