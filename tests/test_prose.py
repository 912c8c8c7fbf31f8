"""The prose: quotes stand in it, and what nothing cites is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from builders import a_document, a_folder, a_use_clause

from purposegate import Gate, PolicyError
from purposegate.policy.inspection import inspect
from purposegate.policy.loader import load
from purposegate.policy.prose import Prose, uncited

TEXT = """We protect “your data”.

1. Purposes

We use your   email address
to ship parcels. We keep it for a year.

 (1) To ship

 A. by post

2. Recipients

We give it to the carrier of

  your choice, for example.
"""


def test_it_is_cut_into_sentences_without_headings_and_across_broken_lines() -> None:
    assert [sentence.text for sentence in Prose(TEXT).sentences] == [
        'We protect "your data".',
        "We use your email address to ship parcels.",
        "We keep it for a year.",
        "(1) To ship",
        "A. by post",
        "We give it to the carrier of your choice, for example.",
    ]


@pytest.mark.parametrize(
    "quote",
    ["“your data”", '"your data"', "„your data‟", "your email address to ship", "your\n email   address", "carrier of your choice"],
)
def test_a_quote_is_found_however_it_is_set(quote: str) -> None:
    assert Prose(TEXT).find(quote) is not None


@pytest.mark.parametrize("quote", ["your e-mail", "mail", "hip", ".", "u", " ", "We use your email address to ship parcels We"])
def test_what_is_not_there_or_only_a_piece_of_a_word_is_not_found(quote: str) -> None:
    assert Prose(TEXT).find(quote) is None


def test_a_quote_is_looked_for_in_the_article_of_its_clause_first() -> None:
    prose = Prose("1. One\n\nthe carrier\n\n2. Two\n\nthe carrier, again\n")

    first, second = prose.find("the carrier", "1(1)"), prose.find("the carrier", "2")

    assert first is not None
    assert second is not None
    assert first < second
    assert prose.outside_its_article(first, "2")
    assert not prose.outside_its_article(second, "2(1)A")


def test_a_quote_that_stands_nowhere_is_an_error_that_shows_the_nearest_passage(tmp_path: Path) -> None:
    path = a_folder(tmp_path, uses=[a_use_clause(quote="to ship all parcels")])

    with pytest.raises(PolicyError) as caught:
        Gate.load(path)

    (finding,) = caught.value.findings
    assert finding.slug == "quote-not-in-prose"
    assert finding.location is not None
    assert finding.location.line == 1
    assert finding.excerpt is not None
    assert finding.excerpt.startswith("  1 | ")
    assert finding.help == "the nearest passage is: “We use your email address to ship parcels.”"


def test_a_quote_from_another_article_is_a_warning(tmp_path: Path) -> None:
    prose = "1. One\n\nWe ship parcels to you.\n\n2. Two\n\nWe amend.\n"
    document = a_document(uses=[a_use_clause(clause="2", quote="ship parcels")], provisions=[])

    findings = inspect(a_folder(tmp_path, document, prose=prose)).findings

    assert [(finding.slug, finding.severity.value) for finding in findings] == [("quote-outside-clause", "warning")]


def test_the_sentences_that_nothing_cites_are_told(tmp_path: Path) -> None:
    loaded = inspect(a_folder(tmp_path, uses=[a_use_clause()], provisions=[]))

    assert loaded.document is not None
    assert loaded.prose is not None
    assert [sentence.text for sentence in uncited(loaded.document, loaded.prose)] == ["We may amend this policy."]


@pytest.mark.parametrize(
    ("prose", "slug"),
    [
        ("missing.txt", "unreadable"),
        ("shop.yaml", "prose-file"),
        (".", "prose-file"),
        ("link.txt", "prose-file"),
        ("pipe", "unreadable"),
    ],
)
def test_the_prose_is_a_file_beside_the_policy_and_not_the_policy(prose: str, slug: str, tmp_path: Path) -> None:
    path = a_folder(tmp_path, policy={"prose": prose})
    (tmp_path / "link.txt").symlink_to(path)
    os.mkfifo(tmp_path / "pipe")

    assert [finding.slug for finding in inspect(path).findings] == [slug]


def test_a_prose_that_is_no_text_or_too_long_is_refused(tmp_path: Path) -> None:
    path = a_folder(tmp_path)

    (tmp_path / "shop.txt").write_bytes(b"\xff")
    assert [finding.slug for finding in inspect(path).findings] == ["not-utf-8"]
    (tmp_path / "shop.txt").write_bytes(b"We ship. " * 130_000)
    assert [finding.slug for finding in inspect(path).findings] == ["too-large"]


@pytest.mark.parametrize("path", ["nowhere.yaml", ".", "a\0b"])
def test_a_policy_that_cannot_be_opened_is_a_finding(path: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        load(f"{tmp_path}/{path}")

    assert [finding.slug for finding in caught.value.findings] == ["unreadable"]
