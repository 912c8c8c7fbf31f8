"""The fixtures of the scanner hold together: each slug has both kinds, and markers stand where they must and nowhere else."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest
from builders import SHIPPED
from scan_fixtures import FOLDER, KINDS, Expected, Named, fixtures, markers

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


def test_a_bad_one_finds_what_it_is_about() -> None:
    assert [str(each) for each in FIXTURES if each.kind == "bad" and each.slug not in each.slugs] == []


def test_a_good_one_finds_nothing() -> None:
    assert [str(each) for each in FIXTURES if each.kind == "good" and each.slugs] == []


def test_every_marker_names_a_finding() -> None:
    assert frozenset[str]().union(*(each.slugs for each in FIXTURES)) == SLUGS


def test_a_comment_that_looks_like_a_marker_is_one() -> None:
    lines = [line for each in FIXTURES for file in each.files for line in file.read_bytes().split(b"\n")]

    assert [line for line in lines if b"# finds" in line and not [*markers(line)]] == []


def test_exactly_the_unparsable_are_no_python() -> None:
    refused = {file for each in FIXTURES for file in each.files if _tree(file) is None}

    assert refused == {each.folder / found.file for each in FIXTURES for found in each.expected if found.slug == "unparsable"}


def test_every_file_says_in_one_line_what_it_is_about() -> None:
    trees = {file: tree for each in FIXTURES for file in each.files if (tree := _tree(file)) is not None}
    said = {file: ast.get_docstring(tree) or "" for file, tree in trees.items()}

    assert [file for file, text in said.items() if not text or "\n" in text] == []


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

    assert single.expected == {Expected("labelled_parameter.py", 10, "unguarded-read")}
    assert (single.named, single.policy, single.assumes) == (frozenset(), SHIPPED, frozenset())
    assert package.expected == {Expected("jobs.py", 10, "unguarded-read")}
    assert [file.name for file in package.files] == ["__init__.py", "jobs.py", "models.py", "store.py"]


def test_what_is_found_of_a_name_and_what_is_assumed_are_read_too() -> None:
    by_name = {str(fixture): fixture for fixture in FIXTURES}

    census = by_name["declared-never-used/bad/two_modules"]
    assumed = by_name["unmet-condition/good/assumed"]

    assert census.policy == FOLDER / "policies" / "magazine.yaml"
    assert census.named == {Named("declared-never-used", "printing_house")}
    assert assumed.assumes == {"confidentiality_agreement", "satisfactory_experience"}


def _tree(file: Path) -> ast.Module | None:
    try:
        return ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return None
