"""What a scan finds has a page: what it flags and why, with code to avoid and code to write instead."""

from __future__ import annotations

import ast
import json

import pytest
from test_cli import run

from purposegate.engine.decision import Reason
from purposegate.findings import Severity
from purposegate.tools.lint import rules
from purposegate.tools.linting.registry import Rule
from purposegate.tools.reporting.report import Kind
from purposegate.tools.scanning.kinds import SCAN, SECTIONS, kinds


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.slug)
def test_the_page_says_what_is_flagged_and_why_and_shows_code(kind: Rule) -> None:
    assert kind.does.split()[0] == ("Note" if kind.severity is Severity.NOTE else "Flag")
    assert kind.does.endswith(".")
    assert kind.why.endswith(".")
    assert ast.parse(kind.prefer).body
    if kind.slug != "unparsable":
        assert ast.dump(ast.parse(kind.avoid)) != ast.dump(ast.parse(kind.prefer)) or "#" in kind.avoid


def test_every_reason_for_which_a_use_can_be_denied_without_a_person_has_a_page() -> None:
    """Code is looked at as on a day when its policy is in force."""
    reasons = {reason.value for reason in Reason} - {"permitted", "objection-in-force", "not-in-force"}

    assert reasons <= {kind.slug for kind in kinds()}
    assert set(SECTIONS) <= {kind.slug for kind in kinds()}


def test_only_what_was_not_looked_at_and_what_is_said_of_comments_and_files_cannot_be_suppressed() -> None:
    assert {kind.slug for kind in kinds() if not kind.can_be_ignored} == {
        "unparsable",
        "unexplained-ignore",
        "unknown-ignore",
        "idle-ignore",
        "stale-baseline",
        "symbolic-loop",
    }


def test_two_pages_of_one_register_cannot_have_one_name_and_two_registers_may_share_one() -> None:
    def unguarded_read() -> None:
        """Flag nothing."""

    with pytest.raises(ValueError, match="two rules are called `unguarded-read`"):
        SCAN.page(Severity.NOTE)(unguarded_read)
    assert {rule.slug for rule in rules()} & {kind.slug for kind in kinds()} == {
        "unexplained-ignore",
        "unknown-ignore",
        "idle-ignore",
    }


def test_a_page_is_shown_by_its_slug_whichever_tool_finds_it() -> None:
    shown = {slug: run("rule", slug).stdout for slug in ("unguarded-read", "idle-purpose", "idle-ignore")}

    assert shown["unguarded-read"].startswith("unguarded-read (scan, error)\n\nFlag a read of a labelled field")
    assert shown["idle-purpose"].startswith("idle-purpose (lint, warning)\n\nFlag ")
    assert "idle-ignore (lint, warning)" in shown["idle-ignore"]
    assert "idle-ignore (scan, warning)" in shown["idle-ignore"]
    assert "did you mean `unguarded-read`?" in run("rule", "unguarded-reed").stderr


def test_pages_are_listed_with_their_tools() -> None:
    listed = json.loads(run("rule", "--format", "json").stdout)

    assert {(row["tool"], row["slug"]) for row in listed} == {("lint", rule.slug) for rule in rules()} | {
        ("scan", kind.slug) for kind in kinds()
    }
    assert [row["tool"] for row in json.loads(run("rule", "idle-ignore", "--format", "json").stdout)] == ["lint", "scan"]
    assert json.loads(run("rule", "unguarded-read", "--format", "json").stdout)["tool"] == "scan"


def test_the_fences_of_a_page_say_which_language_they_hold() -> None:
    (page,) = (kind for kind in kinds() if kind.slug == "unknown-category")

    kind = Kind.documented(page.slug, page.severity, page.page, language=page.language)

    assert kind.markdown.count("```python\n") == 2
    assert "```yaml" not in kind.markdown
