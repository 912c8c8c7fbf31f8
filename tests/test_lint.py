"""Every lint rule finds what its documentation says to avoid, and nothing in what it says to prefer."""

from __future__ import annotations

import inspect as introspection
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import PROSE, SHIPPED, a_document, a_folder

from purposegate import Severity
from purposegate.tools.lint import Rule, lint, rules, slug

QUIET = {"unenforced": [{"clause": "9", "quote": "We may amend this policy.", "why": "the notice is sent by people"}]}


def blocks(rule: Rule) -> dict[str, dict[str, Any]]:
    """Read the Avoid and Prefer blocks of a rule's docstring as parts of a policy."""
    _, _, examples = introspection.cleandoc(rule.__doc__ or "").partition("Avoid:")
    avoid, _, prefer = examples.partition("Prefer:")
    return {"avoid": yaml.safe_load(textwrap.dedent(avoid)), "prefer": yaml.safe_load(textwrap.dedent(prefer))}


def found(folder: Path, parts: dict[str, Any]) -> list[str]:
    return [finding.slug for finding in lint(a_folder(folder, a_document(**(QUIET | parts)), prose=PROSE))]


@pytest.mark.parametrize("rule", rules(), ids=slug)
def test_the_rule_finds_what_to_avoid_and_nothing_in_what_to_prefer(rule: Rule, tmp_path: Path) -> None:
    examples = blocks(rule)

    assert found(tmp_path, examples["avoid"]) == [slug(rule)]
    assert found(tmp_path, examples["prefer"]) == []


@pytest.mark.parametrize("rule", rules(), ids=slug)
def test_the_rule_says_what_it_flags_and_why(rule: Rule) -> None:
    first, _, rest = introspection.cleandoc(rule.__doc__ or "").partition("\n")

    assert first.split()[0] in ("Flag", "Note")
    assert first.endswith(".")
    assert "\nWhy: " in rest


def test_the_shipped_policy_has_open_questions_and_nothing_else() -> None:
    findings = list(lint(SHIPPED))

    assert {finding.slug for finding in findings} == {"open-question"}
    assert {finding.severity for finding in findings} == {Severity.NOTE}


def test_a_never_that_could_be_permitted_is_found(tmp_path: Path) -> None:
    never = [{"data": "any", "purposes": "any", "recipients": ["carrier"], "unless": []}]

    assert found(tmp_path, {"never": never}) == ["never"]
