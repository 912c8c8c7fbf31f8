"""Cases beside a policy: what they may say, what is complained of and where, and what comes of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from builders import a_document, a_folder, a_provision, a_use_clause, an_objection, complained
from hypothesis import given
from hypothesis import strategies as st

from purposegate import Reason
from purposegate.errors import PolicyError
from purposegate.findings import Finding
from purposegate.tools.casebook import Library
from purposegate.tools.cases import Casebook
from purposegate.tools.lint import lint
from purposegate.tools.trial import Entry, Miss, Part, Trial, trial
from purposegate.tools.verdicts import told

SHOP: dict[str, Any] = {
    "categories": {"email_address": {}, "address": {}},
    "purposes": {"shipping": {}, "raffle": {}},
    "recipients": {"shop": {"role": "controller"}, "carrier": {"role": "third_party"}, "printer": {"role": "processor"}},
    "channels": {"post": {}, "web": {}},
    "conditions": {"consent": {"shown_by": "consent"}, "contract": {"shown_by": "agreement"}},
    "uses": [a_use_clause(data=["email_address", "address"])],
    "provisions": [
        a_provision(channels=["post"]),
        a_provision(clause="5", recipients=["printer"], conditions=["contract"]),
    ],
    "exceptions": [a_provision(clause="4", data="any", conditions=["consent"])],
    "objections": {"stop": an_objection(recipients=["carrier"])},
}
HEAD = "purposegate-test: 1\npolicy: shop.yaml\n"


def a_case(**parts: Any) -> dict[str, Any]:
    case = {"name": "a case", "use": {"data": "email_address", "purpose": "shipping"}, "expect": "permitted"}
    return case | parts


def to_carrier(**parts: Any) -> dict[str, Any]:
    return {"data": "email_address", "purpose": "shipping", "recipient": "carrier"} | parts


def cases(folder: Path, *each: dict[str, Any], **parts: Any) -> Path:
    """Write a policy and cases beside it; give the path of the cases."""
    a_folder(folder, a_document(**(SHOP | parts)))
    path = folder / "shop.test.yaml"
    path.write_text(json.dumps({"purposegate-test": "1", "policy": "shop.yaml", "cases": each}).replace('"1"', "1"))
    return path


def tried(folder: Path, *each: dict[str, Any], only: str = "", **parts: Any) -> Trial:
    return trial(Library().gather([cases(folder, *each, **parts)]), only)


def misses(tried: Trial) -> list[Miss]:
    return [miss for _, outcomes in tried.outcomes for outcome in outcomes for miss in outcome.misses]


def findings(folder: Path, text: str) -> str:
    """Give what is said of cases, with the file called by its name alone."""
    a_folder(folder, a_document(**SHOP))
    (folder / "shop.test.yaml").write_text(text)
    with pytest.raises(PolicyError) as raised:
        Library().gather([folder])
    return str(raised.value).replace(f"{folder}/", "").replace("shop.test.yaml", "shop.yaml")


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (a_case(), "permitted"),
        (a_case(use={"data": ["email_address", "address"], "purpose": "shipping", "recipient": "shop"}), "permitted"),
        (a_case(use={"data": "any", "purpose": "shipping"}), "permitted"),
        (a_case(use=to_carrier(channel="post")), "permitted"),
        (a_case(use=to_carrier(channel="web")), "unlisted-channel"),
        (a_case(use=to_carrier(purpose="raffle")), "undeclared-purpose"),
        (a_case(use=to_carrier(data="address")), "unlisted-recipient"),
        (a_case(use=to_carrier(recipient="printer/p1")), "unmet-condition"),
        (a_case(use=to_carrier(recipient="printer/p1"), given={"shown": "contract"}), "permitted"),
        (a_case(use=to_carrier(), given={"objections": ["stop"]}), "objection-in-force"),
        (a_case(use=to_carrier(data="address"), given={"shown": "any"}), "permitted"),
        (a_case(use=to_carrier(data="address"), given={"shown": "any", "objections": "any"}), "unlisted-recipient"),
        (a_case(use=to_carrier(recipient="carrier/c"), given={"ledger": "consulted"}), "unknown-recipient"),
        (a_case(use=to_carrier(recipient="carrier/c"), given={"ledger": "consulted", "registered": True}), "subject-required"),
        (
            a_case(use=to_carrier(recipient="carrier/c", subject="c-1"), given={"ledger": "consulted", "registered": True}),
            "channel-required",
        ),
        (
            a_case(
                use=to_carrier(recipient="carrier/c", subject="c-1", channel="post"),
                given={"ledger": "consulted", "registered": True},
            ),
            "permitted",
        ),
    ],
)
def test_a_case_passes_where_the_judge_says_what_it_expects_and_fails_where_not(
    case: dict[str, Any], reason: str, tmp_path: Path
) -> None:
    assert not misses(tried(tmp_path, case | {"expect": reason}))
    assert {miss.decision.reason for miss in misses(tried(tmp_path, case | {"expect": "not-in-force"}))} == {Reason(reason)}


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ("data", "unknown-category"),
        ("purpose", "unknown-purpose"),
        ("recipient", "unknown-recipient"),
        ("channel", "unknown-channel"),
    ],
)
def test_any_is_no_unknown_name(part: str, reason: str, tmp_path: Path) -> None:
    """It stands for everything that is declared, whatever is expected of it."""
    assert misses(tried(tmp_path, a_case(use=to_carrier(**{part: "any"}), expect=reason)))


@pytest.mark.parametrize(
    ("use", "reason"),
    [
        (to_carrier(data="shoe_size"), "unknown-category"),
        (to_carrier(purpose="gossip"), "unknown-purpose"),
        (to_carrier(recipient="nobody/x"), "unknown-recipient"),
        (to_carrier(channel="fax"), "unknown-channel"),
    ],
)
def test_a_name_may_be_unknown_only_where_that_is_what_is_expected(use: dict[str, Any], reason: str, tmp_path: Path) -> None:
    assert not misses(tried(tmp_path, a_case(use=use, expect=reason)))
    with pytest.raises(PolicyError, match="the policy declares no "):
        tried(tmp_path, a_case(use=use, expect="denied"))


def test_a_day_is_the_day_in_the_policy_s_own_zone(tmp_path: Path) -> None:
    amendments = {"clause": "9", "quote": "amend", "window": "P7D", "silence": "never", "time_zone": "Asia/Tokyo"}
    before = a_case(name="before", given={"at": "2026-05-31"}, expect="not-in-force")
    on = a_case(name="on", given={"at": "2026-06-01"})

    assert not misses(tried(tmp_path, before, on, a_case(), policy={"effective": "2026-06-01"}, amendments=amendments))


def test_any_denial_will_do_where_a_case_says_so(tmp_path: Path) -> None:
    use = {"data": "any", "purpose": "raffle", "recipient": "any"}

    assert not misses(tried(tmp_path, a_case(use=use, expect="denied", given={"shown": "any"})))
    assert [miss.parts for miss in misses(tried(tmp_path, a_case(expect="denied")))] == [(Part.VERDICT,)]


def test_clauses_and_conditions_are_compared_where_a_case_names_them(tmp_path: Path) -> None:
    right = a_case(use=to_carrier(recipient="printer"), expect="unmet-condition", clauses=["1", "5"], unmet=["contract"])
    fewer = right | {"name": "fewer", "clauses": ["1"]}
    other = right | {"name": "other", "unmet": ["consent"]}

    assert [miss.parts for miss in misses(tried(tmp_path, right, fewer, other))] == [(Part.CLAUSES,), (Part.UNMET,)]


def test_only_what_differs_is_told(tmp_path: Path) -> None:
    use = to_carrier(recipient="printer")
    case = a_case(use=use, expect="unmet-condition", clauses=["1"], unmet=[])
    granted = a_case(name="another", use=use, given={"shown": "contract"}, expect="denied", unmet=["consent"])
    (_, outcomes), *_ = tried(tmp_path, case, granted).outcomes

    assert [list(told(outcome))[1] for outcome in outcomes] == [
        "  expected by clause 1, nothing unmet; found by clauses 1, 5, `contract` unmet",
        "  expected `denied`, `consent` unmet; found `permitted`, nothing unmet",
    ]


def test_each_combination_of_the_lists_is_a_use(tmp_path: Path) -> None:
    use = {"data": "any", "purpose": ["shipping", "raffle"], "recipient": ["shop", "carrier", "printer"]}
    (_, (outcome,)) = tried(tmp_path, a_case(use=use, expect="undeclared-purpose")).outcomes[0]

    assert len(outcome.case.uses) == 2 * 2 * 3
    assert len(outcome.misses) == 2 * 3


def decided(folder: Path, *each: dict[str, Any]) -> list[tuple[str, str, int, int]]:
    (coverage,) = tried(folder, *each).coverage
    return [(entry.kind, entry.name or entry.clause, entry.permitted, entry.denied) for entry in coverage.entries if entry.decided]


@pytest.mark.parametrize(
    ("case", "entries"),
    [
        (a_case(), [("use clause", "1", 1, 0)]),
        (a_case(use=to_carrier()), [("use clause", "1", 1, 0), ("provision", "2", 1, 0)]),
        (
            a_case(use=to_carrier(), given={"shown": ["consent"]}),
            [("use clause", "1", 1, 0), ("provision", "2", 1, 0), ("exception", "4", 1, 0)],
        ),
        (a_case(use=to_carrier(channel="web"), expect="unlisted-channel"), [("provision", "2", 0, 1)]),
        (a_case(use=to_carrier(recipient="printer"), expect="unmet-condition"), [("provision", "5", 0, 1)]),
        (a_case(use=to_carrier(), given={"objections": "stop"}, expect="objection-in-force"), [("objection", "stop", 0, 1)]),
        # What is only the nearest decided nothing.
        (a_case(use=to_carrier(data="address"), expect="unlisted-recipient"), []),
        (a_case(use=to_carrier(purpose="raffle"), expect="undeclared-purpose"), []),
        # Nor did what came out otherwise.
        (a_case(expect="denied"), []),
    ],
)
def test_covered_is_what_granted_or_what_stopped_a_use_as_expected(
    case: dict[str, Any], entries: list[tuple[str, str, int, int]], tmp_path: Path
) -> None:
    assert decided(tmp_path, case) == entries


def test_coverage_counts_every_rule_and_objection_and_is_never_rounded_up(tmp_path: Path) -> None:
    (coverage,) = tried(tmp_path, a_case(use=to_carrier())).coverage

    assert [(entry.kind, entry.clause) for entry in coverage.entries] == [
        ("use clause", "1"),
        ("provision", "2"),
        ("provision", "5"),
        ("exception", "4"),
        ("objection", "6"),
    ]
    assert (coverage.decided, coverage.percent) == (2, 40)
    assert coverage.reaches(40)
    assert not coverage.reaches(40.1)


def test_two_files_of_cases_cover_one_policy_together(tmp_path: Path) -> None:
    first = cases(tmp_path, a_case())
    second = tmp_path / "shop.carriers.test.yml"
    second.write_text(first.read_text().replace('"purpose": "shipping"', '"purpose": "shipping", "recipient": "carrier"'))

    (coverage,) = trial(Library().gather([tmp_path])).coverage

    assert [entry.permitted for entry in coverage.entries] == [2, 1, 0, 0, 0]


def test_cases_are_found_by_their_policy_their_own_name_and_their_folder(tmp_path: Path) -> None:
    path = cases(tmp_path, a_case())
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "x.test.yaml").write_text("not cases")
    (tmp_path / "other.yaml").write_bytes((tmp_path / "shop.yaml").read_bytes())

    def found(*names: Path) -> list[str]:
        return [book.path for book in Library().gather(names)]

    assert found(tmp_path) == found(path) == found(tmp_path / "shop.yaml") == found(path, tmp_path) == [str(path)]
    with pytest.raises(PolicyError, match=r"other\.yaml:1:1: error\[no-cases\] there are no cases"):
        found(path, tmp_path / "other.yaml")


def test_only_cases_of_a_name_are_tried_where_one_is_given(tmp_path: Path) -> None:
    each = [a_case(name="Employers watch"), a_case(name="nobody else does", expect="denied")]

    assert (tried(tmp_path, *each, only="employer").count, tried(tmp_path, *each, only="employer").failed) == (1, 0)
    assert tried(tmp_path, *each, only="unheard").count == 0


@pytest.mark.parametrize(
    ("text", "finding", "help_"),
    [
        (
            HEAD + "cases:\n  - {name: x, ^usage: {}, use: {data: address, purpose: shipping}, expect: denied}\n",
            "error[unknown-key] unknown key `usage`",
            "did you mean `use`?",
        ),
        (
            HEAD + "cases:\n  - {use: {^channels: web, data: address, purpose: shipping}, name: x, expect: denied}\n",
            "error[unknown-key] unknown key `channels`",
            "did you mean `channel`?",
        ),
        (
            HEAD + "cases:\n  - ^{name: x, use: {data: address, purpose: shipping}}\n",
            "error[missing-key] `expect` is missing",
            "`permitted`, `denied` for whatever reason, or the reason of the denial.",
        ),
        (
            HEAD + "cases:\n  - {name: x, use: {data: ^adress, purpose: shipping}, expect: denied}\n",
            "error[undeclared-name] the policy declares no data category `adress`",
            "did you mean `address`?",
        ),
        (
            HEAD + "cases:\n  - {name: x, use: {data: [address, ^any], purpose: shipping}, expect: denied}\n",
            "error[undeclared-name] the policy declares no data category `any`",
            "write `any` alone, or the names",
        ),
        (
            HEAD + "cases:\n  - {use: {recipient: ^carier/c, data: address, purpose: shipping}, name: x, expect: denied}\n",
            "error[undeclared-name] the policy declares no recipient `carier`",
            "did you mean `carrier`?",
        ),
        (
            HEAD + "cases:\n  - {given: {shown: [^consnt]}, expect: denied, name: x, use: {data: address, purpose: shipping}}\n",
            "error[undeclared-name] the policy declares no condition `consnt`",
            "did you mean `consent`?",
        ),
        (
            HEAD + "cases:\n  - {expect: ^permited, name: x, use: {data: address, purpose: shipping}}\n",
            "error[wrong-value] no such verdict",
            "did you mean `permitted`?",
        ),
        (
            HEAD + "cases:\n  - {expect: denied, clauses: [^9(9)], name: x, use: {data: address, purpose: shipping}}\n",
            "error[undeclared-name] no rule of the policy cites this clause",
            "declared there: `1`, `2`, `5`, `4` and `6`",
        ),
        (
            HEAD + "cases:\n  - {given: {registered: ^true}, expect: denied, name: x, use: {data: address, purpose: shipping}}\n",
            "error[wrong-value] whom a ledger knows says nothing where none was asked",
            None,
        ),
        (
            HEAD + "cases:\n  - {given: {ledger: ^asked}, expect: denied, name: x, use: {data: address, purpose: shipping}}\n",
            "error[wrong-value] expected 'consulted' or 'not-consulted'",
            None,
        ),
        (
            HEAD + "cases:\n  - {name: x, use: {data: ^[], purpose: shipping}, expect: denied}\n",
            "error[wrong-value] the list is empty; a rule states what it covers",
            None,
        ),
        (
            HEAD
            + "cases:\n  - {name: x, use: {data: address, purpose: shipping}, expect: denied}\n"
            + "  - {name: ^x, use: {data: address, purpose: shipping}, expect: denied}\n",
            "error[confusable-names] another case goes by this name",
            None,
        ),
        (HEAD + "cases: ^[]\n", "error[no-cases] there are no cases", "write them in a file `*.test.yaml` beside the policy"),
        ("purposegate-test: ^2\npolicy: shop.yaml\ncases: []\n", "error[wrong-value] expected format version 1", None),
        (
            "purposegate-test: 1\npolicy: ^../shop.yaml\ncases: []\n",
            "error[wrong-value] the policy is a file beside the cases, named without a folder",
            None,
        ),
        (
            "^- purposegate-test: 1\n",
            "error[not-a-file-of-cases] a file of cases is a mapping that begins with `purposegate-test: 1`",
            None,
        ),
        ("^%YAML 1.2\n---\n" + HEAD, "error[directive] a file of cases holds no YAML directives", None),
    ],
)
def test_what_is_wrong_with_a_case_is_said_at_its_place(text: str, finding: str, help_: str | None, tmp_path: Path) -> None:
    written, expected = complained(text, finding, help_)

    assert findings(tmp_path, written) == expected


def test_a_case_that_stands_for_no_use_is_no_case(tmp_path: Path) -> None:
    a_folder(tmp_path, a_document(channels={}, provisions=[], exceptions=[], objections={}))
    path = tmp_path / "shop.test.yaml"
    path.write_text(
        HEAD + "cases:\n  - {name: x, use: {data: any, purpose: any, channel: any}, expect: denied}\n",
    )

    with pytest.raises(PolicyError, match="the case stands for no use"):
        Library().gather([path])


def test_a_case_may_not_stand_for_more_uses_than_anybody_waits_for(tmp_path: Path) -> None:
    names: dict[str, Any] = {f"c{number}": {} for number in range(400)}
    path = cases(
        tmp_path,
        a_case(
            use={"data": "any", "purpose": "any", "recipient": [f"carrier/c{number}" for number in range(400)]}, expect="denied"
        ),
        categories=names | SHOP["categories"],
    )

    with pytest.raises(PolicyError, match="the case stands for more than 100000 uses"):
        Library().gather([path])


def test_a_policy_that_cannot_be_used_is_said_once_for_all_its_cases(tmp_path: Path) -> None:
    first = cases(tmp_path, a_case(), uses=[a_use_clause(data=["nothing"])])
    (tmp_path / "more.test.yaml").write_bytes(first.read_bytes())

    with pytest.raises(PolicyError) as raised:
        Library().gather([tmp_path])

    assert [finding.slug for finding in raised.value.findings] == ["undeclared-name"]


def test_a_file_that_is_not_there_is_no_success(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="the file of cases cannot be read"):
        Library().gather([tmp_path / "nowhere.test.yaml"])


def entries_of(tried: Trial) -> Iterable[Entry]:
    return (entry for coverage in tried.coverage for entry in coverage.entries)


def test_entries_tell_where_they_stand(tmp_path: Path) -> None:
    places = [str(entry.place).rpartition("/")[2] for entry in entries_of(tried(tmp_path, a_case()))]

    assert len(set(places)) == 5
    assert all(place.startswith("shop.yaml:1:") for place in places)


def test_lint_says_what_is_wrong_with_cases_too(tmp_path: Path) -> None:
    right = cases(tmp_path, a_case())
    wrong = tmp_path / "wrong.test.yaml"
    wrong.write_text(right.read_text().replace("shipping", "shiping"))

    assert [*lint(right)] == []
    assert [finding.message for finding in lint(wrong)] == ["the policy declares no purpose `shiping`"]


WHOLE = (
    HEAD
    + """cases:
  - name: a carrier ships
    use: {data: [email_address], purpose: shipping, recipient: carrier/c, channel: post, subject: c-1}
    given: {shown: any, objections: [], ledger: consulted, registered: true, at: 2026-01-15}
    expect: permitted
    clauses: ["1", "2"]
    unmet: []
"""
)


@given(
    start=st.integers(0, len(WHOLE)),
    length=st.integers(0, 30),
    put=st.text(max_size=8)
    | st.sampled_from(["[]", "{}", "any", "null", "&a ", "*a", "!!int ", "- ", ": ", "'", '"', "\n", "7", "true"]),
)
def test_whatever_stands_in_a_file_of_cases_is_read_or_complained_of(start: int, length: int, put: str, shop: Path) -> None:
    path = shop / "shop.test.yaml"
    path.write_bytes((WHOLE[:start] + put + WHOLE[start + length :]).encode(errors="surrogatepass"))

    books: tuple[Casebook, ...] = ()
    findings: tuple[Finding, ...] = ()
    try:
        books = Library().gather([path])
    except PolicyError as error:
        findings = error.findings

    assert bool(findings) == (not books)
    assert all(finding.location for finding in findings)
    assert all(case.uses for book in books for case in book.cases)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    a_folder(folder, a_document(**SHOP))
    return folder
