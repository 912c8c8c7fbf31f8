"""Where a scan finds policies: told from the project's folder, and the newest of a folder of revisions."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from builders import SHIPPED

PROGRAM = Path(sys.executable).with_name("purposegate")
CODE = """
from purposegate import Gate

gate = Gate.load("policies/{name}")


def remind() -> None:
    gate.check("email_address", "send_service_email")
"""


def a_project(folder: Path, name: str) -> Path:
    (folder / "policies").mkdir()
    shutil.copy(SHIPPED, folder / "policies")
    shutil.copy(SHIPPED.with_suffix(".txt"), folder / "policies")
    (folder / "pyproject.toml").write_text(f'[tool.purposegate]\npolicy = "policies/{name}"\n')
    code = folder / "service"
    code.mkdir()
    (code / "mailing.py").write_text(CODE.format(name=name))
    return code


def scanned(folder: Path) -> tuple[int, str]:
    command = [str(PROGRAM), "scan", "--no-cache", "--format", "concise", "--ignore", "declared-never-used"]
    done = subprocess.run(
        command, cwd=folder, env=os.environ | {"NO_COLOR": "1"}, capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout


def test_the_path_of_a_gates_policy_is_told_from_the_projects_folder(tmp_path: Path) -> None:
    code = a_project(tmp_path, SHIPPED.name)

    assert scanned(tmp_path) == scanned(code) == (0, "nothing to complain of\n")


def test_code_is_judged_by_the_newest_revision_of_a_folder(tmp_path: Path) -> None:
    a_project(tmp_path, "")
    amended = SHIPPED.read_text().replace("send_service_email", "send_mail").replace("revision: 2020-03-09", "revision: 2099-01-01")
    (tmp_path / "policies" / "zz-amended.yaml").write_text(amended.replace("effective: 2020-03-09", "effective: 2099-01-01"))

    code, told = scanned(tmp_path)

    assert code == 1
    assert told.splitlines()[0].startswith("service/mailing.py:8:5: error[unknown-purpose]")
