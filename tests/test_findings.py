"""What a finding is, and which of them a reading gives: each with its kind, its words, its line and what would help."""

from __future__ import annotations

import gc
import hashlib

import pytest
from builders import a_document, a_use_clause, as_yaml, complained

from purposegate import Finding, Location, Severity
from purposegate.findings import Related, closest, did_you_mean, excerpt, listed, shortened
from purposegate.policy.reader import read

PLACE = Location("shop.yaml", 3, 5)
FIRST = Location("shop.yaml", 1, 2)


def test_a_finding_names_its_place_its_severity_and_its_kind_then_shows_the_line_and_helps() -> None:
    finding = Finding("tab", Severity.WARNING, "no tabs", PLACE, excerpt("a: b c", PLACE), "write spaces")

    assert str(finding).splitlines() == [
        "shop.yaml:3:5: warning[tab] no tabs",
        "  3 | a: b c",
        "    |     ^",
        "  help: write spaces",
    ]


def test_a_finding_without_a_place_says_only_what_is_wrong() -> None:
    assert str(Finding("tab", Severity.NOTE, "no tabs", None, "  3 | a: b c", None)) == "note[tab] no tabs"


def test_a_finding_without_an_excerpt_is_one_line() -> None:
    assert str(Finding("too-large", Severity.ERROR, "too large", PLACE)) == "shop.yaml:3:5: error[too-large] too large"


def test_a_finding_without_a_place_is_plain_data_too() -> None:
    assert Finding("tab", Severity.NOTE, "no tabs").as_dict() == {
        "slug": "tab",
        "severity": "note",
        "message": "no tabs",
        "path": None,
        "line": None,
        "column": None,
        "help": None,
        "related": [],
    }


def test_a_finding_tells_of_the_other_places_that_it_has_to_do_with() -> None:
    finding = Finding("twice", Severity.ERROR, "said twice", PLACE, help="say it once", related=(Related(FIRST, "said here"),))

    assert str(finding).splitlines() == [
        "shop.yaml:3:5: error[twice] said twice",
        "  see: shop.yaml:1:2: said here",
        "  help: say it once",
    ]
    assert finding.as_dict()["related"] == [{"message": "said here", "path": "shop.yaml", "line": 1, "column": 2}]


def test_a_severity_is_at_least_itself_and_what_is_milder() -> None:
    worse = [(one, other) for one in Severity for other in Severity if one.at_least(other)]

    assert worse == [
        (Severity.ERROR, Severity.ERROR),
        (Severity.ERROR, Severity.WARNING),
        (Severity.ERROR, Severity.NOTE),
        (Severity.WARNING, Severity.WARNING),
        (Severity.WARNING, Severity.NOTE),
        (Severity.NOTE, Severity.NOTE),
    ]


def test_places_stand_in_the_order_of_their_file() -> None:
    places = [Location("a.yaml", 10, 1), Location("a.yaml", 9, 12), Location("a.yaml", 9, 2), Location("b.yaml", 1, 1)]

    assert sorted(places) == [places[2], places[1], places[0], places[3]]


@pytest.mark.parametrize(("at", "line", "column"), [(0, 1, 1), (7, 1, 8), (4 << 32, 5, 1), (4 << 32 | 7, 5, 8)])
def test_a_packed_position_counts_from_nothing_and_a_place_from_one(at: int, line: int, column: int) -> None:
    assert Location.unpacked("shop.yaml", at) == Location("shop.yaml", line, column)


@pytest.mark.parametrize(
    ("column", "shown", "caret"),
    [
        (1, "0123456789" * 10, 0),
        (51, "0123456789" * 10, 50),
        (52, "1234567890" * 10, 50),
        (160, "9" + "0123456789" * 5, 50),
    ],
)
def test_of_a_long_line_what_surrounds_the_place_is_shown(column: int, shown: str, caret: int) -> None:
    assert excerpt("0123456789" * 16, Location("shop.yaml", 12, column)).splitlines() == [
        f"  12 | {shown}",
        f"     | {' ' * caret}^",
    ]


def test_an_excerpt_shows_a_tab_as_a_space_and_no_blanks_at_the_end() -> None:
    assert excerpt("a:\tb   ", Location("shop.yaml", 1, 3)) == "  1 | a: b\n    |   ^"


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["a"], "`a`"),
        (["a", "b"], "`a` or `b`"),
        (["a", "b", "c"], "`a`, `b` or `c`"),
    ],
)
def test_names_are_listed_as_people_do(names: list[str], text: str) -> None:
    assert listed(names, "or") == text
    assert listed(names) == text.replace(" or ", " and ")


def test_the_names_that_are_most_alike_are_suggested_best_first_and_three_at_most() -> None:
    names = ["purpose_b", "xxxxxxx", "purposed", "purpose", "purposes"]

    assert closest("purposes", names) == ("purposes", "purpose", "purposed")
    assert did_you_mean("purpos", ["purpose"]) == "did you mean `purpose`?"
    assert did_you_mean("raffle", names) is None


def test_a_name_of_another_length_is_not_suggested() -> None:
    name = "n" * 20

    assert [length for length in range(30) if closest(name, ["n" * length])] == [17, 18, 19, 20, 21, 22, 23]


def test_a_suggestion_looks_at_a_hundred_names_that_could_be_meant() -> None:
    others = [f"zz{number:04}" for number in range(100)]

    assert closest("carier", ["a" * 40, *others[:99], "carrier"]) == ("carrier",)
    assert closest("carier", [*others, "carrier"]) == ()


@pytest.mark.parametrize(
    ("text", "shown"), [("a" * 60, "a" * 60), ("a" * 61, "a" * 60 + " …"), ("a" * 55 + " " * 9, "a" * 55 + " …")]
)
def test_a_text_is_cut_where_it_is_longer_than_a_message_wants(text: str, shown: str) -> None:
    assert shortened(text) == shown


POLICY = """\
policy:
  id: shop
  title: Privacy
  controller: shop
  revision: 1
  contact: us
  prose: shop.txt
"""
SHOP = "recipients:\n  shop: {role: controller}\n"
HEAD = "purposegate: 1\n" + POLICY + SHOP
RULE = "uses:\n  - clause: 1\n    quote: x\n    data: any\n    purposes: any\n    conditions: []\n"
OBJECTION = (
    "objections:\n  stop:\n    clause: 6\n    quote: x\n    data: any\n    purposes: any\n    recipients: any\n    exempt: []\n"
)
AMENDMENTS = "amendments:\n  clause: 9\n  quote: x\n  window: P7D\n  silence: never\n  time_zone: UTC\n"
LISTED = "expected `any`, or a list, as `[name]`"
SECTIONS = (
    "`purposegate`, `policy`, `categories`, `purposes`, `recipients`, `channels`, `conditions`, `uses`, `provisions`, "
    "`exceptions`, `objections`, `amendments`, `never`, `unenforced` and `questions`"
)
RULES = "`clause`, `quote`, `purposes`, `data`, `conditions`, `reading`, `except` and `provision_only`"


def shown(text: str, complaint: str, help_: str | None = None) -> tuple[str, str]:
    return complained(text, f"error[{complaint}", help_)


WHOLE: dict[str, tuple[str, str]] = {
    "no header": shown(
        "^purposegate: 1\n" + SHOP, "missing-key] `policy` is missing", "Who promises what, and where the published text stands."
    ),
    "no version": shown("^" + POLICY + SHOP, "missing-key] `purposegate` is missing", "The version of the format."),
    "another version": shown("purposegate: ^2\n" + POLICY + SHOP, "wrong-value] expected format version 1"),
    "a header that is text": shown("purposegate: 1\npolicy: ^shop\n" + SHOP, "wrong-value] expected a mapping"),
    "a header without a title": shown(
        HEAD.replace("  title: Privacy\n", "").replace("  id", "  ^id"),
        "missing-key] `title` is missing",
        "The policy's title, for people.",
    ),
    "a header with a key of another section": shown(
        HEAD.replace("  contact", "  ^quote: x\n  contact"),
        "unknown-key] unknown key `quote`",
        "known here: `id`, `title`, `controller`, `revision`, `effective`, `contact` and `prose`",
    ),
    "a misspelt key of the header": shown(
        HEAD.replace("  contact", "  ^efective: 2020-03-09\n  contact"),
        "unknown-key] unknown key `efective`",
        "did you mean `effective`?",
    ),
    "a section that nobody knows": shown(HEAD + "^granted: x\n", "unknown-key] unknown key `granted`", f"known here: {SECTIONS}"),
    "a long key": shown(HEAD + f"^{'k' * 61}: x\n", f"unknown-key] unknown key `{'k' * 60} …`", f"known here: {SECTIONS}"),
    "a day that is none": shown(
        HEAD.replace("  contact", "  effective: ^2020\n  contact"), "wrong-value] expected a day, as 2020-03-09"
    ),
    "a section of names that is a list": shown(HEAD + "channels: ^[post]\n", "wrong-value] expected a mapping"),
    "a section of rules that is a mapping": shown(HEAD + "uses: ^{a: b}\n", "wrong-value] expected a list, as `[name]`"),
    "a section that is text": shown(HEAD + "never: ^x\n", "wrong-value] expected a list, as `[name]`"),
    "an entry that is text": shown(HEAD + "channels: {post: ^x}\n", "wrong-value] expected a mapping"),
    "a rule that is text": shown(HEAD + "uses: [^x]\n", "wrong-value] expected a mapping"),
    "a rule without a clause": shown(
        HEAD + RULE.replace("clause: 1\n    quote", "^quote"),
        "missing-key] `clause` is missing",
        "Where in the prose the rule comes from, as `4(2)B`.",
    ),
    "a rule with an unknown key": shown(
        HEAD + RULE + "    ^zzzzzz: x\n", "unknown-key] unknown key `zzzzzz`", f"known here: {RULES}"
    ),
    "a rule with a misspelt exception": shown(
        HEAD + RULE + "    ^excpt: {}\n", "unknown-key] unknown key `excpt`", "did you mean `except`?"
    ),
    "an exception by the name that it has in the code": shown(
        HEAD + RULE + "    ^exclusion: {}\n", "unknown-key] unknown key `exclusion`", f"known here: {RULES}"
    ),
    "a misspelt key of an exception": shown(
        HEAD + RULE + "    except: {^dta: []}\n", "unknown-key] unknown key `dta`", "did you mean `data`?"
    ),
    "an unknown key of an exception": shown(
        HEAD + RULE + "    except: {^conditions: []}\n",
        "unknown-key] unknown key `conditions`",
        "known here: `data`, `purposes` and `recipients`",
    ),
    "an exception of everything": shown(HEAD + RULE + "    except: {data: ^any}\n", "wrong-value] expected a list, as `[name]`"),
    "an exception to an objection": shown(
        HEAD + OBJECTION + "    ^except: {}\n", "unknown-key] unknown key `except`", "did you mean `exempt`?"
    ),
    "a misspelt key of the amendments": shown(
        HEAD + AMENDMENTS + "  ^timezone: UTC\n", "unknown-key] unknown key `timezone`", "did you mean `time_zone`?"
    ),
    "amendments without a window": shown(
        HEAD + AMENDMENTS.replace("  window: P7D\n", "").replace("  clause", "  ^clause"),
        "missing-key] `window` is missing",
        "How long a person may object after the notice, as `P7D`.",
    ),
    "a window that is none": shown(
        HEAD + AMENDMENTS.replace("P7D", "^7"), "wrong-value] expected a number of days or weeks, as `P7D` or `P1W`"
    ),
    "a silence of another kind": shown(HEAD + AMENDMENTS.replace("never", "^x"), "wrong-value] expected 'accepts' or 'never'"),
    "neither any nor a list": shown(HEAD + RULE.replace("data: any", "data: ^all"), f"wrong-value] {LISTED}"),
    "a mapping for a list": shown(HEAD + RULE.replace("data: any", "data: ^{a: b}"), "wrong-value] expected a list, as `[name]`"),
    "an empty list": shown(HEAD + RULE.replace("any", "^[]", 1), "wrong-value] the list is empty; a rule states what it covers"),
    "a mapping in a list of names": shown(HEAD + RULE.replace("[]", "[^{a: b}]"), "wrong-value] expected text"),
    "a list for a text": shown(HEAD + RULE.replace("quote: x", "quote: ^[x]"), "wrong-value] expected text"),
    "an empty text": shown(HEAD + RULE.replace("quote: x", "quote: ^''"), "wrong-value] the text is empty"),
    "two lines for one": shown(HEAD + RULE.replace("clause: 1", 'clause: ^"1\\n2"'), "wrong-value] expected text in one line"),
    "a truth value in quotation marks": shown(
        HEAD + RULE + "    provision_only: ^'true'\n", "wrong-value] expected `true` or `false`"
    ),
    "a role that is none": shown(
        HEAD + "  carrier: {role: ^carrier}\n",
        "wrong-value] expected 'controller', 'processor', 'joint_user', 'third_party' or 'data_subject'",
    ),
    "what nobody can show": shown(
        HEAD + "conditions: {agreed: {shown_by: ^caller}}\n", "wrong-value] expected 'consent', 'claim', 'agreement' or 'fact'"
    ),
    "a condition that nobody shows": shown(
        HEAD + "conditions: {agreed: ^{}}\n", "missing-key] `shown_by` is missing", "Who can establish it."
    ),
    "a gap in an entry": shown(
        HEAD + RULE.replace("quote: x", "^quote:"),
        "nothing-here] nothing is written here; leave the key out, or write `[]`, `{}` or a value",
    ),
    "a gap for an entry": shown(
        HEAD + "channels:\n  ^post:\n", "nothing-here] nothing is written here; leave the key out, or write `[]`, `{}` or a value"
    ),
    "a gap for a section": shown(
        HEAD + "^uses:\n", "nothing-here] nothing is written here; leave the key out, or write `[]`, `{}` or a value"
    ),
}


@pytest.mark.parametrize("pure", [False, True], ids=["libyaml", "pure"])
@pytest.mark.parametrize("name", WHOLE)
def test_a_mistake_is_one_finding_with_its_line_its_place_and_what_would_help(name: str, pure: bool) -> None:
    text, expected = WHOLE[name]

    reading = read(text.encode(), "shop.yaml", pure=pure)

    assert [str(finding) for finding in reading.findings] == [expected]
    assert (reading.policy, reading.document) == (None, None)
    assert reading.source is not None
    assert reading.source.text == text


def test_a_file_with_nothing_in_its_brackets_lacks_what_every_policy_has() -> None:
    """There is no place in it but the beginning."""
    assert [(each.message, each.location) for each in read(b"# shop\n{}", "shop.yaml").findings] == [
        ("`purposegate` is missing", Location("shop.yaml", 2, 1)),
        ("`policy` is missing", Location("shop.yaml", 2, 1)),
    ]


def test_findings_stand_in_the_order_of_the_file_whoever_found_them() -> None:
    """The markup, the entries, the names and the whole are looked at one after the other."""
    text = "uses: [x]\nchannels: {Post: {}}\ngranted: 1\nnever: &x []\npolicy: {id: shop}\npurposegate: 2\npurposes: {a: [b]}\n"

    found = [(each.slug, each.location.line) for each in read(text.encode(), "shop.yaml").findings if each.location]

    assert found == [
        ("wrong-value", 1),
        ("malformed-name", 2),
        ("unknown-key", 3),
        ("anchor", 4),
        *[("missing-key", 5)] * 5,
        ("wrong-value", 6),
        ("wrong-value", 7),
    ]


def test_a_warning_alone_leaves_the_policy_in_force() -> None:
    data = as_yaml(a_document(channels={"post": {}, "p0st": {}}))

    reading = read(data, "shop.yaml")

    assert [finding.severity for finding in reading.findings] == [Severity.WARNING]
    assert reading.policy is not None
    assert reading.document is not None
    assert list(reading.document.channels) == list(reading.policy.channels) == ["post", "p0st"]


def test_an_error_that_a_warning_stands_before_leaves_none() -> None:
    reading = read(as_yaml(a_document(channels={"post": {}, "p0st": {}}, granted=1)), "shop.yaml")

    assert [finding.severity for finding in reading.findings] == [Severity.WARNING, Severity.ERROR]
    assert (reading.policy, reading.document) == (None, None)


def test_what_is_no_text_has_no_source() -> None:
    reading = read(b"\xff", "shop.yaml")

    assert (reading.policy, reading.source, reading.document) == (None, None, None)


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"# shop\r\n"])
def test_a_policy_is_known_by_the_digest_of_its_bytes_and_by_its_path(before: bytes) -> None:
    data = before + as_yaml(a_document())

    policy = read(data, "folder/shop.yaml").policy

    assert policy is not None
    assert (policy.digest, policy.path) == (hashlib.sha256(data).hexdigest(), "folder/shop.yaml")


PLACED = """\
purposegate: 1
policy:
  ^id: shop
  title: Privacy
  controller: shop
  revision: 1
  contact: us
  ^prose: shop.txt
recipients:
  ^shop: {role: controller}
  ^carrier: {role: third_party}
categories: {^contact: {}, ^email_address: {parent: contact}}
purposes: {^shipping: {}}
channels: {^post: {}}
conditions: {^agreed: {shown_by: agreement}}
questions:
  - ^{clause: 1, quote: x, question: y}
exceptions:
  - ^{clause: 1, quote: x, data: any, purposes: any, recipients: any, channels: any, conditions: []}
  - ^clause: 2
    quote: x
    data: any
    purposes: any
    recipients: any
    channels: any
    conditions: []
uses:
  - ^{clause: 1, quote: x, data: any, purposes: any, conditions: []}
  - ^{clause: 1, quote: x, data: any, purposes: any, conditions: []}
provisions: [^{clause: 1, quote: x, data: any, purposes: any, recipients: any, channels: any, conditions: []}]
objections:
  ^stop: {clause: 1, quote: x, data: any, purposes: any, recipients: any, exempt: []}
amendments: {^clause: 9, quote: x, ^window: P7D, silence: never, time_zone: UTC}
never:
  - ^{data: any, purposes: any, recipients: any, unless: [agreed]}
unenforced: [^{clause: 1, quote: x, why: y}, ^{clause: 2, quote: x, why: y}]
"""
ENTRIES: tuple[tuple[str, str | int], ...] = (
    ("policy", "id"),
    ("policy", "prose"),
    ("recipients", "shop"),
    ("recipients", "carrier"),
    ("categories", "contact"),
    ("categories", "email_address"),
    ("purposes", "shipping"),
    ("channels", "post"),
    ("conditions", "agreed"),
    ("questions", 0),
    ("exceptions", 0),
    ("exceptions", 1),
    ("uses", 0),
    ("uses", 1),
    ("provisions", 0),
    ("objections", "stop"),
    ("amendments", "clause"),
    ("amendments", "window"),
    ("never", 0),
    ("unenforced", 0),
    ("unenforced", 1),
)


def test_every_section_of_a_policy_keeps_the_places_of_its_entries() -> None:
    marked = [
        Location("shop.yaml", number, column - before)
        for number, line in enumerate(PLACED.splitlines(), 1)
        for before, column in enumerate(column for column, letter in enumerate(line, 1) if letter == "^")
    ]

    policy = read(PLACED.replace("^", "").encode(), "shop.yaml").policy

    assert policy is not None
    assert [policy.place(*entry) for entry in ENTRIES] == marked


@pytest.mark.parametrize("count", [999, 1_000, 1_500])
def test_a_flood_of_wrong_entries_ends_the_reading_at_the_last_that_was_looked_at(count: int) -> None:
    text = HEAD + "uses:\n" + "  - x\n" * count

    findings = read(text.encode(), "shop.yaml").findings

    first = HEAD.count("\n") + 2
    places = [Location("shop.yaml", first + number, 5) for number in range(min(count, 1_000))]
    assert [finding.location for finding in findings[:1_000]] == places
    assert list(findings[1_000:]) == (
        [Finding("too-many", Severity.ERROR, "the reading stopped after 1000 findings", places[-1])] if count >= 1_000 else []
    )


def test_hardly_any_garbage_is_looked_for_while_a_policy_is_read() -> None:
    """A tree of millions of parts holds none, and to look for it again and again would take a third of the time."""
    data = as_yaml(a_document(uses=[a_use_clause()] * 300))
    looked: list[str] = []

    def note(phase: str, _: dict[str, int]) -> None:
        looked.append(phase)

    threshold = gc.get_threshold()
    gc.callbacks.append(note)
    try:
        gc.set_threshold(100)
        read(data, "shop.yaml")
    finally:
        gc.set_threshold(*threshold)
        gc.callbacks.remove(note)

    assert len(looked) < 10
