"""The reader: what it refuses, where it says so, and that a hostile file costs no more than an honest one."""

from __future__ import annotations

import gc
import json
from typing import Any

import pytest
from builders import SHIPPED, a_document, a_policy, a_provision, a_use_clause, an_objection, as_yaml
from hostile import HARMLESS, HEAD, HOSTILE, measured

from purposegate import Engine, PolicyError, Severity
from purposegate.policy.reader import Reading, read

PARSERS = pytest.mark.parametrize("pure", [False, True], ids=["libyaml", "pure"])


def slugs(reading: Reading) -> list[str]:
    return [finding.slug for finding in reading.findings]


def places(reading: Reading) -> list[tuple[str, int, int]]:
    return [(each.slug, each.location.line, each.location.column) for each in reading.findings if each.location]


@PARSERS
def test_the_shipped_policy_reads_the_same_with_either_parser(pure: bool) -> None:
    reading = read(SHIPPED.read_bytes(), "p.yaml", pure=pure)
    other = read(SHIPPED.read_bytes(), "p.yaml", pure=not pure)

    assert reading.findings == ()
    assert reading.policy is not None
    assert other.policy is not None
    assert reading.document == other.document
    assert reading.policy.places == other.policy.places


REFUSED: list[tuple[str, bytes, list[tuple[str, int, int]]]] = [
    ("a duplicate key", b"a: {}\na: {}\n", [("duplicate-key", 5, 1), ("unknown-key", 4, 1)]),
    ("an anchor", b"uses: &x []\n", [("anchor", 4, 7)]),
    ("an alias", b"uses: &x []\nprovisions: *x\n", [("anchor", 4, 7), ("alias", 5, 13), ("wrong-value", 5, 13)]),
    ("a merge key", b"categories: {<<: {}}\n", [("merge-key", 4, 14)]),
    ("a tag", b"uses: !!seq []\n", [("tag", 4, 7)]),
    ("a tag of its own", b"uses: ! []\n", [("tag", 4, 7)]),
    ("a python tag", b"title: !!python/object/apply:os.system [x]\n", [("unknown-key", 4, 1), ("tag", 4, 8)]),
    ("a second document", b"---\na: 1\n", [("several-documents", 4, 1)]),
    ("a gap", b"channels:\n", [("nothing-here", 4, 1)]),
    ("a gap in a list", b"never: [{data: any}, ]\nuses:\n  -\n", [("missing-key", 4, 9)] * 3 + [("nothing-here", 6, 4)]),
    ("a list for a key", b"[a]: 1\n", [("key", 4, 1)]),
    ("a missing bracket", b"uses: [\n", [("not-yaml", 5, 1)]),
    ("a tab", b"uses: []\t# x\n", [("tab", 4, 9)]),
    ("a key that only one parser ends before its bracket", b"channels: {post:{}}\n", [("not-yaml", 4, 16)]),
    ("a question mark that only one parser takes for text", b"channels: {post: {reading: a?b}}\n", [("not-yaml", 4, 29)]),
    ("an escaped control character", b'channels: {a: {quote: "x\\0y"}}\n', [("control-character", 4, 23)]),
    ("an escaped override of the direction of text", b'channels: {a: {quote: "\\u202e"}}\n', [("control-character", 4, 23)]),
    ("a mapping where a list stands", b"uses: {}\n", [("wrong-value", 4, 7)]),
    ("a list in a list", b"uses: [[]]\n", [("wrong-value", 4, 8)]),
    (
        "a list of lists of names",
        b"never: [{data: [[a]], purposes: any, recipients: any, unless: []}]\n",
        [("wrong-value", 4, 16), ("wrong-value", 4, 17)],
    ),
]


@PARSERS
@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_it_is_refused_at_its_place(text: bytes, expected: list[tuple[str, int, int]], pure: bool) -> None:
    reading = read(HEAD.encode() + text, "shop.yaml", pure=pure)

    assert sorted(places(reading)) == sorted(expected)
    assert reading.policy is None


@PARSERS
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ("empty", 1, 1)),
        (b"\n# nothing\n", ("empty", 1, 1)),
        (b"null\n", ("not-a-policy", 1, 1)),
        (b"- a\n", ("not-a-policy", 1, 1)),
        (b"a: \xff\n", ("not-utf-8", 1, 4)),
        (b"\xff\xfea\x00", ("not-utf-8", 1, 1)),
        (b"a: b\nc: \x00\n", ("control-character", 2, 4)),
        (b"a: \x1b[31m\n", ("control-character", 1, 4)),
        (b"a: b\xef\xbb\xbf\n", ("control-character", 1, 5)),
        ("a: b\u2028c\n".encode(), ("control-character", 1, 5)),
        ("a: \u202eb\n".encode(), ("control-character", 1, 4)),
        ("a: pho\u00adne\n".encode(), ("control-character", 1, 7)),
        ("a: \u3164\n".encode(), ("control-character", 1, 4)),
        ("a: \U000e0041\n".encode(), ("control-character", 1, 4)),
        ("a: \U0001ffff\n".encode(), ("control-character", 1, 4)),
        (b"a: 1\n%YAML 1.2\n", ("directive", 2, 1)),
        (b"[" * 33 + b"]" * 33, ("nesting", 1, 33)),
        (b"a: " * 40, ("not-yaml", 1, 5)),
        (b"#" * (16 * 1024 * 1024 + 1), ("too-large", 1, 1)),
    ],
    ids=range(19),
)
def test_what_is_no_policy_at_all_is_one_finding(data: bytes, expected: tuple[str, int, int], pure: bool) -> None:
    assert places(read(data, "shop.yaml", pure=pure)) == [expected]


def test_a_byte_order_mark_at_the_beginning_is_no_part_of_the_text() -> None:
    assert read(b"\xef\xbb\xbf" + as_yaml(a_document()), "shop.yaml").policy is not None


@PARSERS
@pytest.mark.parametrize("text", ["no", "on", "1e3", "2020-03-09", "3.10", "0123", "12:30", "1_000", "null", "true", "~", ".inf"])
def test_text_stays_the_text_that_was_typed(text: str, pure: bool) -> None:
    """A name or a clause is read by the type that its place asks for, not by how YAML would take it."""
    policy = HEAD.replace("revision: 1", f"revision: {text}") + f"channels: {{post: {{clause: {text}}}}}\n"

    reading = read(policy.encode(), "shop.yaml", pure=pure)

    assert reading.policy is not None
    assert reading.policy.revision == text
    assert reading.document is not None
    assert reading.document.channels["post"].clause == text


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"purposegate": 2}, "expected format version 1"),
        ({"purposegate": "1"}, "expected format version 1"),
        ({"policy": {"effective": "2020-13-01"}}, "expected a day, as 2020-03-09"),
        ({"policy": {"prose": "../../secrets"}}, "the prose is a file beside the policy, named without a folder"),
        ({"uses": [a_use_clause(provision_only="yes")]}, "expected `true` or `false`"),
        ({"uses": [a_use_clause(provision_only="true")]}, "expected `true` or `false`"),
        ({"uses": [a_use_clause(data="email_address")]}, "expected `any`, or a list, as `[name]`"),
        ({"uses": [a_use_clause(data=["any"])]}, "the data category `any` is not declared under `categories`"),
        ({"uses": [a_use_clause(data=[])]}, "the list is empty; a rule states what it covers"),
        ({"uses": [a_use_clause(purposes=["shiping"])]}, "the purpose `shiping` is not declared under `purposes`"),
        ({"uses": [a_use_clause(recipients=["shop"])]}, "unknown key `recipients`"),
        ({"uses": [a_use_clause(clause="")]}, "the text is empty"),
        ({"uses": [a_use_clause() | {"conditions": None}]}, "expected a list, as `[name]`"),
        ({"uses": [{key: value for key, value in a_use_clause().items() if key != "conditions"}]}, "`conditions` is missing"),
        ({"provisions": [a_provision(channels=["fax"])]}, "the channel `fax` is not declared under `channels`"),
        ({"provisions": [a_provision(channels=[])]}, "the list is empty; a rule states what it covers"),
        ({"provisions": [a_provision(recipients=["carrier/ups"])]}, "the recipient is not declared under `recipients`"),
        ({"provisions": [a_provision(**{"except": {"data": ["name"]}})]}, "the data category `name` is not declared under"),
        ({"uses": [a_use_clause(**{"except": {"recipients": ["shop"]}})]}, "a use clause has no recipients to except"),
        (
            {"categories": {"email_address": {}, "a": {"parent": "b"}, "b": {"parent": "a"}}},
            "a name lies under itself: `a` > `b` > `a`",
        ),
        ({"categories": {"email_address": {"parent": "email_address"}}}, "a name lies under itself"),
        ({"categories": {"email_address": {"parent": ["nothing"]}}}, "the parent `nothing` is not declared under `categories`"),
        ({"categories": {"email_address": {}, "Name": {}}}, "a name is lower-case letters, digits and `_`"),
        ({"categories": {"email_address": {}, "a b": {}}}, "a name is lower-case letters, digits and `_`"),
        ({"categories": {"email_address": {}, "名前": {}}}, "a name is lower-case letters, digits and `_`"),
        ({"purposes": {"shipping": {"parent": ["shipping"]}}}, "expected text"),
        ({"recipients": {"shop": {"role": "controller"}, "carrier": {}}}, "a recipient has either a role"),
        (
            {"recipients": {"shop": {"role": "controller"}, "carrier": {"role": "third_party", "parent": "shop"}}},
            "a recipient has either a role",
        ),
        (
            {"recipients": {"shop": {"role": "controler"}, "carrier": {"role": "third_party"}}},
            "expected 'controller', 'processor'",
        ),
        (
            {"recipients": {"shop": {"role": "controller"}, "carrier": {"role": "controller"}}},
            "the controller, and nothing else, has `role: controller`",
        ),
        ({"policy": {"controller": "carrier"}}, "the controller, and nothing else, has `role: controller`"),
        ({"conditions": {"agreed": {"shown_by": "caller"}}}, "expected 'consent', 'claim', 'agreement' or 'fact'"),
        ({"objections": {"stop": an_objection(exempt=["1(2)"])}}, "no rule cites the clause that is exempt"),
        ({"objections": {"stop": an_objection(**{"except": {}})}}, "unknown key `except`"),
        ({"never": [{"data": "any", "purposes": "any", "recipients": "any"}]}, "`unless` is missing"),
        (
            {
                "amendments": {
                    "clause": "9",
                    "quote": "x",
                    "window": "one week",
                    "silence": "accepts",
                    "time_zone": "Asia/Tokyo",
                }
            },
            "expected a number of days or weeks",
        ),
        (
            {"amendments": {"clause": "9", "quote": "x", "window": "P7D", "silence": "accepts", "time_zone": "Nowhere"}},
            "expected an IANA time zone",
        ),
        (
            {"amendments": {"clause": "9", "quote": "x", "window": "P7D", "silence": "yes", "time_zone": "UTC"}},
            "expected 'accepts' or 'never'",
        ),
        ({"granted": "everything"}, "unknown key `granted`"),
        ({"uses": [a_use_clause(clause="1\n2")]}, "expected text in one line"),
        ({"policy": {"revision": "1\nrevision 2"}}, "expected text in one line"),
        ({"categories": {"email_address": {}, "any": {}}}, "`any` is what covers everything, and no name"),
        ({"policy": {"effective": "0001-01-01"}}, "expected a day, as 2020-03-09"),
        ({"policy": {"effective": "9999-12-31"}}, "expected a day, as 2020-03-09"),
        (
            {"amendments": {"clause": "9", "quote": "x", "window": "P7D", "silence": "never", "time_zone": "localtime"}},
            "expected an IANA time zone",
        ),
        (
            {
                "categories": {"email_address": {}, "c0": {}}
                | {f"c{number}": {"parent": f"c{number - 1}"} for number in range(1, 33)},
            },
            "more than 32 names lie one under the other",
        ),
    ],
)
def test_what_the_format_does_not_know_is_refused(parts: dict[str, Any], message: str) -> None:
    reading = read(as_yaml(a_document(**parts)), "shop.yaml")

    assert reading.policy is None
    assert any(finding.message.startswith(message) for finding in reading.findings), slugs(reading)


def test_every_mistake_is_found_at_once() -> None:
    text = HEAD + "uses:\n  - {clause: 1, quote: x, purpose: [p], data: [q], conditions: []}\nprovisons: []\nchannels: {A: {}}\n"

    reading = read(text.encode(), "shop.yaml")

    assert places(reading) == [
        ("missing-key", 5, 5),
        ("unknown-key", 5, 27),
        ("undeclared-name", 5, 48),
        ("unknown-key", 6, 1),
        ("malformed-name", 7, 12),
    ]


def test_a_finding_reads_like_a_compilers() -> None:
    reading = read((HEAD + "provisons: []\n").encode(), "shop.yaml")

    assert str(reading.findings[0]) == (
        "shop.yaml:4:1: error[unknown-key] unknown key `provisons`\n"
        "  4 | provisons: []\n"
        "    | ^\n"
        "  help: did you mean `provisions`?"
    )


@pytest.mark.parametrize(
    ("one", "other"), [("bill_id", "bi11_id"), ("info_o", "info_0"), ("modern", "modem"), ("user_name", "user__name")]
)
def test_names_that_a_reader_would_confuse_are_a_warning(one: str, other: str) -> None:
    reading = read(as_yaml(a_document(categories={"email_address": {}, one: {}, other: {}})), "shop.yaml")

    assert [(finding.slug, finding.severity) for finding in reading.findings] == [("confusable-names", Severity.WARNING)]
    assert reading.policy is not None


def test_a_never_that_the_rules_could_permit_is_refused_when_the_policy_is_compiled() -> None:
    never = {"data": ["email_address"], "purposes": "any", "recipients": ["carrier"], "unless": ["consent"]}
    conditions = {"consent": {"shown_by": "consent"}, "agreed": {"shown_by": "agreement"}}

    with pytest.raises(PolicyError) as caught:
        Engine(a_policy(never=[never], conditions=conditions, provisions=[a_provision(conditions=["agreed"])]))
    Engine(a_policy(never=[never], conditions=conditions, provisions=[a_provision(conditions=["consent"])]))

    finding = caught.value.findings[0]
    assert (finding.slug, finding.message) == ("never", "the policy could permit `email_address`, `shipping` and `carrier/x`")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_findings_and_in_bounded_memory(name: str) -> None:
    """Never a traceback, at most 200 MiB; what it costs in time is measured by the benchmark."""
    text = HOSTILE[name]
    assert len(text) < 1.05 * 2**20

    cost = measured(text)

    assert cost.mebibytes <= 200
    assert (cost.findings == 0) == (name in HARMLESS)
    assert cost.findings <= 1_001


def test_the_findings_of_a_policy_are_plain_data() -> None:
    finding = read((HEAD + "provisons: []\n").encode(), "shop.yaml").findings[0]

    assert json.loads(json.dumps(finding.as_dict())) == {
        "slug": "unknown-key",
        "severity": "error",
        "message": "unknown key `provisons`",
        "path": "shop.yaml",
        "line": 4,
        "column": 1,
        "help": "did you mean `provisions`?",
        "related": [],
    }


@pytest.mark.parametrize("collecting", [True, False])
@pytest.mark.parametrize("data", [b"purposegate: 1", b"[" * 50, b"\xff", HOSTILE["empty rules"].encode()])
def test_the_garbage_collector_is_left_as_it_was(collecting: bool, data: bytes) -> None:
    try:
        if not collecting:
            gc.disable()
        read(data, "p.yaml")
        assert gc.isenabled() is collecting
    finally:
        gc.enable()
