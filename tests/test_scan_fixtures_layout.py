"""The fixtures of the scanner hold together: each slug has both kinds, and markers stand where they must and nowhere else."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest
from builders import SHIPPED
from scan_fixtures import FOLDER, KINDS, Expected, Fixture, Named, fixtures, markers

from purposegate import Gate

FIXTURES = fixtures()
SLUGS = frozenset({
    "cannot-verify",
    "channel-required",
    "declared-never-used",
    "fact-never-registered",
    "idle-ignore",
    "label-never-used",
    "subject-required",
    "undeclared-purpose",
    "unexplained-ignore",
    "unguarded-read",
    "unknown-category",
    "unknown-channel",
    "unknown-fact",
    "unknown-ignore",
    "unknown-purpose",
    "unknown-receiver",
    "unknown-recipient",
    "unlabelled-field",
    "unlisted-channel",
    "unlisted-recipient",
    "unmet-condition",
    "unparsable",
    "unreadable-use",
    "use-without-label",
})  # fmt: skip


def test_there_are_more_fixtures_than_somebody_can_know_by_heart() -> None:
    assert len(FIXTURES) >= 150
    assert sum(fixture.slug == "unguarded-read" for fixture in FIXTURES) >= 50


def test_every_finding_has_fixtures_of_both_kinds() -> None:
    assert {(fixture.slug, fixture.kind) for fixture in FIXTURES} == {(slug, kind) for slug in SLUGS for kind in KINDS}


@pytest.mark.parametrize("fixture", [each for each in FIXTURES if each.kind == "bad"], ids=str)
def test_a_bad_one_finds_what_it_is_about(fixture: Fixture) -> None:
    assert fixture.slug in {each.slug for each in (*fixture.expected, *fixture.named)}


@pytest.mark.parametrize("fixture", [each for each in FIXTURES if each.kind == "good"], ids=str)
def test_a_good_one_finds_nothing(fixture: Fixture) -> None:
    assert (fixture.expected, fixture.named) == (frozenset(), frozenset())


@pytest.mark.parametrize("fixture", FIXTURES, ids=str)
def test_every_marker_names_a_finding(fixture: Fixture) -> None:
    assert {each.slug for each in (*fixture.expected, *fixture.named)} <= SLUGS


@pytest.mark.parametrize("fixture", [each for each in FIXTURES if (each.slug, each.kind) != ("unparsable", "bad")], ids=str)
def test_all_but_the_unparsable_are_python_and_say_what_they_are_about(fixture: Fixture) -> None:
    documented = [ast.get_docstring(ast.parse(file.read_bytes())) or "" for file in fixture.files]

    assert all(documented)
    assert not [text for text in documented if "\n" in text]


@pytest.mark.parametrize("fixture", [each for each in FIXTURES if (each.slug, each.kind) == ("unparsable", "bad")], ids=str)
def test_the_unparsable_are_no_python(fixture: Fixture) -> None:
    refused = [file for file in fixture.files if _is_refused(file)]

    assert {file.relative_to(fixture.folder).as_posix() for file in refused} == {each.file for each in fixture.expected}


@pytest.mark.parametrize(
    "policy", sorted({fixture.policy for fixture in FIXTURES} | {*(FOLDER / "policies").glob("*.yaml")}), ids=str
)
def test_their_policies_can_be_read(policy: Path) -> None:
    assert Gate.load(policy).policy.controller


def test_no_file_is_left_over_that_belongs_to_no_fixture() -> None:
    known = {file for fixture in FIXTURES for file in fixture.files}

    assert {*FOLDER.rglob("*.py")} - known == set()


def test_no_name_is_taken_for_a_test() -> None:
    assert [file for file in FOLDER.rglob("*.py") if file.name.startswith(("test_", "conftest"))] == []


def test_no_two_fixtures_of_a_slug_are_the_same_code() -> None:
    texts = Counter(b"".join(file.read_bytes() for file in fixture.files) for fixture in FIXTURES)

    assert [text for text, count in texts.items() if count > 1] == []


def test_a_marker_names_its_own_line_or_the_one_below() -> None:
    source = b"""a = "# finds: unknown-purpose"
b = 2  # finds: unknown-purpose, unknown-category
# finds below: idle-ignore
c = 3  # purposegate: ignore[unknown-purpose] why
"""

    assert [*markers(source)] == [(2, "unknown-purpose"), (2, "unknown-category"), (4, "idle-ignore")]


def test_a_file_and_a_package_are_read_with_what_their_heads_say() -> None:
    by_name = {str(fixture): fixture for fixture in FIXTURES}

    single = by_name["unguarded-read/bad/labelled_parameter"]
    package = by_name["unguarded-read/bad/across_modules"]

    assert (single.expected, single.named, single.policy, single.assumes) == (
        {Expected("labelled_parameter.py", 10, "unguarded-read")},
        frozenset[Named](),
        SHIPPED,
        frozenset(),
    )
    assert package.expected == {Expected("jobs.py", 10, "unguarded-read")}
    assert [file.name for file in package.files] == ["__init__.py", "jobs.py", "models.py", "store.py"]


def _is_refused(file: Path) -> bool:
    try:
        ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return True
    return False
