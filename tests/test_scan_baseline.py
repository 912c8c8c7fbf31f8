"""A baseline hides what is known however its lines move, and nothing that is new, be it the same as what is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from purposegate.findings import Finding, Location, Related, Severity
from purposegate.tools.scanning.baseline import BaselineError, Entry, Found, Told, compared, is_gone, read, stale, write
from purposegate.tools.scanning.written import Written

READ = "`Applicant.email` is read without a use"


def found(folder: Path, text: str, *, name: str = "a.py", slug: str = "unguarded-read", **parts: Any) -> list[Found]:
    """Find the same in each place where `^` stands."""
    path = folder / name
    path.write_text(text.replace("^", ""))
    written = Written.at(str(path))
    given: list[Found] = []
    for number, line in enumerate(text.split("\n"), 1):
        before = ""
        for part in line.split("^")[:-1]:
            before += part
            place = Location(str(path), number, len(before) + 1)
            finding = Finding(slug, Severity.ERROR, READ, place, written.excerpt(place), **parts)
            given.append(Found(finding, written.scope(place)))
    return given


def noted(folder: Path, before: list[Found]) -> tuple[Path, tuple[Entry, ...]]:
    path = folder / "baseline.json"
    write(before, (), path)
    return path, read(path)


def beside(folder: Path, before: list[Found], after: list[Found]) -> Told:
    path, entries = noted(folder, before)
    return compared(after, entries, path, lambda _: True)


def lines(told: Told) -> list[int]:
    return [each.location.line for each in told.new if each.location]


ONE = "def f(a):\n    return ^a.email\n"


@pytest.mark.parametrize(
    "text",
    [
        ONE,
        f"import os\n\n\n{ONE}",
        f"def g(a):\n    return 1\n\n\n{ONE}",
        "def f(a):\n    x = 1\n    y = 2\n    return ^a.email\n",
        "def f(a):\n    if a:\n        return ^a.email\n",
        "def f(a):\n    return  ^a.email\n",
    ],
)
def test_what_is_known_stays_so_however_its_lines_move(text: str, tmp_path: Path) -> None:
    assert beside(tmp_path, found(tmp_path, ONE), found(tmp_path, text)) == Told((), 1, ())


def test_the_same_in_another_function_or_file_is_new(tmp_path: Path) -> None:
    before = found(tmp_path, ONE)

    above = beside(tmp_path, before, found(tmp_path, f"def g(a):\n    return ^a.email\n\n\n{ONE}"))
    elsewhere = beside(tmp_path, before, [*before, *found(tmp_path, ONE, name="b.py")])
    method = beside(tmp_path, before, found(tmp_path, "class C:\n    def f(a):\n        return ^a.email\n"))

    assert (lines(above), above.known, above.stale) == ([2], 1, ())
    assert [each.location.path for each in elsewhere.new if each.location] == [str(tmp_path / "b.py")]
    assert (lines(method), method.known, [entry.scope for entry in method.stale]) == ([3], 0, ["f"])


@pytest.mark.parametrize(
    "text",
    [
        "def f(a):\n    return ^a.email\n    return ^a.email\n",
        "def f(a):\n    if a:\n        return ^a.email\n    return ^a.email\n",
    ],
)
def test_one_more_of_the_same_in_one_function_brings_all_of_them_back(text: str, tmp_path: Path) -> None:
    """Nobody can tell which of them is the new one."""
    told = beside(tmp_path, found(tmp_path, ONE), found(tmp_path, text))

    assert (len(told.new), told.known, told.stale) == (2, 0, ())


def test_one_less_of_the_same_leaves_an_entry_that_is_found_no_more(tmp_path: Path) -> None:
    before = found(tmp_path, "def f(a):\n    return ^a.email\n    return ^a.email\n")

    told = beside(tmp_path, before, found(tmp_path, ONE))

    assert (told.new, told.known, len(told.stale)) == ((), 1, 1)


def test_what_has_become_worse_or_says_another_thing_is_new(tmp_path: Path) -> None:
    path, entries = noted(tmp_path, found(tmp_path, ONE))
    (same,) = found(tmp_path, ONE)
    milder = same._replace(finding=Finding("unguarded-read", Severity.WARNING, READ, same.finding.location, same.finding.excerpt))
    (other,) = found(tmp_path, ONE, slug="cannot-verify")

    for each in (milder, other):
        told = compared([each], entries, path, lambda _: True)
        assert (told.new, told.stale) == ((each.finding,), entries)


def test_a_caller_more_is_new_and_one_less_is_not(tmp_path: Path) -> None:
    def called_by(*callers: str) -> list[Found]:
        places = enumerate(callers, 10)
        return found(
            tmp_path, ONE, related=tuple(Related(Location(str(tmp_path / "a.py"), at, 1), caller) for at, caller in places)
        )

    both = called_by("`g` calls it", "`h` calls it")

    assert beside(tmp_path, both, called_by("`h` calls it", "`g` calls it")) == Told((), 1, ())
    assert beside(tmp_path, both, called_by("`h` calls it")) == Told((), 1, ())
    assert lines(beside(tmp_path, both, called_by("`g` calls it", "`i` calls it"))) == [2]
    assert lines(beside(tmp_path, both, called_by("`g` calls it", "`g` calls it"))) == [2]


@pytest.mark.parametrize("slug", ["unparsable", "idle-ignore", "stale-baseline", "unreadable", "no-python"])
def test_what_no_baseline_may_hold_is_neither_written_nor_hidden(slug: str, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    whole = found(tmp_path, ONE, slug=slug)

    assert write(whole, (), path) == 0
    assert compared(whole, read(path), path, lambda _: True) == Told((whole[0].finding,), 0, ())


def test_it_says_the_same_wherever_it_is_written_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "src").mkdir()
    path, entries = noted(tmp_path, found(tmp_path, ONE, name="src/a.py"))
    first = path.read_bytes()
    monkeypatch.chdir(tmp_path / "src")

    told = compared(found(Path(), ONE), entries, "../baseline.json", lambda _: True)
    write(found(Path(), ONE), (), "../baseline.json")

    assert (told, entries[0].path, path.read_bytes()) == (Told((), 1, ()), "src/a.py", first)


def test_an_entry_is_found_no_more_only_where_its_file_was_looked_at_or_is_gone(tmp_path: Path) -> None:
    path, (entry,) = noted(tmp_path, found(tmp_path, ONE))

    assert not is_gone(entry, path, frozenset())
    assert is_gone(entry, path, frozenset({str(tmp_path / "a.py")}))
    (tmp_path / "a.py").unlink()
    assert is_gone(entry, path, frozenset())


def test_an_entry_that_is_found_no_more_is_noted_with_where_it_was(tmp_path: Path) -> None:
    path, (entry,) = noted(tmp_path, found(tmp_path, ONE))

    message = f"an `unguarded-read` of a.py in `f` is found no more: {READ}"
    place = Location(str(path), 1, 1)
    assert stale(entry, path) == Finding("stale-baseline", Severity.NOTE, message, place, help="`--write-baseline` drops it")


GOOD = {"id": "0", "slug": "unguarded-read", "path": "a.py", "scope": "f", "message": READ, "related": []}


@pytest.mark.parametrize(
    "whole",
    [
        None,
        [],
        "x",
        {},
        {"purposegate_baseline": 1},
        {"purposegate_baseline": 1, "findings": {}, "more": 1},
        {"purposegate_baseline": 1, "findings": [None]},
        {"purposegate_baseline": 1, "findings": [{**GOOD, "id": 1}]},
        {"purposegate_baseline": 1, "findings": [{**GOOD, "related": "x"}]},
        {"purposegate_baseline": 1, "findings": [{**GOOD, "related": [1]}]},
        {"purposegate_baseline": 1, "findings": [{**GOOD, "more": ""}]},
        {"purposegate_baseline": 1, "findings": [{**GOOD, "slug": "unparsable"}]},
        {"purposegate_baseline": 1, "findings": [{**GOOD, "slug": "unheard-of"}]},
    ],
)
def test_a_baseline_that_is_malformed_is_refused(whole: object, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(json.dumps(whole))

    with pytest.raises(BaselineError, match="the baseline is malformed"):
        read(path)


@pytest.mark.parametrize("data", [b"", b"\xff", b"{", b"[" * 100_000, b'{"purposegate_baseline": 1, "findings": [NaN]}'])
def test_a_baseline_that_is_no_json_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_bytes(data)

    with pytest.raises(BaselineError, match="the baseline is malformed"):
        read(path)


def test_a_baseline_that_cannot_be_read_or_is_of_another_time_says_so(tmp_path: Path) -> None:
    (tmp_path / "later.json").write_text('{"purposegate_baseline": 2}')

    for path, message in (
        (tmp_path, "the baseline cannot be read: is a directory"),
        (tmp_path / "nowhere.json", "the baseline cannot be read: no such file or directory"),
        ("a\0b", "the baseline cannot be read: the path is not one"),
        (tmp_path / "later.json", "the baseline is of another version of purposegate"),
    ):
        with pytest.raises(BaselineError) as caught:
            read(path)
        assert str(caught.value) == message
