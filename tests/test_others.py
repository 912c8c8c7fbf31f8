from __future__ import annotations

from pathlib import Path

import pytest
from others import main
from others_marked import Fixture, callees, fixtures

CODE = """\
gate.check("name", "mail")
client.post(url, json=user.email)  # finds: unguarded-read, unmet-condition
# finds below: unguarded-read
log.info(f"{user}")
"""


def a_tree(root: Path) -> Path:
    for name, text in {
        "unguarded-read/bad/checked_under_if_false.py": CODE,
        "unguarded-read/bad/over/modules.py": CODE,
        "unguarded-read/good/modules/a.py": "gate.check('name', 'mail')\n",
        "unknown-purpose/bad/a.py": CODE,
        "unparsable/bad/a.py": "def (\n",
        "policies/a.py": CODE,
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


def test_a_fixture_counts_by_its_folder_and_an_unguarded_read_also_by_its_name(tmp_path: Path) -> None:
    assert fixtures(a_tree(tmp_path)) == (
        Fixture("unguarded-read/bad/checked_under_if_false.py", "unguarded-read: check under `if False:`", True, frozenset({2, 4})),
        Fixture("unguarded-read/bad/over/modules.py", "unguarded-read: in one function, in other ways", True, frozenset({2, 4})),
        Fixture("unguarded-read/good/modules/a.py", "unguarded-read: across functions and modules", False, frozenset()),
        Fixture("unknown-purpose/bad/a.py", "unknown-purpose", True, frozenset()),
        Fixture("unparsable/bad/a.py", "unparsable", True, frozenset()),
    )


def test_what_is_called_is_told_with_whether_its_line_is_marked(tmp_path: Path) -> None:
    root = a_tree(tmp_path)
    wanted = tuple(each for each in fixtures(root) if each.path.endswith("if_false.py"))

    assert sorted(callees(root, wanted)) == [("client.post", True), ("gate.check", False), ("log.info", True)]


def test_where_there_are_no_fixtures_the_comparison_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["others.py", str(tmp_path)])

    assert (main(), capsys.readouterr().out) == (1, f"no fixtures under {tmp_path}\n")
