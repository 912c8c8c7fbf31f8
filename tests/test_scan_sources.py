"""Which Python files a scan looks at, by what is typed, and what it says of paths that mean none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from purposegate.findings import Finding
from purposegate.testing.together import in_a_child
from purposegate.tools.scanning.sources import sources

FILES = (
    "src/shop/__init__.py",
    "src/shop/build/__init__.py",
    "src/shop/build/steps.py",
    "src/shop/mail.py",
    "src/shop/mail.pyi",
    "src/shop/notes.txt",
    "src/shop/window.pyw",
    "tests/test_mail.py",
    "build/lib/shop.py",
    "dist/shop.py",
    ".git/hook.py",
    ".venv/lib/a.py",
    "env/pyvenv.cfg",
    "env/lib/a.py",
    "node_modules/a/a.py",
    "src/__pycache__/mail.py",
    "src/shop.egg-info/a.py",
    ".mypy_cache/a.py",
    "[a].py",
    "manage",
)
OWN = ["[a].py", "src/shop/__init__.py", "src/shop/mail.py", "src/shop/window.pyw", "src/shop/build/__init__.py"]
ALL = [*OWN, "src/shop/build/steps.py", "tests/test_mail.py"]

NOBODY = 65534


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in FILES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "files"),
    [
        (["."], ALL),
        (["tests", "."], [ALL[-1], *ALL[:-1]]),
        (["src/shop/mail.py", "./src/shop/mail.py"], ["src/shop/mail.py"]),
        (["manage"], ["manage"]),
        (["build"], ["build/lib/shop.py"]),
        (["src/shop/mail.*"], ["src/shop/mail.py"]),
        (["**/mail.py"], ["src/__pycache__/mail.py", "src/shop/mail.py"]),
        (["[a].py"], ["[a].py"]),
        (["src/shop", "src/shop/build"], ALL[1:6]),
    ],
)
def test_files_folders_and_patterns_mean_python_files_each_once(arguments: list[str], files: list[str]) -> None:
    assert sources(arguments) == (tuple(files), ())


@pytest.mark.parametrize(
    ("exclude", "left"),
    [
        (["tests"], ALL[:-1]),
        (["tests/"], ALL[:-1]),
        (["*.pyw", "test_*"], [ALL[0], *ALL[1:3], *ALL[4:6]]),
        (["src/shop/*.py"], [ALL[0], ALL[3], *ALL[4:]]),
        (["src/**/steps.py"], [*ALL[:5], ALL[6]]),
        (["./src/shop/build"], [*ALL[:4], ALL[6]]),
        (["shop/build"], ALL),
        (["mail"], ALL),
        (["[!s]*.py", "[[]a[]].py"], ["src/shop/window.pyw", "src/shop/build/steps.py"]),
        (["[s-t]*"], ["[a].py"]),
    ],
)
def test_what_a_pattern_excludes_is_left_out_with_all_that_lies_in_it(exclude: list[str], left: list[str]) -> None:
    assert sources(["."], exclude) == (tuple(left), ())


def test_an_absolute_path_is_left_out_by_the_same_patterns(project: Path) -> None:
    assert sources([f"{project}/src"], ["src/shop/build", "*.pyw"]).files == tuple(f"{project}/{name}" for name in ALL[1:3])


@pytest.mark.parametrize(
    ("argument", "complaint"),
    [
        ("nowhere", "nowhere:1:1: error[unreadable] there is no such file or folder"),
        ("nowhere/*.py", "nowhere/*.py:1:1: error[no-python] nothing here is a Python file that is not left out"),
        ("empty", "empty:1:1: error[no-python] nothing here is a Python file that is not left out"),
        ("src/shop/mail.pyi", "src/shop/mail.pyi:1:1: error[no-python] nothing here is a Python file that is not left out"),
        ("tests/test_mail.py", "tests/test_mail.py:1:1: error[no-python] nothing here is a Python file that is not left out"),
        ("a\0b", "a\ufffdb:1:1: error[unreadable] there is no such file or folder"),
    ],
)
def test_what_means_no_file_is_complained_of_and_the_others_are_given(argument: str, complaint: str) -> None:
    files, findings = sources([argument, "src/shop/mail.py"], ["tests"])

    assert (files, list(map(str, findings))) == (("src/shop/mail.py",), [complaint])


def test_what_was_named_before_is_not_complained_of() -> None:
    assert sources(["tests", "tests", "tests/test_mail.py", "tests/*.py"]) == (("tests/test_mail.py",), ())


def test_a_link_that_leads_round_is_told_and_not_followed(project: Path) -> None:
    (project / "tests" / "again").symlink_to(project / "tests")
    (project / "tests" / "itself").symlink_to("itself")

    files, findings = sources(["tests"])

    told = "tests/again:1:1: note[symbolic-loop] the link leads to a folder that it lies in, and is not followed"
    assert (files, list(map(str, findings))) == (("tests/test_mail.py",), [told])


def test_a_folder_to_which_several_links_lead_is_looked_at_once(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "a.py").touch()
    for name in ("one", "two"):
        (project / "tests" / name).symlink_to(outside)
    (project / "tests" / "same.py").symlink_to(project / "src" / "shop" / "mail.py")

    assert sources(["tests", "src/shop/mail.py"]) == (("tests/same.py", "tests/test_mail.py", "tests/one/a.py"), ())


def refused(folder: str) -> list[Finding]:
    return list(sources([folder]).findings)


def test_a_folder_that_may_not_be_looked_into_is_told(project: Path) -> None:
    project.chmod(0o755)
    (project / "tests").chmod(0)
    complaint = "tests:1:1: error[unreadable] the folder cannot be looked into\n  help: permission denied"

    def is_told() -> bool:
        if os.geteuid() == 0:
            os.setuid(NOBODY)  # root may look into every folder
        return list(map(str, refused("tests"))) == [complaint]

    assert in_a_child(is_told)
    (project / "tests").chmod(0o755)


def test_a_folder_that_goes_away_while_it_is_looked_at_is_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(folder: str) -> None:
        raise FileNotFoundError(2, "No such file or directory", folder)

    monkeypatch.setattr(os, "scandir", gone)

    complaint = "tests:1:1: error[unreadable] the folder cannot be looked into\n  help: no such file or directory"
    assert list(map(str, refused("tests"))) == [complaint]
