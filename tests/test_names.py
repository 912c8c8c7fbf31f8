"""Names: how they are spelt, what they lie under, where they are declared, and what is said where they are not."""

from __future__ import annotations

from typing import Any

import pytest
from builders import a_document, a_provision, a_use_clause, an_objection, as_yaml, complained

from purposegate import Finding
from purposegate.policy.reader import read

HEADER = """\
purposegate: 1
policy:
  id: shop
  title: Privacy
  revision: 1
  contact: us
"""
HEAD = HEADER + "  controller: shop\n  prose: shop.txt\n"
SHOP = "recipients:\n  shop: {role: controller}\n"
RULE = "    clause: 1\n    quote: x\n    data: any\n    purposes: any\n    conditions: []\n"
OBJECTION = "objections:\n  stop:\n" + RULE.replace("    conditions: []\n", "    recipients: any\n    exempt: []\n")
NEVER = "    data: any\n    purposes: any\n    recipients: any\n    unless: []\n"
AMENDMENTS = "amendments:\n  clause: 9\n  quote: x\n  window: P7D\n  silence: never\n"
MALFORMED = "error[malformed-name] a name is lower-case letters, digits and `_`, beginning with a letter"


def told(text: str) -> list[str]:
    return [str(finding) for finding in read(text.encode(), "shop.yaml").findings]


def found(**parts: Any) -> tuple[Finding, ...]:
    return read(as_yaml(a_document(**parts)), "shop.yaml").findings


def messages(**parts: Any) -> list[str]:
    return [finding.message for finding in found(**parts)]


WHOLE: dict[str, tuple[str, str]] = {
    "a malformed name": complained(HEAD + SHOP + "channels:\n  post: {}\n  ^Fax: {}\n", MALFORMED),
    "a name that says everything": complained(
        HEAD + SHOP + "channels:\n  ^any: {}\n", "error[malformed-name] `any` is what covers everything, and no name"
    ),
    "a name like another": complained(
        HEAD + SHOP + "channels:\n  post: {}\n  ^p0st: {}\n",
        "warning[confusable-names] `p0st` looks like `post`: a reader would confuse them",
    ),
    "a doubled underscore": complained(
        HEAD + SHOP + "channels:\n  ^by__post: {}\n",
        "warning[confusable-names] `by__post` has a doubled `_`, which a reader takes for one",
    ),
    "a ring": complained(
        HEAD + SHOP + "categories:\n  a: {parent: b}\n  ^b: {parent: [c]}\n  c: {parent: b}\n",
        "error[cycle] a name lies under itself: `b` > `c` > `b`",
    ),
    "a parent that is not declared": complained(
        HEAD + SHOP + "purposes:\n  shipping: {}\n  returns: {parent: ^shiping}\n",
        "error[undeclared-name] the parent `shiping` is not declared under `purposes`",
        "did you mean `shipping`?",
    ),
    "a recipient's parent that is not declared": complained(
        HEAD + SHOP + "  carrier: {parent: ^shoop}\n",
        "error[undeclared-name] the parent `shoop` is not declared under `recipients`",
        "did you mean `shop`?",
    ),
    "a controller that is not declared": complained(
        HEAD.replace("controller: ", "controller: ^") + "recipients:\n  shoe: {role: third_party}\n",
        "error[undeclared-name] the recipient `shop` is not declared under `recipients`",
        "did you mean `shoe`?",
    ),
    "a controller of another role": complained(
        HEAD + "recipients:\n  ^shop: {role: processor}\n",
        "error[controller] the controller, and nothing else, has `role: controller`",
    ),
    "a second controller": complained(
        HEAD + SHOP + "  ^club: {role: controller}\n",
        "error[controller] the controller, and nothing else, has `role: controller`",
    ),
    "a recipient with neither role nor parent": complained(
        HEAD + SHOP + "  ^carrier: {}\n", "error[role] a recipient has either a role (at the root of a tree) or a parent"
    ),
    "a recipient with both": complained(
        HEAD + SHOP + "  ^carrier: {role: third_party, parent: shop}\n",
        "error[role] a recipient has either a role (at the root of a tree) or a parent",
    ),
    "a clause that nothing cites": complained(
        HEAD + SHOP + "uses:\n  -\n" + RULE + OBJECTION.replace("[]", "[1, ^4(2)]"),
        "error[unknown-clause] no rule cites the clause that is exempt",
    ),
    "a clause like one that is cited": complained(
        HEAD + SHOP + "uses:\n  -\n" + RULE.replace("clause: 1", "clause: 4(2)B") + OBJECTION.replace("[]", "[^4(2)]"),
        "error[unknown-clause] no rule cites the clause that is exempt",
        "did you mean `4(2)B`?",
    ),
    "a use clause that excepts recipients": complained(
        HEAD + SHOP + "uses:\n  -\n" + RULE + "    except:\n      data: []\n      ^recipients: [shop]\n",
        "error[wrong-value] a use clause has no recipients to except",
    ),
    "a prose elsewhere": complained(
        HEADER + "  controller: shop\n  prose: ^texts/shop.txt\n" + SHOP,
        "error[prose-file] the prose is a file beside the policy, named without a folder",
    ),
    "a time zone that is none": complained(
        HEAD + SHOP + AMENDMENTS + "  time_zone: ^Asia/Tokio\n", "error[time-zone] expected an IANA time zone, as Asia/Tokyo"
    ),
    "a name that stands for everything, in brackets": complained(
        HEAD + SHOP + "never:\n  -\n" + NEVER.replace("data: any", "data: [^any]"),
        "error[undeclared-name] the data category `any` is not declared under `categories`",
        "what covers everything says `any` without brackets",
    ),
    "an instance": complained(
        HEAD + SHOP + "never:\n  -\n" + NEVER.replace("recipients: any", "recipients: [shop, ^shop/1]"),
        "error[undeclared-name] the recipient is not declared under `recipients`",
        "a policy names classes; an instance, as `class/id`, is named by the use",
    ),
}


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_wrong_with_a_name_is_one_finding_with_its_line_and_its_place(name: str) -> None:
    text, finding = WHOLE[name]

    assert told(text) == [finding]


SECTIONS = ("categories", "purposes", "channels", "conditions", "recipients", "objections")
ENTRIES = {
    "conditions": "{shown_by: fact}",
    "recipients": "{role: third_party}",
    "objections": "{clause: 6, quote: x, data: any, purposes: any, recipients: any, exempt: []}",
}


@pytest.mark.parametrize("section", SECTIONS)
def test_the_names_of_every_section_are_looked_at(section: str) -> None:
    head = HEAD + (SHOP if section == "recipients" else SHOP + f"{section}:\n")

    text, finding = complained(head + f"  ^Name: {ENTRIES.get(section, '{}')}\n", MALFORMED)

    assert told(text) == [finding]


@pytest.mark.parametrize("name", ["a", "a1", "a_", "x" * 100, "an_y", "anyone"])
def test_it_is_a_name(name: str) -> None:
    assert found(channels={name: {}}) == ()


@pytest.mark.parametrize("name", ["A", "aB", "1a", "_a", "", "a-b", "a.b", "é", "a\n", "x" * 101, "a/b"])
def test_it_is_no_name(name: str) -> None:
    [finding] = found(channels={name: {}})

    assert (finding.slug, finding.message) == ("malformed-name", MALFORMED.partition("] ")[2])


def test_a_name_that_is_none_does_not_hide_the_next() -> None:
    assert [finding.slug for finding in found(channels={"A": {}, "any": {}, "b": {}, "C": {}, "bill": {}, "bi11": {}})] == [
        "malformed-name",
        "malformed-name",
        "malformed-name",
        "confusable-names",
    ]


def test_every_name_that_looks_like_an_earlier_one_is_told_with_the_first() -> None:
    assert messages(channels={"modern": {}, "modem": {}, "m0dem": {}, "other": {}, "m0dern": {}}) == [
        "`modem` looks like `modern`: a reader would confuse them",
        "`m0dem` looks like `modern`: a reader would confuse them",
        "`m0dern` looks like `modern`: a reader would confuse them",
    ]


def test_a_doubled_underscore_is_told_once_and_where_it_is_alone() -> None:
    assert messages(channels={"by_post": {}, "by__post": {}, "a___b": {}}) == [
        "`by__post` looks like `by_post`: a reader would confuse them",
        "`a___b` has a doubled `_`, which a reader takes for one",
    ]


def test_names_of_different_sections_may_look_alike() -> None:
    assert found(channels={"shop": {}, "post": {}}, conditions={"p0st": {"shown_by": "fact"}}) == ()


def chain(length: int) -> dict[str, Any]:
    """Give so many names, each under the one before."""
    return {"c0": {}} | {f"c{number}": {"parent": f"c{number - 1}"} for number in range(1, length)}


@pytest.mark.parametrize("section", ["categories", "purposes", "recipients"])
@pytest.mark.parametrize(("length", "told_of"), [(32, []), (33, ["more than 32 names lie one under the other"])])
def test_thirty_two_names_may_lie_one_under_the_other_and_no_more(section: str, length: int, told_of: list[str]) -> None:
    parts: dict[str, Any] = {"uses": [], "provisions": [], section: chain(length)}
    if section == "recipients":
        parts["policy"] = {"controller": "c0"}
        parts[section]["c0"] = {"role": "controller"}

    assert messages(**parts) == told_of


def test_what_is_too_deep_is_told_once_for_a_section_at_the_first_name_that_is() -> None:
    text = HEAD + SHOP + "categories:\n  c0: {}\n"
    text += "".join(f"  {'^' * (number == 32)}c{number}: {{parent: c{number - 1}}}\n" for number in range(1, 40))
    text, finding = complained(text, "error[too-deep] more than 32 names lie one under the other")

    assert told(text) == [finding]


def test_a_ring_is_told_and_what_is_too_deep_beside_it_is_not() -> None:
    assert messages(categories=chain(40) | {"email_address": {"parent": ["email_address"]}}) == [
        "a name lies under itself: `email_address` > `email_address`"
    ]


def test_every_ring_is_told_at_its_first_name() -> None:
    text = HEAD + SHOP + "categories:\n  a: {parent: a}\n  c: {parent: d}\n  d: {parent: c}\npurposes:\n  a: {parent: a}\n"

    assert [line for line in "\n".join(told(text)).splitlines() if line.startswith("shop")] == [
        "shop.yaml:12:3: error[cycle] a name lies under itself: `a` > `a`",
        "shop.yaml:13:3: error[cycle] a name lies under itself: `c` > `d` > `c`",
        "shop.yaml:16:3: error[cycle] a name lies under itself: `a` > `a`",
    ]


def ring(*names: str) -> str:
    [message] = messages(categories={"email_address": {}} | {name: {"parent": [names[i - 1]]} for i, name in enumerate(names)})
    return message


def test_of_a_long_ring_eight_names_are_shown_and_the_way_back() -> None:
    names = "abcdefghij"

    assert ring(*reversed(names[:8])) == "a name lies under itself: `h` > `a` > `b` > `c` > `d` > `e` > `f` > `g` > `h`"
    assert ring(*names) == "a name lies under itself: `a` > `j` > `i` > `h` > `g` > `f` > `e` > `d` > `a`"


def test_of_a_long_name_in_a_ring_a_hundred_letters_are_shown() -> None:
    told_ = messages(categories={"email_address": {}, "n" * 150: {"parent": "n" * 150}})

    assert told_ == [MALFORMED.partition("] ")[2], f"a name lies under itself: `{'n' * 100}` > `{'n' * 100}`"]


def test_each_parent_that_is_not_declared_is_told() -> None:
    assert messages(categories={"email_address": {"parent": ["a", "email", "b"]}, "email": {}}) == [
        "the parent `a` is not declared under `categories`",
        "the parent `b` is not declared under `categories`",
    ]


def test_whose_controller_is_another_is_told_of_both() -> None:
    recipients = {"carrier": {"role": "third_party"}, "shop": {"role": "controller"}}
    told_ = found(policy={"controller": "carrier"}, recipients=recipients)

    assert [finding.slug for finding in told_] == ["controller", "controller"]


def test_a_recipient_that_is_no_mapping_has_no_role_and_is_told_as_that_alone() -> None:
    assert messages(recipients={"shop": {"role": "controller"}, "carrier": "third_party"}) == ["expected a mapping"]


UNDECLARED = "none"
SCOPES = {
    "data": ("data category", "categories"),
    "purposes": ("purpose", "purposes"),
    "recipients": ("recipient", "recipients"),
    "channels": ("channel", "channels"),
    "conditions": ("condition", "conditions"),
    "unless": ("condition", "conditions"),
}
RULES = {
    "uses": (a_use_clause, ("data", "purposes", "conditions")),
    "provisions": (a_provision, ("data", "purposes", "recipients", "channels", "conditions")),
    "exceptions": (a_provision, ("data", "purposes", "recipients", "channels", "conditions")),
}


def undeclared(key: str) -> str:
    word, section = SCOPES[key]
    return f"the {word} `{UNDECLARED}` is not declared under `{section}`"


@pytest.mark.parametrize(("section", "key"), [(section, key) for section, (_, keys) in RULES.items() for key in keys])
def test_a_rule_names_what_is_declared(section: str, key: str) -> None:
    rule = RULES[section][0]

    assert messages(**{section: [rule(), rule(**{key: [UNDECLARED]})]}) == [undeclared(key)]


@pytest.mark.parametrize(
    ("section", "key"),
    [("uses", "data"), ("uses", "purposes")] + [(s, key) for s in ("provisions", "exceptions") for key in list(SCOPES)[:3]],
)
def test_a_rule_excepts_what_is_declared(section: str, key: str) -> None:
    assert messages(**{section: [RULES[section][0](**{"except": {key: [UNDECLARED]}})]}) == [undeclared(key)]


@pytest.mark.parametrize("key", ["data", "purposes", "recipients"])
def test_an_objection_names_what_is_declared(key: str) -> None:
    assert messages(objections={"stop": an_objection(), "end": an_objection(**{key: [UNDECLARED]})}) == [undeclared(key)]


@pytest.mark.parametrize("key", ["data", "purposes", "recipients", "unless"])
def test_what_may_never_be_names_what_is_declared(key: str) -> None:
    never = {"data": "any", "purposes": "any", "recipients": "any", "unless": []}

    assert messages(never=[never, never | {key: [UNDECLARED]}]) == [undeclared(key)]


@pytest.mark.parametrize(("section", "key"), [("recipients", "role"), ("conditions", "shown_by")])
def test_a_name_is_declared_also_where_its_entry_is_wrong_in_itself(section: str, key: str) -> None:
    recipients = {"shop": {"role": "controller"}, "carrier": {"role": "third_party"}}
    parts: dict[str, Any] = {"recipients": recipients, "conditions": {"agreed": {"shown_by": "agreement"}}}
    name = "carrier" if section == "recipients" else "agreed"

    told_ = found(**parts | {section: parts[section] | {name: {key: "nobody"}}}, provisions=[a_provision(conditions=["agreed"])])

    assert [finding.slug for finding in told_] == ["wrong-value"]


def test_names_are_looked_at_in_every_entry_and_what_is_no_entry_is_passed_over() -> None:
    told_ = found(
        uses=["x", a_use_clause(data=["a"]), {"data": [{"b": "c"}, "d"]}], objections={"stop": "x", "end": {"exempt": ["1"]}}
    )

    assert [finding.message for finding in told_ if finding.slug in ("undeclared-name", "unknown-clause")] == [
        "the data category `a` is not declared under `categories`",
        "the data category `d` is not declared under `categories`",
    ]


@pytest.mark.parametrize("section", ["uses", "provisions", "exceptions"])
def test_a_clause_of_any_rule_may_be_exempt(section: str) -> None:
    rule = a_use_clause if section == "uses" else a_provision

    assert found(**{section: [rule(clause="3"), rule(clause="4(2)")]}, objections={"stop": an_objection(exempt=["4(2)"])}) == ()


@pytest.mark.parametrize("prose", ["shop.txt", "a b.txt", ".shop", "..."])
def test_the_prose_is_a_file_beside_the_policy(prose: str) -> None:
    assert found(policy={"prose": prose}) == ()


@pytest.mark.parametrize("prose", [".", "..", "/shop.txt", "a/shop.txt", "..\\shop.txt", "c:shop.txt", "shop.txt/"])
def test_the_prose_is_no_file_elsewhere(prose: str) -> None:
    assert [finding.slug for finding in found(policy={"prose": prose})] == ["prose-file"]


def amendments(zone: str) -> dict[str, str]:
    return {"clause": "9", "quote": "x", "window": "P7D", "silence": "never", "time_zone": zone}


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])
def test_it_is_a_time_zone(zone: str) -> None:
    assert found(amendments=amendments(zone)) == ()


@pytest.mark.parametrize(
    "zone",
    [
        "utc",
        "localtime",
        "Nowhere",
        "Asia/Tokio",
        "America/Argentina",
        "Asia",
        "Asia/",
        "/etc/localtime",
        "A/../UTC",
        "UTC\n",
        "posixrules",
    ],
)
def test_it_is_no_time_zone(zone: str) -> None:
    assert [finding.slug for finding in found(amendments=amendments(zone))] == ["time-zone"]


def helps(names: list[str], **parts: Any) -> list[str | None]:
    never = {"data": names, "purposes": "any", "recipients": "any", "unless": []}
    return [finding.help for finding in found(never=[never], **parts) if finding.slug == "undeclared-name"]


@pytest.mark.parametrize(
    ("name", "shown_as"),
    [("a" * 100, f" `{'a' * 100}`"), ("a" * 101, ""), ("email address", ""), ("Email", ""), ("taro@example.com", "")],
)
def test_what_is_no_name_is_not_repeated(name: str, shown_as: str) -> None:
    """What else stands where a name belongs may be somebody's data."""
    assert messages(uses=[a_use_clause(data=[name])]) == [f"the data category{shown_as} is not declared under `categories`"]


def test_a_slash_is_an_instance_only_where_recipients_are_named() -> None:
    assert helps(["shop/1"]) == ["declared there: `email_address`"]


def test_where_nothing_is_declared_or_only_what_is_no_name_nothing_is_suggested() -> None:
    """A malformed name of up to a hundred letters is suggested: it is what was meant."""
    empty: dict[str, Any] = {"uses": [], "provisions": []}

    assert helps(["email"], categories={}, **empty) == [None]
    assert helps(["email"], categories={"n" * 101: {}}, **empty) == [None]
    assert helps(["email"], categories={"Email": {}}, **empty) == ["did you mean `Email`?"]


def test_suggestions_for_names_and_clauses_are_counted_together() -> None:
    """Nothing is taken from them by a name that needs none: an instance, or what says everything."""
    never = {"data": ["any"] * 30, "purposes": "any", "recipients": ["shop/1"] * 30, "unless": ["x"] * 12}
    objection = an_objection(exempt=["11"] * 12)
    told_ = found(
        never=[never], objections={"stop": objection}, conditions={"xyz": {"shown_by": "fact"}}, uses=[a_use_clause(clause="111")]
    )

    by_slug = {
        slug: [finding.help for finding in told_ if (finding.slug, "condition" in finding.message) == slug]
        for slug in (("undeclared-name", True), ("undeclared-name", False), ("unknown-clause", False))
    }
    assert by_slug["undeclared-name", True] == ["declared there: `xyz`"] * 12
    assert None not in by_slug["undeclared-name", False]
    assert by_slug["unknown-clause", False] == ["did you mean `111`?"] * 8 + [None] * 4
