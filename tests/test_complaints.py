"""What the reader says of a mistake: the whole finding, its place and what would help, whichever parser read the file."""

from __future__ import annotations

import pytest
from builders import a_document, a_provision, a_use_clause, as_yaml

from purposegate import Finding, Severity
from purposegate.policy.reader import read

PARSERS = pytest.mark.parametrize("pure", [False, True], ids=["libyaml", "pure"])
HEAD = """\
purposegate: 1
policy: {id: shop, title: Privacy, controller: shop, revision: 1, contact: us, prose: shop.txt}
recipients: {shop: {role: controller}}
purposes: {shipping: {}}
"""
RULE = "uses:\n  - clause: 1\n    quote: x\n    purposes: any\n"


def findings(text: str, *, pure: bool = False) -> list[str]:
    """Read what stands after the head, which takes four lines; give findings without their excerpts."""
    found = read((HEAD + text).encode(), "shop.yaml", pure=pure).findings
    return [
        "\n".join(line for line in str(finding).splitlines() if not line.startswith("  ") or "help" in line) for finding in found
    ]


@PARSERS
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            RULE + "    data: any\n    conditions: []\n    except: {dta: [shipping]}\n",
            ["shop.yaml:11:14: error[unknown-key] unknown key `dta`\n  help: did you mean `data`?"],
        ),
        (
            RULE + "    data: any\n    conditions: []\n    except: {zzzzzz: [shipping]}\n",
            ["shop.yaml:11:14: error[unknown-key] unknown key `zzzzzz`\n  help: known here: `data`, `purposes` and `recipients`"],
        ),
        (
            "amendments:\n  clause: 9\n  quote: x\n  window: P7D\n  silence: never\n",
            ["shop.yaml:6:3: error[missing-key] `time_zone` is missing\n  help: An IANA time zone: where the policy's days begin."],
        ),
        (
            RULE + "    data: any\n",
            ["shop.yaml:6:5: error[missing-key] `conditions` is missing\n  help: All of them must be shown; `[]` for none."],
        ),
        (
            "channels:\n  post: {zzzzzz: 1}\n",
            ["shop.yaml:6:10: error[unknown-key] unknown key `zzzzzz`\n  help: known here: `clause`, `quote` and `reading`"],
        ),
        (
            RULE + "    data: any\n    conditions: [{a: 1}]\n",
            ["shop.yaml:10:18: error[wrong-value] expected text"],
        ),
        (
            RULE + "    conditions: []\n    data: [{a: 1}]\n",
            ["shop.yaml:10:12: error[wrong-value] expected text"],
        ),
        (
            RULE + "    conditions: []\n    data: any\n    reading: [x]\n",
            ["shop.yaml:11:14: error[wrong-value] expected text"],
        ),
        (
            RULE + "    conditions: []\n    data: []\n",
            ["shop.yaml:10:11: error[wrong-value] the list is empty; a rule states what it covers"],
        ),
        (
            RULE + "    conditions: []\n    data: any\n    except: 7\n",
            ["shop.yaml:11:13: error[wrong-value] expected a mapping"],
        ),
        (
            "never: [{data: any, purposes: [shiping], recipients: any, unless: []}]\n",
            [
                (
                    "shop.yaml:5:32: error[undeclared-name] the purpose `shiping` is not declared under `purposes`\n"
                    "  help: did you mean `shipping`?"
                )
            ],
        ),
        (
            "never: [{data: any, purposes: [raffle], recipients: any, unless: []}]\n",
            [
                (
                    "shop.yaml:5:32: error[undeclared-name] the purpose `raffle` is not declared under `purposes`\n"
                    "  help: declared there: `shipping`"
                )
            ],
        ),
        (
            "never: [{data: [age], purposes: any, recipients: any, unless: []}]\n",
            ["shop.yaml:5:17: error[undeclared-name] the data category `age` is not declared under `categories`"],
        ),
        (
            "never: [{data: any, purposes: [any], recipients: [shop/x], unless: []}]\n",
            [
                (
                    "shop.yaml:5:32: error[undeclared-name] the purpose `any` is not declared under `purposes`\n"
                    "  help: what covers everything says `any` without brackets"
                ),
                (
                    "shop.yaml:5:51: error[undeclared-name] the recipient is not declared under `recipients`\n"
                    "  help: a policy names classes; an instance, as `class/id`, is named by the use"
                ),
            ],
        ),
        (
            '"a\\nb": 1\n',
            ["shop.yaml:5:1: error[unknown-key] unknown key `a\ufffdb`"],
        ),
        (
            "b: 1\nchannels: {A: {}}\na: 1\n",
            [
                "shop.yaml:5:1: error[unknown-key] unknown key `b`",
                "shop.yaml:6:12: error[malformed-name] a name is lower-case letters, digits and `_`, beginning with a letter",
                "shop.yaml:7:1: error[unknown-key] unknown key `a`",
            ],
        ),
        (
            "channels: {B: {}, A: {}}\n",
            [
                "shop.yaml:5:12: error[malformed-name] a name is lower-case letters, digits and `_`, beginning with a letter",
                "shop.yaml:5:19: error[malformed-name] a name is lower-case letters, digits and `_`, beginning with a letter",
            ],
        ),
    ],
)
def test_a_mistake_is_told_at_its_place_with_what_would_help(text: str, expected: list[str], pure: bool) -> None:
    told = findings(text, pure=pure)

    assert [line.split("\n  help: known here: `purposegate`")[0] for line in told] == expected


def test_what_needs_no_help_has_none() -> None:
    [finding] = read((HEAD + RULE + "    data: 7\n    conditions: []\n").encode(), "shop.yaml").findings

    assert (finding.message, finding.help) == ("expected `any`, or a list, as `[name]`", None)


@pytest.mark.parametrize("data", [b"not: [utf-8 \xff", b"x: \x07", "x: \U000e0041".encode(), b"[" * 40])
def test_a_file_that_is_none_is_named_in_what_is_said_of_it(data: bytes) -> None:
    [finding] = read(data, "folder/shop.yaml").findings

    assert finding.location is not None
    assert finding.location.path == "folder/shop.yaml"
    assert finding.excerpt is not None
    shown = "".join("\ufffd" if letter in "\x07\U000e0041" else letter for letter in data.decode(errors="replace"))
    assert finding.excerpt.splitlines()[0] == f"  1 | {shown}"


def undeclared(count: int, **parts: object) -> tuple[Finding, ...]:
    never = {"data": [f"nam{number:04}" for number in range(count)], "purposes": "any", "recipients": "any", "unless": []}
    return read(as_yaml(a_document(never=[never], **parts)), "shop.yaml").findings


@pytest.mark.parametrize(("declared", "told"), [(1, True), (12, True), (13, False)])
def test_a_few_declared_names_are_told_where_none_is_like_the_wrong_one(declared: int, told: bool) -> None:
    names = ["email_address", *(f"zzzzzzzzzzzz{number}" for number in range(1, declared))]
    categories: dict[str, object] = {name: {} for name in names}

    [finding] = undeclared(1, categories=categories)

    assert (finding.help is not None) is told
    assert not told or finding.help == "declared there: " + (
        "`email_address`"
        if declared == 1
        else ", ".join(f"`{name}`" for name in list(categories)[:-1]) + f" and `{list(categories)[-1]}`"
    )


def test_names_too_long_to_be_any_are_not_suggested() -> None:
    fits, long = "n" * 100, "n" * 101
    findings_ = read(
        as_yaml(
            a_document(
                categories={"email_address": {}, fits: {}, long: {}},
                never=[{"data": ["n" * 99], "purposes": "any", "recipients": "any", "unless": []}],
            )
        ),
        "shop.yaml",
    ).findings

    assert [finding.help for finding in findings_ if finding.slug == "undeclared-name"] == [f"did you mean `{fits}`?"]
    assert [finding.slug for finding in findings_] == ["malformed-name", "undeclared-name"]


def test_suggestions_end_after_twenty_and_complaints_do_not() -> None:
    told = undeclared(25, categories={"email_address": {}, "nam": {}})

    assert [finding.help is not None for finding in told] == [True] * 20 + [False] * 5


@pytest.mark.parametrize(
    ("count", "slugs"), [(999, ["undeclared-name"] * 999), (1_000, ["undeclared-name"] * 1_000 + ["too-many"])]
)
def test_a_reading_stops_at_a_thousand_findings_and_says_where(count: int, slugs: list[str]) -> None:
    told = undeclared(count, categories={"email_address": {}})

    assert [finding.slug for finding in told] == slugs
    if count == 1_000:
        assert told[-1].message == "the reading stopped after 1000 findings"
        assert told[-1].severity is Severity.ERROR
        assert told[-1].location == told[-2].location


def test_every_section_keeps_the_places_of_its_entries() -> None:
    text = HEAD + "channels:\n  post: {}\nuses:\n  - {clause: 1, quote: x, purposes: any, data: any, conditions: []}\n"
    text += "never: []\nquestions:\n  - {clause: 1, quote: x, question: y}\n"
    policy = read(text.encode(), "shop.yaml").policy

    assert policy is not None
    assert [
        str(policy.place(*entry)) for entry in (("channels", "post"), ("uses", 0), ("questions", 0), ("recipients", "shop"))
    ] == [
        "shop.yaml:6:3",
        "shop.yaml:8:5",
        "shop.yaml:11:5",
        "shop.yaml:3:14",
    ]
    assert policy.place("uses", 1) is None
    assert policy.place("channels", "fax") is None
    assert policy.place("nowhere", 0) is None


def test_rules_of_each_kind_keep_their_own_places() -> None:
    parts = {"uses": [a_use_clause(), a_use_clause()], "provisions": [a_provision()], "exceptions": [a_provision(), a_provision()]}
    policy = read(as_yaml(a_document(**parts)), "shop.yaml").policy

    assert policy is not None
    places = [policy.place(section, index) for section in parts for index in range(len(parts[section]))]
    assert None not in places
    assert places == sorted(places, key=lambda place: place.column if place else 0)
    assert len(set(places)) == 5


def exempting(*clauses: str, cited: tuple[str, ...] = ("4(2)",)) -> list[str | None]:
    """Give the help for each clause that is exempt and that no rule cites."""
    parts = {"uses": [a_use_clause(clause=clause) for clause in cited], "provisions": []}
    objection = {"clause": "6", "quote": "x", "data": "any", "purposes": "any", "recipients": "any", "exempt": list(clauses)}
    found = read(as_yaml(a_document(objections={"stop": objection}, **parts)), "shop.yaml").findings
    assert {finding.message for finding in found} == {"no rule cites the clause that is exempt"}
    return [finding.help for finding in found]


def test_a_clause_like_one_that_is_cited_is_suggested_and_long_ones_are_not() -> None:
    fits = "c" * 100

    assert exempting("4(2)A") == ["did you mean `4(2)`?"]
    assert exempting("c" * 99, cited=(fits, "c" * 101)) == [f"did you mean `{fits}`?"]
    assert exempting(*(f"4(2){number}" for number in range(30))) == ["did you mean `4(2)`?"] * 20 + [None] * 10
