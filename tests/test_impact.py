"""`purposegate impact`: every line that comes out otherwise under an amended policy, and every permission that lies idle then."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import a_folder, a_policy, a_provision, a_use_clause
from sights import OWN, a_fact, a_place, a_read, a_use
from typer.testing import CliRunner

from purposegate.cli import impact_markdown, impact_text
from purposegate.cli.app import app
from purposegate.engine.decision import Reason
from purposegate.findings import Finding, Severity
from purposegate.tools.scanning.impact import Impact, State, Vanished, impact
from purposegate.tools.scanning.sighting import How, Judge, Mention, Part, SeenUse, Sight
from purposegate.tools.versions import Version, version

ERROR, WARNING, NOTE = Severity
PERMITTED, CONDITIONAL, DENIED, UNKNOWN = State
NAMES: dict[str, Any] = {
    "categories": {"contact": {}, "email_address": {"parent": "contact"}, "phone": {"parent": "contact"}},
    "purposes": {"shipping": {}, "raffle": {}},
    "conditions": {"consent": {"shown_by": "consent"}, "of_age": {"shown_by": "fact"}},
    "channels": {"post": {}, "email": {}},
}
BOTH = a_use_clause(data=["contact"], purposes=["shipping", "raffle"])
SHIPPING = a_use_clause(data=["contact"])
OPEN: dict[str, Any] = {"uses": [BOTH]}
CLOSED: dict[str, Any] = {"uses": [SHIPPING]}
BOUND: dict[str, Any] = {
    "uses": [SHIPPING, a_use_clause(clause="3", data=["contact"], purposes=["raffle"], conditions=["consent"])]
}
WITHOUT: dict[str, Any] = {"uses": [SHIPPING], "purposes": {"shipping": {}}}


def changed(before: dict[str, Any], after: dict[str, Any], *uses: SeenUse, assume: tuple[str, ...] = (), **seen: Any) -> Impact:
    """Compare two versions of the shop's policy over some code."""
    old, new = (Version("shop.yaml", a_policy(**(NAMES | parts)), None) for parts in (before, after))
    return impact(Sight(uses, **seen), old, new, assume=assume)


def turned(before: dict[str, Any], after: dict[str, Any], *uses: SeenUse, **parts: Any) -> list[tuple[State, State, Severity]]:
    return [(each.was, each.becomes, each.severity) for each in changed(before, after, *uses, **parts).turns]


RAFFLE = a_use(3, "email_address", "raffle")


# Lines.


@pytest.mark.parametrize(
    ("before", "after", "turn"),
    [
        (OPEN, CLOSED, (PERMITTED, DENIED, ERROR)),
        (OPEN, BOUND, (PERMITTED, CONDITIONAL, WARNING)),
        (OPEN, WITHOUT, (PERMITTED, UNKNOWN, ERROR)),
        (BOUND, CLOSED, (CONDITIONAL, DENIED, ERROR)),
        (BOUND, OPEN, (CONDITIONAL, PERMITTED, NOTE)),
        (CLOSED, OPEN, (DENIED, PERMITTED, NOTE)),
        (CLOSED, BOUND, (DENIED, CONDITIONAL, NOTE)),
        (CLOSED, WITHOUT, (DENIED, UNKNOWN, ERROR)),
        (WITHOUT, CLOSED, (UNKNOWN, DENIED, NOTE)),
        (WITHOUT, OPEN, (UNKNOWN, PERMITTED, NOTE)),
    ],
)
def test_a_line_turns_as_both_judges_say(
    before: dict[str, Any], after: dict[str, Any], turn: tuple[State, State, Severity]
) -> None:
    assert turned(before, after, RAFFLE, a_use(4, "phone", "shipping")) == [turn]
    assert turned(before, before, RAFFLE) == []


def test_a_turn_tells_what_both_policies_decide() -> None:
    [turn] = changed(OPEN, CLOSED, RAFFLE).turns

    assert (turn.use, turn.before.reason, turn.after.reason) == (RAFFLE, Reason.PERMITTED, Reason.UNDECLARED_PURPOSE)
    assert (turn.before.policy.digest, turn.after.policy.digest) == tuple(
        a_policy(**(NAMES | parts)).digest for parts in (OPEN, CLOSED)
    )


@pytest.mark.parametrize(
    ("parts", "closing", "opening"),
    [
        ({"asks": True, "how": How.DECIDE}, WARNING, NOTE),
        ({"drops": True, "how": How.DISCLOSE}, WARNING, NOTE),
        ({"expected": True}, NOTE, WARNING),
        ({"how": How.OPEN}, ERROR, NOTE),
        ({"receiver_known": False}, ERROR, NOTE),
    ],
)
def test_what_blocks_nothing_is_milder_and_a_denial_that_is_expected_is_missed(
    parts: dict[str, Any], closing: Severity, opening: Severity
) -> None:
    use = a_use(3, "email_address", "raffle", **parts)

    assert turned(OPEN, CLOSED, use) == [(PERMITTED, DENIED, closing)]
    assert turned(CLOSED, OPEN, use) == [(DENIED, PERMITTED, opening)]
    assert turned(OPEN, WITHOUT, use) == [(PERMITTED, UNKNOWN, ERROR)]


def test_a_purpose_without_data_is_decided_for_the_data_that_fare_best() -> None:
    block = a_use(3, None, "raffle", how=How.PURPOSE)
    phone_only: dict[str, Any] = {"uses": [SHIPPING, a_use_clause(data=["phone"], purposes=["raffle"])]}

    assert turned(OPEN, phone_only, block) == []
    assert turned(OPEN, CLOSED, block) == [(PERMITTED, DENIED, WARNING)]
    assert turned(OPEN, BOUND, block) == [(PERMITTED, CONDITIONAL, WARNING)]
    assert turned(OPEN, WITHOUT, block) == [(PERMITTED, UNKNOWN, ERROR)]


def test_an_instance_that_no_literal_names_stands_for_any_of_its_class() -> None:
    to_nobody: dict[str, Any] = {"provisions": []}

    assert turned({}, to_nobody, a_use(3, "email_address", "shipping", "carrier/...")) == [(PERMITTED, DENIED, ERROR)]
    assert turned({}, to_nobody, a_use(3, "email_address", "shipping", "carrier")) == [(PERMITTED, DENIED, ERROR)]


def test_a_gate_with_a_ledger_needs_the_person_and_the_channel() -> None:
    ledger = Judge("shop.yaml", ledger=True)
    to_carrier = ("email_address", "shipping", "carrier/...")
    uses = (
        a_use(1, *to_carrier, judge=ledger, has_subject=True, channel="email"),
        a_use(2, *to_carrier, judge=ledger, has_subject=True),
        a_use(3, *to_carrier, judge=ledger, channel="email"),
        a_use(4, *to_carrier, channel="email"),
    )

    turns = changed({}, {"provisions": [a_provision(channels=["post"])]}, *uses).turns

    assert [(each.use.place.line, each.after.reason) for each in turns] == [
        (1, Reason.UNLISTED_CHANNEL),
        (4, Reason.UNLISTED_CHANNEL),
    ]


def test_what_is_assumed_is_shown_to_both() -> None:
    assert turned(OPEN, BOUND, RAFFLE, assume=("consent",)) == []
    assert turned(BOUND, CLOSED, RAFFLE, assume=("consent",)) == [(PERMITTED, DENIED, ERROR)]


def test_a_policy_that_is_not_in_force_yet_is_judged_as_if_it_were() -> None:
    assert turned(OPEN, OPEN | {"policy": {"effective": "2990-01-01"}}, RAFFLE) == []


def test_a_read_under_a_purpose_turns_with_the_purpose_that_permits_most() -> None:
    under = a_read(5, "phone", (None, "raffle", None))
    nested = a_read(6, "phone", (None, "raffle", None), (None, "shipping", None))
    checked = a_read(7, "phone", (None, "raffle", None), ("contact", "shipping", None))
    bare = a_read(8, "phone")

    report = changed(OPEN, CLOSED, reads=(under, under, nested, checked, bare))

    assert [(each.use.place.line, each.was, each.becomes, each.severity) for each in report.turns] == [
        (5, PERMITTED, DENIED, ERROR)
    ]
    assert report.judged == 2


def test_names_that_vanish_are_told_where_no_whole_use_can_be_judged() -> None:
    labels = [a_use(line, name, None, how=How.LABEL) for line, name in ((7, "phone"), (8, "email_address"), (9, "shoe_size"))]
    half = a_use(10, None, "raffle", "carrier/...", unread=True)
    facts = (a_fact(2, "of_age"), a_fact(3, "weather"), a_fact(4, "of_age", Judge("other.yaml")))
    fewer: dict[str, Any] = {
        "categories": {"contact": {}, "email_address": {}},
        "purposes": {"shipping": {}},
        "recipients": {"shop": {"role": "controller"}},
        "provisions": [],
        "conditions": {"of_age": {"shown_by": "claim"}},
    }

    report = changed({}, fewer, *labels, half, facts=facts)

    assert report.vanished == (
        Vanished("fact", "of_age", a_place(2)),
        Vanished("data category", "phone", a_place(7, column=20)),
        Vanished("purpose", "raffle", a_place(10, column=40)),
        Vanished("recipient", "carrier/...", a_place(10, column=60)),
    )
    assert (report.judged, report.unread, report.severities) == (0, 1, {ERROR: 4})


def test_a_channel_that_vanishes_is_told() -> None:
    half = replace(
        RAFFLE, unread=True, mentions=(Mention(Part.CHANNEL, "post", a_place(3)), Mention(Part.CHANNEL, "email", a_place(4)))
    )

    assert changed({}, {"channels": {"email": {}}}, half).vanished == (Vanished("channel", "post", a_place(3)),)


# What is left out.


def test_uses_of_other_policies_gates_are_counted_and_left_out() -> None:
    other = Judge("policies/other.yaml")
    uses = [a_use(line, "email_address", "raffle", judge=judge) for line, judge in enumerate((other, OWN, Judge(), other))]

    report = changed(OPEN, CLOSED, *uses)

    assert (report.judged, report.elsewhere, [each.use.place.line for each in report.turns]) == (
        2,
        {"policies/other.yaml": 2},
        [1, 2],
    )


def test_a_gate_of_a_folder_or_by_another_way_to_the_file_is_the_policys(tmp_path: Path) -> None:
    old, new = (version(str(a_folder(folder, **(NAMES | parts)))) for folder, parts in ((tmp_path, OPEN), (_in(tmp_path), CLOSED)))
    paths = (f"{tmp_path}/x/../shop.yaml", str(tmp_path), f"{tmp_path}/new/shop.yaml", f"{tmp_path}/x/shop.yaml")
    uses = tuple(a_use(line, "email_address", "raffle", judge=Judge(path)) for line, path in enumerate(paths))

    report = impact(Sight(uses), old, new)

    assert (report.judged, report.elsewhere) == (3, {paths[3]: 1})


def _in(folder: Path) -> Path:
    (folder / "new").mkdir()
    return folder / "new"


def test_uses_whose_names_could_not_be_read_are_counted() -> None:
    uses = (
        a_use(1, None, "raffle", unread=True),
        a_use(2, "phone", None),
        a_use(3, "phone", "raffle", unread=True),
        a_use(4, "phone", None, how=How.LABEL),
        a_use(5, None, "raffle", unread=True, judge=Judge("other.yaml")),
    )

    report = changed(OPEN, OPEN, *uses, RAFFLE)

    assert (report.judged, report.unread, report.elsewhere) == (1, 3, {"other.yaml": 1})


# Permissions.


def told(report: Impact) -> list[tuple[str, bool]]:
    return [(each.citation.clause, each.kept) for each in report.idle]


def test_a_clause_that_lines_rested_on_and_none_does_now_is_idle() -> None:
    apart: dict[str, Any] = {"uses": [SHIPPING, a_use_clause(clause="3", data=["contact"], purposes=["raffle"])]}
    narrower: dict[str, Any] = {"uses": [SHIPPING, a_use_clause(clause="3", data=["phone"], purposes=["raffle"])]}

    assert told(changed(apart, narrower, RAFFLE)) == [("3", True)]
    assert told(changed(apart, CLOSED, RAFFLE)) == [("3", False)]
    assert told(changed(apart, narrower, RAFFLE, a_use(4, "phone", "raffle"))) == []
    assert told(changed(apart, BOUND, RAFFLE)) == []
    assert told(changed(apart, narrower, a_use(3, "email_address", "raffle", expected=True))) == []


def test_what_the_later_policy_newly_permits_is_told_by_its_clauses_unless_a_line_does_it() -> None:
    wider: dict[str, Any] = {"uses": [SHIPPING, a_use_clause(clause="7", data=["contact"], purposes=["raffle"])]}

    unused = changed(CLOSED, wider, a_use(3, "email_address", "shipping")).unclaimed
    used = [changed(CLOSED, wider, each).unclaimed for each in (RAFFLE, a_use(3, None, "raffle", how=How.PURPOSE))]
    expected = changed(CLOSED, wider, a_use(3, "email_address", "raffle", expected=True)).unclaimed

    assert [(each.clauses, [(w.data_categories, w.purpose, w.recipient) for w in each.witnesses]) for each in unused] == [
        (("7",), [(("contact",), "raffle", "shop")])
    ]
    assert (used, expected) == ([(), ()], unused)


# How it is told.


def test_the_text_tells_each_line_with_both_reasons_and_the_new_clause() -> None:
    uses = (
        a_use(3, "email_address", "raffle", "carrier/...", channel="post", receiver_known=False),
        a_use(4, "phone", "raffle", asks=True, how=How.DECIDE),
        a_use(5, None, "shipping", how=How.PURPOSE),
        a_use(6, "phone", "raffle", judge=Judge("other.yaml")),
        a_use(7, "phone", None),
    )
    before = OPEN | {"provisions": [a_provision(data=["contact"], purposes="any", channels=["post"])]}
    after = CLOSED | {"provisions": before["provisions"], "policy": {"revision": "2"}}

    lines = [*impact_text.lines(changed(before, after, *uses), everything=False)]

    assert "\n".join(lines) == (
        "`shop`: from revision `1` in shop.yaml to revision `2` in shop.yaml\n"
        "3 uses in the code: 1 becomes a violation, 1 may be blocked\n"
        "\n"
        "lines that become violations\n"
        "  app.py:3:5: `email_address` for `raffle` by `carrier/…` through `post`\n"
        "    before: permitted by clause `1` and clause `2`\n"
        "    after:  denied, since the purpose is not declared for this category [undeclared-purpose]\n"
        "    help: no clause opens this purpose\n"
        "    note: what it is called on is not known to be a gate\n"
        "\n"
        "lines that may be blocked, or that count on what is no longer so\n"
        "  app.py:4:5: `phone` for `raffle`\n"
        "    before: permitted by clause `1`\n"
        "    after:  denied, since the purpose is not declared for this category [undeclared-purpose]\n"
        "    help: no clause opens this purpose\n"
        "    note: nothing is blocked: what the code asks is always answered with no\n"
        "\n"
        "permissions that no line uses any more\n"
        "  clause `2`: “ship parcels”\n"
        "\n"
        "note: 1 use could not be judged: a name could not be read\n"
        "note: 1 use left out: the gate's policy is other.yaml"
    )


def test_the_text_says_so_where_nothing_comes_out_otherwise() -> None:
    lines = [*impact_text.lines(changed(OPEN, OPEN, RAFFLE), everything=False)]

    assert lines[1:] == ["1 use in the code: none comes out otherwise"]


def test_places_that_could_not_be_followed_are_told_of() -> None:
    doubts = tuple(Finding(slug, Severity.WARNING, "a doubt") for slug in ("cannot-verify", "unreadable-use", "cannot-verify"))

    report = changed(OPEN, OPEN, RAFFLE, findings=doubts)

    assert [*impact_text.notes(report)] == [
        "note: 2 places could not be followed, and may hold more: `purposegate scan` tells them"
    ]


def test_a_path_that_no_file_can_have_is_another_policys() -> None:
    assert changed(OPEN, OPEN, a_use(3, "phone", "raffle", judge=Judge("\0"))).elsewhere == {"\0": 1}


def test_a_long_list_is_cut_unless_all_is_asked_for() -> None:
    report = changed(OPEN, CLOSED, *(a_use(line, "phone", "raffle") for line in range(1, 26)))

    short, whole = ([*impact_text.lines(report, everything=everything)] for everything in (False, True))

    assert short.index("  and 5 more; `--all` shows them") == short.index("permissions that no line uses any more") - 2
    assert len([line for line in whole if line.startswith("  app.py")]) == 25


def test_markdown_puts_whatever_anybody_wrote_into_code_spans() -> None:
    uses = (
        a_use(3, "email_address", "shipping", "carrier/...", expected=True, judge=Judge()),
        a_use(4, None, "raffle", how=How.ROUTE, judge=Judge()),
        a_use(5, "email_address", None, judge=Judge()),
    )
    seen = Sight((*uses, a_use(7, "phone", None, how=How.LABEL)))
    old = a_policy(**(NAMES | OPEN | {"provisions": []}))
    fewer = {"categories": {"contact": {}, "email_address": {"parent": "contact"}}, "provisions": [a_provision(clause="`|<b>")]}
    new = a_policy(**(NAMES | CLOSED | fewer))

    lines = [*impact_markdown.lines(impact(seen, Version("a`|b.yaml", old, None), Version("new.yaml", new, None)))]

    head = "| line | data category | purpose | recipient | before | after |\n|---|---|---|---|---|---|\n"
    assert "\n".join(lines) == (
        "### Privacy policy `shop`: revision `1` → `1`\n"
        "\n"
        "`a'¦b.yaml` → `new.yaml`: 2 uses in the code: 2 may be blocked, 1 name gone.\n"
        "\n"
        "#### Lines that may be blocked, or that count on what is no longer so\n"
        "\n"
        f"{head}"
        "| `app.py:3` | `email_address` | `shipping` | `carrier/…` | unlisted-recipient: `1` | permitted: `1`, `'¦<b>`"
        " (the code around it expects a denial) |\n"
        "| `app.py:4` | – | `raffle` | – | permitted: `1` | undeclared-purpose |\n"
        "\n"
        "#### Names that are gone\n"
        "\n"
        "- `app.py:7:20`: the data category `phone`\n"
        "\n"
        "#### Permissions that no line uses any more\n"
        "\n"
        "- clause `1`\n"
        "\n"
        "#### Newly permitted, and done by no line\n"
        "\n"
        "- by `1`, `'¦<b>`: `email_address` for `shipping` by `carrier`\n"
        "\n"
        "- `note: 1 use could not be judged: a name could not be read`"
    )


def test_a_long_table_is_cut_in_a_comment() -> None:
    report = changed(OPEN, CLOSED, *(a_use(line, "phone", "raffle") for line in range(1, 26)))

    lines = "\n".join(impact_markdown.lines(report))

    assert lines.count("| `app.py:") == 20
    assert "\n\nAnd 5 more, which `purposegate impact --all` shows.\n" in lines


# The command, over code as it stands in files.

SERVICE = """\
from typing import Annotated
from dataclasses import dataclass
from purposegate import Gate, Personal

gate = Gate.load("shop.yaml")

@dataclass
class Customer:
    phone: Annotated[str, Personal("phone")]

def call(customer: Customer) -> str:
    with gate.purpose("raffle"):
        return customer.phone

def ship(customer: Customer) -> None:
    gate.check("phone", "shipping")

def draw(customer: Customer) -> None:
    gate.check("phone", "raffle")
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a service, its policy, and the policy as it is to be."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "service.py").write_text(SERVICE)
    a_folder(tmp_path, **(NAMES | CLOSED)).rename(tmp_path / "new.yaml")
    a_folder(tmp_path, **(NAMES | OPEN))
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["impact", *arguments])
    return result.exit_code, result.output


def test_the_command_finds_the_lines_of_the_code_and_fails_by_them(shop: Path) -> None:
    code, output = run("shop.yaml", "new.yaml", "service.py", "--format", "json")

    report = json.loads(output)
    assert code == 1
    assert [(each["line"], each["how"], each["data_category"], each["severity"]) for each in report["turns"]] == [
        (12, "purpose", None, "warning"),
        (13, "read", "phone", "error"),
        (19, "check", "phone", "error"),
    ]
    assert report["turns"][2] == {
        "severity": "error",
        "was": "permitted",
        "becomes": "denied",
        "path": "service.py",
        "line": 19,
        "column": 5,
        "function": report["turns"][2]["function"],
        "how": "check",
        "data_category": "phone",
        "purpose": "raffle",
        "recipient": None,
        "channel": None,
        "receiver_known": True,
        "expected": False,
        "before": {"permitted": True, "reason": "permitted", "clauses": ["1"], "unmet": [], "channels": [], "objections": []},
        "after": {"permitted": False, "reason": "undeclared-purpose", "clauses": [], "unmet": [], "channels": [], "objections": []},
    }
    assert (report["before"]["name"], report["judged"], report["unread"], report["elsewhere"], report["unverified"]) == (
        "shop.yaml",
        4,
        0,
        {},
        0,
    )
    assert (report["vanished"], report["idle"], report["unclaimed"]) == ([], [], [])


def test_the_command_is_content_where_no_line_becomes_a_violation(shop: Path) -> None:
    assert run("shop.yaml", "shop.yaml", ".") == (
        0,
        "`shop`: from revision `1` in shop.yaml to revision `1` in shop.yaml\n4 uses in the code: none comes out otherwise\n",
    )
    assert [run("new.yaml", "shop.yaml", ".", *level)[0] for level in ((), ("--fail-level", "note"))] == [0, 1]
    assert run("shop.yaml", "new.yaml", ".", "--fail-level", "never")[0] == 0


def test_the_command_compares_with_a_revision_that_git_keeps(shop: Path) -> None:
    for arguments in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "a"]):
        subprocess.run(["git", *arguments], check=True, env=os.environ | {"GIT_CONFIG_GLOBAL": os.devnull})  # noqa: S607 - as found
    (shop / "shop.yaml").write_bytes((shop / "new.yaml").read_bytes())

    code, output = run("HEAD:shop.yaml", "shop.yaml", "service.py", "--format", "markdown")

    assert (code, output.count("| `service.py:")) == (1, 3)


def test_the_command_takes_conditions_as_shown_and_refuses_unknown_ones(shop: Path) -> None:
    a_folder(shop, **(NAMES | BOUND)).rename(shop / "new.yaml")
    a_folder(shop, **(NAMES | OPEN))

    assert [run("shop.yaml", "new.yaml", ".", *each)[0] for each in ((), ("--fail-level", "warning"))] == [0, 1]
    assert run("shop.yaml", "new.yaml", ".", "--fail-level", "warning", "--assume", "consent")[0] == 0
    assert run("shop.yaml", "new.yaml", ".", "--assume", "consen") == (
        2,
        "purposegate: neither policy knows a condition `consen`\nhelp: did you mean `consent`?\n",
    )


def test_the_command_could_not_run_where_a_policy_or_code_cannot_be_read(shop: Path) -> None:
    (shop / "broken.py").write_text("def (:\n")

    assert run("missing.yaml", "new.yaml", ".")[0] == 2
    assert run("shop.yaml", "shop.yaml", "missing.py")[0] == 2
    code, output = run("shop.yaml", "shop.yaml", "service.py", "broken.py")
    assert (code, "broken.py:1:5: error[unparsable]" in output) == (2, True)
