"""Every lint rule finds what its page says to avoid, and nothing in what it says to prefer; and lint never crashes."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from builders import PROSE, SHIPPED, a_context, a_document, a_folder, a_policy, a_provision, a_use_clause
from hypothesis import given
from strategies import cases, documents

from purposegate import Context, Engine, Finding, Severity, Use
from purposegate.policy.loader import load
from purposegate.tools.lint import lint, rule_of, rules
from purposegate.tools.linting.registry import Rule, page

Case = tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]
RULES = ("uses", "provisions", "exceptions")
IDLE = frozenset({"idle-rule", "unopened-provision"})
SUPERFLUOUS = IDLE | {"shadowed-rule", "identical-rule"}
ROOT = Path(__file__).parent.parent
QUIET = a_document(
    provisions=[a_provision(channels=["post"])],
    unenforced=[{"clause": "9", "quote": "We may amend this policy.", "why": "the notice is sent by people"}],
)
# Sentences that only some pages need: no rule looks at them but those.
PROSES = {
    "catch-all-wording": "We use your email address to ship parcels, letters, etc. We may amend this policy.",
    "lone-condition": f"{PROSE} Unless it is required to ship parcels, and consent would be difficult.",
    "quote-outside-clause": "11. Shipping\n\nWe use your email to ship parcels.\n\n12. Changes\n\nWe may amend this policy.",
}


def found(folder: Path, rule: str, text: str) -> list[Finding]:
    """Lint a small policy with some sections replaced by text in YAML, comments included."""
    prose = PROSES.get(rule, PROSE)
    parts = yaml.safe_load(text)
    kept = {key: value for key, value in QUIET.items() if key not in parts}
    if rule == "quote-outside-clause":
        kept["provisions"] = [a_provision(clause="11", channels=["post"])]
        kept["unenforced"] = [QUIET["unenforced"][0] | {"clause": "12"}]
    if rule == "lone-condition":
        sentence = {"clause": "9", "quote": "Unless it is required to ship parcels", "why": "an exception says it"}
        kept["unenforced"] = [*QUIET["unenforced"], sentence]
    head = "\n".join(f"{key}: {json.dumps(value)}" for key, value in kept.items())
    (folder / "shop.yaml").write_text(f"{head}\n{text}")
    (folder / "shop.txt").write_text(prose)
    return list(lint(folder / "shop.yaml"))


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.slug)
def test_the_rule_finds_what_to_avoid_and_nothing_in_what_to_prefer(rule: Rule, tmp_path: Path) -> None:
    avoided, preferred = found(tmp_path, rule.slug, rule.avoid), found(tmp_path, rule.slug, rule.prefer)

    assert [(finding.slug, finding.severity) for finding in avoided] == [(rule.slug, rule.severity)], "\n".join(map(str, avoided))
    assert preferred == [], "\n".join(map(str, preferred))
    assert avoided[0].location is not None
    assert avoided[0].location.path == str(tmp_path / "shop.yaml")


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.slug)
def test_the_page_says_what_is_flagged_and_why(rule: Rule) -> None:
    assert rule.does.split()[0] == ("Note" if rule.severity is Severity.NOTE else "Flag")
    assert rule.does.endswith(".")
    assert rule.why.endswith(".")


def test_there_are_at_least_thirty_rules_and_each_is_found_by_its_slug() -> None:
    assert len(rules()) >= 30
    assert [rule_of(rule.slug) for rule in rules()] == list(rules())
    assert rule_of("unheard-of") is None


def test_two_rules_cannot_have_one_name() -> None:
    def idle_purpose() -> None:
        """Flag nothing."""

    with pytest.raises(ValueError, match="two rules are called `idle-purpose`"):
        page(Severity.NOTE)(idle_purpose)


def test_the_shipped_policies_have_open_questions_and_nothing_else() -> None:
    findings = [finding for path in (SHIPPED, ROOT / "examples" / "hiring-service.yaml") for finding in lint(path)]

    assert {(finding.slug, finding.severity) for finding in findings} == {("open-question", Severity.NOTE)}


def test_a_never_that_could_be_permitted_is_found(tmp_path: Path) -> None:
    never = [{"data": "any", "purposes": "any", "recipients": ["carrier"], "unless": []}]

    assert [finding.slug for finding in lint(a_folder(tmp_path, QUIET | {"never": never}))] == ["never"]


def test_a_policy_with_an_error_is_told_of_that_and_nothing_else(tmp_path: Path) -> None:
    path = a_folder(tmp_path, QUIET | {"uses": [a_use_clause(purposes=["raffle"])]})

    assert [finding.slug for finding in lint(path)] == ["undeclared-name"]


def test_a_policy_too_large_to_look_through_is_said_to_be_so(tmp_path: Path) -> None:
    """What is not known to be good for something is not said to be good for nothing."""
    categories: dict[str, Any] = {f"c{index}": {} for index in range(600)}
    purposes: dict[str, Any] = {f"p{index}": {} for index in range(600)}
    nothing = a_provision(data=[*categories], purposes=[*purposes], channels=["post"])
    path = a_folder(
        tmp_path,
        QUIET
        | {
            "categories": {"email_address": {}} | categories,
            "purposes": {"shipping": {}} | purposes,
            "provisions": [*QUIET["provisions"], nothing],
        },
    )

    assert [finding.slug for finding in lint(path)] == ["untested-reach"]


@pytest.mark.parametrize(
    ("settled", "found_then"),
    [
        ({"questions": [{"clause": "1", "quote": "letters, etc.", "question": "Which?"}]}, ["open-question"]),
        ({"questions": [{"clause": "9", "quote": "letters, etc.", "question": "Which?"}]}, ["open-question", "catch-all-wording"]),
        ({"questions": [{"clause": "1", "quote": "letters", "question": "Which?"}]}, ["open-question", "catch-all-wording"]),
    ],
)
def test_a_question_about_the_same_words_of_a_clause_settles_them(
    settled: dict[str, Any], found_then: list[str], tmp_path: Path
) -> None:
    purposes = {"shipping": {"clause": "1", "quote": "to ship parcels, letters, etc."}}
    path = a_folder(tmp_path, QUIET | {"purposes": purposes} | settled, prose=PROSES["catch-all-wording"])

    assert [finding.slug for finding in lint(path)] == found_then


@pytest.mark.parametrize(
    ("name", "is_vague"),
    [
        ("other_purposes", True),
        ("improve_user_experience", True),
        ("it_security", False),
        ("legitimate_interests", True),
        ("improve_convenience", False),
        ("provide_service", False),
        ("send_marketing_email", False),
    ],
)
def test_a_purpose_is_vague_where_each_of_its_words_is(name: str, is_vague: bool, tmp_path: Path) -> None:
    path = a_folder(tmp_path, QUIET | {"purposes": {"shipping": {}, name: {"parent": "shipping"}}})

    assert [finding.slug for finding in lint(path)] == ["vague-purpose"] * is_vague


@given(documents())
def test_whatever_a_policy_says_lint_answers_with_findings_of_known_rules(document: dict[str, Any]) -> None:
    with TemporaryDirectory() as folder:
        findings = list(lint(a_folder(Path(folder), document, prose="x")))

    assert {finding.slug for finding in findings} <= {rule.slug for rule in rules()}


@given(cases())
def test_what_is_called_idle_or_repeated_can_go_and_every_use_is_decided_as_before(case: Case) -> None:
    document, _, contexts = case
    for section, index in _superfluous(document):
        lesser = _without(document, section, index)

        assert _permitted(lesser, contexts) == _permitted(document, contexts)


@given(documents())
def test_a_rule_is_called_idle_just_where_it_alone_permits_nothing(document: dict[str, Any]) -> None:
    header = {key: value for key, value in document["policy"].items() if key != "effective"}
    document = document | {"policy": header, "objections": {}}
    everything = [{"shown": [*document["conditions"]], "objections": [], "consulted": False, "registered": False}]
    nothing = document | {"provisions": [], "exceptions": []}
    alone = _permitted(nothing, everything)

    expected = {
        (section, index)
        for section in ("provisions", "exceptions")
        for index, entry in enumerate(document[section])
        if _permitted(nothing | {section: [entry]}, everything) == alone
    }

    assert {each for each in _superfluous(document, IDLE) if each[0] != "uses"} == expected


def _superfluous(document: dict[str, Any], slugs: frozenset[str] = SUPERFLUOUS) -> list[tuple[str, int]]:
    with TemporaryDirectory() as folder:
        path = a_folder(Path(folder), document, prose="x")
        policy = load(path)
        places = {policy.place(section, index): (section, index) for section in RULES for index in range(len(document[section]))}
        return [places[finding.location] for finding in lint(path) if finding.slug in slugs]


def _without(document: dict[str, Any], section: str, index: int) -> dict[str, Any]:
    lesser = document | {section: [entry for at, entry in enumerate(document[section]) if at != index]}
    clauses = {entry["clause"] for each in RULES for entry in lesser[each]}
    objections = {
        name: entry | {"exempt": [clause for clause in entry["exempt"] if clause in clauses]}
        for name, entry in document["objections"].items()
    }
    return lesser | {"objections": objections}


def _permitted(document: dict[str, Any], contexts: list[dict[str, Any]]) -> list[tuple[Use, int]]:
    """Give every permitted use of the declared names and of instances, through no channel or one, in each context."""
    engine = Engine(a_policy(document))
    recipients = [each for name in document["recipients"] for each in (name, f"{name}/x1")]
    uses = [
        Use(category, purpose, recipient, "s1", channel)
        for category in document["categories"]
        for purpose in document["purposes"]
        for recipient in recipients
        for channel in (None, "post")
    ]
    return [
        (use, at)
        for at, known in enumerate(contexts)
        for context in [
            a_context(known["shown"], known["objections"], consulted=known["consulted"], registered=known["registered"])
        ]
        for use in uses
        if engine.decide(use, context)
    ]


def _context(known: dict[str, Any]) -> Context:
    return a_context(known["shown"], known["objections"], consulted=known["consulted"], registered=known["registered"])
