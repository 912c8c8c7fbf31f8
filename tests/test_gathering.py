"""Which policy files are meant by what is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from purposegate.tools.gathering import gathered

NAMES = ("[a].yaml", "old.yml", "shop.json", "shop.test.yaml", "shop.txt", "shop.yaml")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (
        "shop.yaml",
        "old.yml",
        "shop.test.yaml",
        "shop.json",
        "shop.txt",
        ".hidden.yaml",
        "deeper/raffle.yaml",
        "[a].yaml",
    ):
        path = tmp_path / "policies" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "paths"),
    [
        (["policies/shop.yaml"], ["policies/shop.yaml"]),
        (["policies/shop.json"], ["policies/shop.json"]),
        (["nowhere.yaml"], ["nowhere.yaml"]),
        (["policies"], ["policies/[a].yaml", "policies/old.yml", "policies/shop.yaml"]),
        (["policies/s*.yaml"], ["policies/shop.test.yaml", "policies/shop.yaml"]),
        (["policies/?ld.yml"], ["policies/old.yml"]),
        (["**/raffle.yaml"], ["policies/deeper/raffle.yaml"]),
        (["policies/[a].yaml"], ["policies/[a].yaml"]),
        (["policies/*[!x]"], [f"policies/{name}" for name in NAMES]),
        (
            ["policies/shop.yaml", "./policies/shop.yaml", "policies"],
            ["policies/shop.yaml", "policies/[a].yaml", "policies/old.yml"],
        ),
        (["a\0b"], ["a\0b"]),
    ],
)
def test_files_folders_and_patterns_mean_files_each_once(arguments: list[str], paths: list[str]) -> None:
    assert gathered(arguments) == (tuple(paths), ())


@pytest.mark.parametrize("argument", ["empty", "nowhere/*.yaml", "policies/*.toml", "deeper*"])
def test_what_means_no_file_is_complained_of_and_the_others_are_given(argument: str) -> None:
    paths, findings = gathered([argument, "policies/shop.yaml"])

    assert paths == ("policies/shop.yaml",)
    assert list(map(str, findings)) == [f"{argument}:1:1: error[no-policy] nothing here is a policy file"]


def test_an_absolute_pattern_is_one_too(folder: Path) -> None:
    assert gathered([f"{folder}/policies/o*"]) == ((f"{folder}/policies/old.yml",), ())
