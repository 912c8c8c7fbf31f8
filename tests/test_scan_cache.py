"""What was found is kept until something that it depends on changes; a record that cannot be trusted is passed over."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from purposegate.findings import Finding, Location, Related, Severity
from purposegate.policy.files import Files
from purposegate.tools.scanning import cache
from purposegate.tools.scanning.baseline import Found
from purposegate.tools.scanning.cache import Key, Outcome, digests, load, store
from purposegate.tools.scanning.sighting import Place, UnknownRead

PLACE = Location("src/a.py", 3, 5)
OUTCOME = Outcome(
    (
        Found(Finding("unguarded-read", Severity.ERROR, "read", PLACE, "  3 | x", "check it", (Related(PLACE, "called"),)), "f"),
        Found(Finding("declared-never-used", Severity.NOTE, "\ud800 not used")),
    ),
    (UnknownRead(Place("src/a.py", 1, 2, 3, 4), "f", "email", ("email_address",)),),
    {"email": ("a.Applicant",)},
    12,
)


@pytest.fixture
def key(tmp_path: Path) -> Key:
    (tmp_path / "a.py").write_text("x = 1\n")
    return Key(("here", "shop.yaml", "0"), digests([str(tmp_path / "a.py"), str(tmp_path / "nowhere.py")]))


def record_of(folder: Path) -> Path:
    (path,) = folder.glob("*.json")
    return path


def test_what_was_kept_is_given_again_as_it_was(key: Key, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "cache"
    store(folder, key, OUTCOME, {})

    assert load(folder, key) == OUTCOME
    assert (folder / ".gitignore").read_text() == "*\n"
    assert sorted(path.name for path in folder.iterdir()) == [".gitignore", key.name]


def test_other_content_settings_version_or_source_are_another_record(
    key: Key, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(tmp_path, key, OUTCOME, {})
    (tmp_path / "a.py").write_text("x = 2\n")

    assert load(tmp_path, Key(key.settings, digests(key.files))) is None
    assert load(tmp_path, Key((*key.settings, "consent"), key.files)) is None
    assert load(tmp_path, Key(key.settings, {**key.files, "b.py": None})) is None
    for name, value in (("version", lambda _: "0.0.0"), ("_source", lambda: "0")):
        with monkeypatch.context() as changed:
            changed.setattr(cache, name, value)
            assert load(tmp_path, key) is None
    assert load(tmp_path, key) == OUTCOME


def test_one_way_of_scanning_keeps_one_record(key: Key, tmp_path: Path) -> None:
    store(tmp_path, key, OUTCOME, {})
    store(tmp_path, Key(key.settings, {}), OUTCOME, {})

    assert load(tmp_path, Key(key.settings, {})) == OUTCOME
    assert record_of(tmp_path).name == key.name


def test_a_policy_that_changes_or_comes_makes_it_void(key: Key, tmp_path: Path) -> None:
    policy, prose = tmp_path / "shop.yaml", tmp_path / "shop.txt"
    policy.write_text("a: b")
    files = Files()
    for path in (policy, prose):
        files.look(path)
    store(tmp_path, key, OUTCOME, {str(path): digest for path, digest in files.digests.items()})

    assert load(tmp_path, key) == OUTCOME
    prose.write_text("We ship parcels.")
    assert load(tmp_path, key) is None
    prose.unlink()
    policy.write_text("a: c")
    assert load(tmp_path, key) is None


def less(record: dict[str, Any]) -> None:
    record["body"]["found"] = []


def milder(record: dict[str, Any]) -> None:
    record["body"]["found"][0][2]["severity"] = "note"


def of_others(record: dict[str, Any]) -> None:
    record["body"]["key"]["files"] = {}


def unpoliced(record: dict[str, Any]) -> None:
    record["body"]["policies"] = {"nowhere.yaml": "0"}


def unsigned(record: dict[str, Any]) -> None:
    del record["checksum"]


@pytest.mark.parametrize("change", [less, milder, of_others, unpoliced, unsigned])
def test_a_record_that_was_damaged_hides_nothing(change: Callable[[dict[str, Any]], None], key: Key, tmp_path: Path) -> None:
    store(tmp_path, key, OUTCOME, {})
    record = json.loads(record_of(tmp_path).read_bytes())
    change(record)
    record_of(tmp_path).write_text(json.dumps(record))

    assert load(tmp_path, key) is None


def test_a_record_that_is_whole_and_holds_no_outcome_is_passed_over(key: Key, tmp_path: Path) -> None:
    """Its checksum fits, as that of whoever can write it may."""
    store(tmp_path, key, OUTCOME, {})
    whole = json.loads(record_of(tmp_path).read_bytes())["body"]

    for name, value in (("found", [1]), ("found", [["f", None, {}]]), ("unknown", 1), ("owners", None), ("policies", 7)):
        body = whole | {name: value}
        record_of(tmp_path).write_text(json.dumps({"checksum": cache.checksum(body), "body": body}))
        assert load(tmp_path, key) is None


@pytest.mark.parametrize("data", [b"", b"\xff", b"{", b"[]", b"null", b"1", b"[" * 100_000, b'{"body": {}, "checksum": NaN}'])
def test_what_is_no_record_is_passed_over_and_written_anew(data: bytes, key: Key, tmp_path: Path) -> None:
    (tmp_path / key.name).write_bytes(data)

    assert load(tmp_path, key) is None
    store(tmp_path, key, OUTCOME, {})
    assert load(tmp_path, key) == OUTCOME


def test_where_nothing_can_be_kept_nothing_is_said(key: Key, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    for folder in (tmp_path / "file", tmp_path / "file" / "deeper", "a\0b"):
        store(folder, key, OUTCOME, {})
        assert load(folder, key) is None


def test_a_file_that_cannot_be_read_has_no_digest(tmp_path: Path) -> None:
    assert digests([str(tmp_path), "a\0b"]) == {str(tmp_path): None, "a\0b": None}
