"""`purposegate impact`: every line that comes out otherwise under an amended policy, and every permission that lies idle then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import a_folder, a_policy, a_provision, a_use_clause
from sights import OWN, a_fact, a_field, a_place, a_use

from purposegate.cli import impact_markdown, impact_text
from purposegate.engine.decision import Reason
from purposegate.findings import Severity
from purposegate.tools.scanning.impact import Impact, State, Vanished, impact
from purposegate.tools.scanning.sighting import How, Judge, SeenUse, Sight
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
BOUND: dict[str, Any] = {"uses": [SHIPPING, a_use_clause(clause="3", data=["contact"], purposes=["raffle"], conditions=["consent"])]}
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
def test_a_line_turns_as_both_judges_say(before: dict[str, Any], after: dict[str, Any], turn: tuple[State, State, Severity]) -> None:
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
        ({"how": How.READ}, ERROR, NOTE),
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


def test_names_of_labels_and_facts_that_vanish_are_told() -> None:
    fields = (a_field(7, "User.phone", "phone"), a_field(8, "User.email", "email_address"), a_field(9, "User.shoe", "shoe_size"))
    facts = (a_fact(2, "of_age"), a_fact(3, "weather"), a_fact(4, "of_age", Judge("other.yaml")))
    fewer: dict[str, Any] = {"categories": {"contact": {}, "email_address": {}}, "conditions": {"of_age": {"shown_by": "claim"}}}

    report = changed({}, fewer, fields=fields, facts=facts)

    assert report.vanished == (
        Vanished("fact", "of_age", a_place(2)),
        Vanished("data category", "phone", a_place(7, column=40)),
    )
    assert report.severities[ERROR] == 2


# What is left out.


def test_uses_of_other_policies_gates_are_counted_and_left_out() -> None:
    other = Judge("policies/other.yaml")
    uses = [a_use(line, "email_address", "raffle", judge=judge) for line, judge in enumerate((other, OWN, Judge(), other))]

    report = changed(OPEN, CLOSED, *uses)

    assert (report.judged, report.elsewhere, [each.use.place.line for each in report.turns]) == (2, {"policies/other.yaml": 2}, [1, 2])


def test_a_gate_of_a_folder_or_by_another_way_to_the_file_is_the_policys(tmp_path: Path) -> None:
    old, new = (version(str(a_folder(folder, **(NAMES | parts)))) for folder, parts in ((tmp_path, OPEN), (_in(tmp_path), CLOSED)))
    paths = (f"{tmp_path}/x/../shop.yaml", str(tmp_path), f"{tmp_path}/new/shop.yaml", f"{tmp_path}/x/shop.yaml")
    uses = tuple(a_use(line, "email_address", "raffle", judge=Judge(path)) for line, path in enumerate(paths))

    report = impact(Sight(uses), old, new)

    assert (report.judged, report.elsewhere) == (3, {paths[3]: 1})


def _in(folder: Path) -> Path:
    (folder / "new").mkdir()
    return folder / "new"


def test_uses_whose_names_could_not_be_read_are_counted_and_reads_without_a_purpose_are_not() -> None:
    uses = (a_use(1, None, "raffle"), a_use(2, "phone", None), a_use(3, "phone", None, how=How.READ), RAFFLE)

    report = changed(OPEN, OPEN, *uses)

    assert (report.judged, report.unread) == (1, 2)


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

    lines = [*impact_text.lines(changed(before, after, *uses, fields=()), everything=False)]

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


def test_a_long_list_is_cut_unless_all_is_asked_for() -> None:
    report = changed(OPEN, CLOSED, *(a_use(line, "phone", "raffle") for line in range(1, 26)))

    short, whole = ([*impact_text.lines(report, everything=everything)] for everything in (False, True))

    assert short.index("  and 5 more; `--all` shows them") == short.index("permissions that no line uses any more") - 2
    assert len([line for line in whole if line.startswith("  app.py")]) == 25


def test_markdown_puts_whatever_anybody_wrote_into_code_spans() -> None:
    uses = (
        a_use(3, "email_address", "shipping", "carrier/...", expected=True, judge=Judge()),
        a_use(4, None, "raffle", how=How.ROUTE, judge=Judge()),
        a_use(5, "phone", None, judge=Judge()),
    )
    seen = Sight(uses, (a_field(7, "User.phone", "phone"),))
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
        "- `app.py:7:40`: the data category `phone`\n"
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
