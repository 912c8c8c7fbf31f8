"""`purposegate diff`: each kind of change is told for what it is, in words, as data and as Markdown that nothing breaks out of."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import (
    PROSE,
    a_document,
    a_folder,
    a_policy,
    a_provision,
    a_use_clause,
    an_objection,
    as_yaml,
)
from typer.testing import CliRunner

from purposegate import Context, Decision, Engine, Policy, PolicyError, Use
from purposegate.cli.app import app
from purposegate.policy.compiled import compiled
from purposegate.tools.comparing import Change, differences
from purposegate.tools.diff import Indirect, Report, diff
from purposegate.tools.versions import Version, version

WIDENED, NARROWED = Change.WIDENED, Change.NARROWED
CONSENT = {"consent": {"shown_by": "consent"}, "agreed": {"shown_by": "agreement"}}
TERMS = {"clause": "9", "quote": "We may amend this policy.", "window": "P7D", "silence": "accepts", "time_zone": "Asia/Tokyo"}
TWO_CHANNELS: dict[str, Any] = {"post": {}, "email": {}}


def compared(before: dict[str, Any], after: dict[str, Any], **common: Any) -> Report:
    """Compare two versions of the shop's policy, which have some sections in common."""
    old, new = (a_policy(**(common | parts)) for parts in (before, after))
    return diff(Version("old", old, None), Version("new", new, None))


def told(report: Report) -> list[tuple[Any, ...]]:
    """Give who may do what: the change, the recipient, the channel, what is shown, and what is lodged."""
    for each in report.witnesses:
        assert (each.data_categories, each.purpose) == (("email_address",), "shipping")
        assert (each.before.permitted, each.after.permitted) == (each.change is NARROWED, each.change is WIDENED)
    return [(each.change, each.recipient, each.channel, each.conditions, each.objections) for each in report.witnesses]


# What is permitted.


def test_a_condition_that_is_no_longer_needed_widens_and_one_more_narrows() -> None:
    free, bound = {"provisions": [a_provision()]}, {"provisions": [a_provision(conditions=["consent"])]}

    assert told(compared(bound, free, conditions=CONSENT)) == [(WIDENED, "carrier", None, (), ())]
    assert told(compared(free, bound, conditions=CONSENT)) == [(NARROWED, "carrier", None, (), ())]


def test_a_condition_in_the_place_of_another_widens_and_narrows() -> None:
    report = compared(
        {"provisions": [a_provision(conditions=["consent"])]},
        {"provisions": [a_provision(conditions=["agreed"])]},
        conditions=CONSENT,
    )

    assert told(report) == [(WIDENED, "carrier", None, ("agreed",), ()), (NARROWED, "carrier", None, ("consent",), ())]
    assert report.changes == {("shipping", "carrier"): Change.BOTH}


def test_a_condition_that_another_can_show_is_another_condition() -> None:
    report = compared({"conditions": CONSENT}, {"conditions": CONSENT | {"consent": {"shown_by": "fact"}}}, uses=USE_ON_CONSENT)

    assert told(report)[:2] == [(WIDENED, "shop", None, ("consent",), ()), (NARROWED, "shop", None, ("consent",), ())]
    assert report.notes == ("`consent` was shown by a consent and is shown by a fact: they are taken for two conditions",)


USE_ON_CONSENT = [a_use_clause(conditions=["consent"])]


def test_a_name_that_is_moved_under_another_widens_since_consents_to_that_reach_it() -> None:
    asking = [a_use_clause(data=["email_address", "contact"], conditions=["consent"])]
    before: dict[str, Any] = {"categories": {"contact": {}, "email_address": {}}}
    after = {"categories": {"contact": {}, "email_address": {"parent": "contact"}}}

    report = compared(before, after, conditions={"consent": {"shown_by": "consent"}}, uses=asking)

    told_of = "`email_address` lies under `contact` now: what a ledger was told of `contact`, as a consent, counts for it too"
    assert report.indirect == (Indirect(WIDENED, told_of),)
    assert (report.change, report.changes, report.consequence.express_consent) == (WIDENED, {}, True)


def test_a_name_that_lies_under_another_no_more_widens_since_objections_to_the_one_spare_the_other() -> None:
    under: dict[str, Any] = {"categories": {"contact": {}, "email_address": {"parent": "contact"}}}
    beside: dict[str, Any] = {"categories": {"contact": {}, "email_address": {}}}
    shared: dict[str, Any] = {"uses": [a_use_clause(data=["email_address", "contact"])], "objections": {"stop": an_objection()}}

    out, back = compared(under, beside, **shared), compared(beside, under, **shared)

    moved = "`email_address` lies under `contact`"
    assert out.indirect == (Indirect(WIDENED, f"{moved} no more: an objection to the one does not stop a use of the other"),)
    assert back.indirect == (Indirect(NARROWED, f"{moved} now: an objection to the one stops a use of the other"),)
    assert (out.has(WIDENED), back.has(WIDENED)) == (True, False)


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("2090-01-01", None, WIDENED),
        ("2090-01-01", "2089-12-31", WIDENED),
        (None, "2090-01-01", NARROWED),
        ("2089-12-31", "2090-01-01", NARROWED),
        ("2090-01-01", "2090-01-01", None),
    ],
)
def test_another_day_of_coming_into_force_is_a_change(before: str | None, after: str | None, change: Change | None) -> None:
    one, other = ({"policy": {} if day is None else {"effective": day}} for day in (before, after))

    assert compared(one, other).change is change


def test_the_later_day_of_another_revision_narrows_nothing_since_the_earlier_one_holds_until_then() -> None:
    assert compared({}, {"policy": {"revision": "2", "effective": "2090-01-01"}}).change is None


def test_more_channels_widen_and_fewer_narrow() -> None:
    one, two = {"provisions": [a_provision(channels=["post"])]}, {"provisions": [a_provision(channels=["post", "email"])]}

    assert told(compared(one, two, channels=TWO_CHANNELS)) == [(WIDENED, "carrier", "email", (), ())]
    assert told(compared(two, one, channels=TWO_CHANNELS)) == [(NARROWED, "carrier", "email", (), ())]


def test_a_channel_that_is_new_widens_what_says_any() -> None:
    report = compared({}, {"channels": TWO_CHANNELS})

    assert told(report) == [(WIDENED, "shop", "email", (), ()), (WIDENED, "carrier", "email", (), ())]
    assert report.names.added == {"channels": ("email",)}


def test_any_in_the_place_of_the_only_channel_is_seen_where_a_ledger_records() -> None:
    report = compared(
        {"provisions": [a_provision(channels=["post"])]},
        {"provisions": [a_provision(channels="any")]},
        recipients={"shop": {"role": "controller"}, "carrier": {"role": "processor"}},
    )

    assert told(report) == [(WIDENED, "carrier/*", None, (), ())]
    assert [each.consulted for each in report.witnesses] == [True]


def test_an_objection_that_no_longer_counts_widens_and_a_new_one_narrows() -> None:
    strong = {"objections": {"stop": an_objection()}}
    by_exemption = {"objections": {"stop": an_objection(exempt=["2"])}}
    by_scope = {"objections": {"stop": an_objection(recipients=["shop"])}}
    in_spite = [(WIDENED, "carrier", None, (), ("stop",))]

    assert told(compared(strong, by_exemption)) == in_spite
    assert told(compared(strong, by_scope)) == in_spite
    assert told(compared(by_scope, strong)) == [(NARROWED, "carrier", None, (), ("stop",))]


def test_an_objection_that_can_no_longer_be_lodged_widens() -> None:
    report = compared({"objections": {"stop": an_objection()}}, {})

    assert told(report) == [(WIDENED, "shop", None, (), ("stop",)), (WIDENED, "carrier", None, (), ("stop",))]
    assert report.notes == ("`stop` can no longer be lodged: who has lodged it is denied everything, as long as it is in force",)


def test_a_purpose_for_provision_only_is_closed_to_the_company_itself() -> None:
    open_, for_provision = {"uses": [a_use_clause()]}, {"uses": [a_use_clause(provision_only=True)]}

    assert told(compared(open_, for_provision)) == [(NARROWED, "shop", None, (), ())]
    assert told(compared(for_provision, open_)) == [(WIDENED, "shop", None, (), ())]


def test_an_exception_in_the_place_of_a_provision_closes_it_to_processors_alone() -> None:
    ordinary = {"provisions": [a_provision()]}
    by_exception = {"provisions": [], "exceptions": [a_provision()]}
    processor = {"shop": {"role": "controller"}, "carrier": {"role": "processor"}}

    assert told(compared(ordinary, by_exception)) == []
    assert told(compared(ordinary, by_exception, recipients=processor)) == [(NARROWED, "carrier", None, (), ())]


def test_what_is_given_to_the_companies_of_a_class_and_not_to_all_of_it_is_told_of_whichever_company() -> None:
    recipients = {"shop": {"role": "controller"}, "carrier": {"role": "third_party"}, "courier": {"parent": "carrier"}}
    provision = a_provision(**{"except": {"recipients": ["courier"]}})

    report = compared({"provisions": []}, {"provisions": [provision]}, recipients=recipients)

    assert told(report) == [(WIDENED, "carrier/*", None, (), ())]
    assert report.changes == {("shipping", "carrier"): WIDENED}


def test_names_that_one_policy_alone_knows_are_told_with_what_they_may_be_used_for() -> None:
    before: dict[str, Any] = {"categories": {"email_address": {}}, "purposes": {"shipping": {}}}
    after: dict[str, Any] = {
        "categories": {"email_address": {}, "phone": {"parent": "email_address"}},
        "purposes": {"shipping": {}, "raffle": {}},
        "uses": [a_use_clause(), a_use_clause(purposes=["raffle"], data=["phone"])],
    }

    report = compared(before, after, provisions=[])

    assert [(each.data_categories, each.purpose, each.recipient) for each in report.witnesses] == [
        (("phone",), "shipping", "shop"),
        (("phone",), "raffle", "shop"),
    ]
    assert report.names == ({}, {"categories": ("phone",), "purposes": ("raffle",)})


def test_the_widest_names_stand_for_all_under_them() -> None:
    names = {"contact": {}, "email_address": {"parent": "contact"}, "phone": {"parent": "contact"}}

    report = compared({"uses": []}, {"uses": [a_use_clause(data=["contact"])]}, categories=names, provisions=[])

    assert [each.data_categories for each in report.witnesses] == [("contact",)]


def test_a_rule_that_says_what_others_say_already_changes_nothing() -> None:
    report = compared({}, {"provisions": [a_provision(), a_provision(clause="3", conditions=["consent"])]}, conditions=CONSENT)

    assert (report.change, report.witnesses) == (None, ())


def test_another_controller_is_another_recipient() -> None:
    new = {"policy": {"controller": "store"}, "recipients": {"store": {"role": "controller"}}}

    report = compared({"recipients": {"shop": {"role": "controller"}}}, new, provisions=[])

    assert told(report) == [(WIDENED, "store", None, (), ()), (NARROWED, "shop", None, (), ())]
    assert report.notes == ("the controller was `shop` and is `store`: they are taken for two recipients",)


class _DecidesOtherwise(Engine):
    """Derives as it should, and permits nothing."""

    def decide(self, use: Use, context: Context) -> Decision:
        return super().decide(replace(use, data_category="nobody_declared_this"), context)


def test_a_judge_that_contradicts_itself_is_no_answer() -> None:
    before, after = Engine(a_policy(provisions=[])), _DecidesOtherwise(a_policy())

    with pytest.raises(RuntimeError, match="contradict each other"):
        list(differences(before, after))


# What follows from it.


SILENCE_ACCEPTS = (
    "by the terms of revision `1` silence accepts too: whoever goes on using the service after the notice and does not dissent"
    " counts as having accepted when 7 days have passed (Asia/Tokyo)"
)


def test_what_follows_goes_by_the_terms_of_the_earlier_policy() -> None:
    wider = {"provisions": [a_provision()]}
    narrow: dict[str, Any] = {"provisions": []}
    accepts, never = {"amendments": TERMS}, {"amendments": TERMS | {"window": "P1D", "silence": "never"}}
    consent = (
        "notice is needed, and express consent: something is permitted that was not",
        "it stays closed for each person until they have accepted revision `1`",
    )

    assert compared(narrow | accepts, wider | never).consequence.sentences == (
        *consent,
        SILENCE_ACCEPTS,
    )
    assert compared(narrow | never, wider | accepts).consequence.sentences == (
        *consent,
        "by the terms of revision `1` silence accepts nothing",
    )
    assert compared(narrow, wider | accepts).consequence.sentences == (
        *consent,
        "revision `1` states no terms of amendment, so that silence accepts nothing",
    )
    assert compared(wider, narrow).consequence.sentences == ("notice is needed, and no consent: nothing is permitted that was not",)


def test_what_differs_in_the_text_alone_is_no_change_in_what_is_permitted() -> None:
    report = compared({}, {"policy": {"title": "Our privacy"}, "uses": [a_use_clause(quote="parcels")]})

    assert (report.change, report.witnesses) == (None, ())
    assert report.texts == (
        "the title",
        "the clauses or quotes of rules",
        "perhaps the published prose, which a compiled policy comes without",
    )
    assert report.consequence.sentences == (
        "notice is needed, and no consent: what people read has changed, and nothing in what is permitted",
    )


def test_what_differs_for_readers_of_the_file_alone_needs_no_notice(tmp_path: Path) -> None:
    old = a_folder(tmp_path)
    new = tmp_path / "new.yaml"
    new.write_bytes(b"# a comment\n" + old.read_bytes())

    report = diff(version(str(old)), version(str(new)))

    assert report.texts == ("what only readers of the file see: its order, readings, notes or comments",)
    assert (report.consequence.notice, report.consequence.express_consent) == (False, False)


# What is printed.


def amended(folder: Path) -> tuple[str, str]:
    """A shop that no longer asks before it raffles, tells the carrier on consent alone, and writes a clause to break out with."""
    common: dict[str, Any] = {
        "purposes": {"shipping": {}, "raffle": {}},
        "channels": TWO_CHANNELS,
        "conditions": CONSENT,
        "amendments": TERMS,
        "objections": {"stop": an_objection()},
    }
    raffle = a_use_clause(clause="3", purposes=["raffle"])
    old = a_document(
        uses=[a_use_clause(), raffle | {"conditions": ["consent"]}], provisions=[a_provision(channels=["post"])], **common
    )
    new = a_document(
        policy={"revision": "2 | `<b>`\\"},
        uses=[a_use_clause(), raffle],
        provisions=[a_provision(channels=["post"], conditions=["consent"])],
        exceptions=[a_provision(clause="4|`</details>\\", purposes=["raffle"], channels=["email"])],
        **common,
    )
    for name, document in (("old", old), ("new", new)):
        (folder / name).mkdir()
        a_folder(folder / name, document)
    return "old/shop.yaml", "new/shop.yaml"


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["diff", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def test_it_is_told_in_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert run(*amended(tmp_path)) == (0, TEXT, "")


TEXT = r"""`shop`: from revision `1` in old/shop.yaml to revision `2 | '<b>'\` in new/shop.yaml
for each purpose and recipient: 2 widened, 1 narrowed

widened: permitted that was not
  `email_address` for `raffle` by `shop`
    before: denied, since a condition of the clause is not shown (not shown: `consent`) [unmet-condition]
    after:  permitted by clause `3`
  `email_address` for `raffle` by `carrier`
    before: denied, since no clause provides it to this recipient for this purpose [unlisted-recipient]
    after:  permitted by clause `3` and clause `4|'</details>\`, only through `email`

narrowed: no longer permitted
  `email_address` for `shipping` by `carrier`
    before: permitted by clause `1` and clause `2`, only through `post`
    after:  denied, since a condition of the clause is not shown (not shown: `consent`) [unmet-condition]

text that differs: the revision; the clauses or quotes of rules

amendment: notice is needed, and express consent: something is permitted that was not
  it stays closed for each person until they have accepted revision `2 | '<b>'\`
  by the terms of revision `1` silence accepts too: whoever goes on using the service after the notice and does not dissent counts as having accepted when 7 days have passed (Asia/Tokyo)
"""  # noqa: E501 - as it is printed


def test_markdown_has_a_table_for_what_widened_and_one_for_what_narrowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert run(*amended(tmp_path), "--format", "markdown") == (0, MARKDOWN, "")


MARKDOWN = r"""### Privacy policy `shop`: revision `1` → `2 ¦ '<b>'/`

`old/shop.yaml` → `new/shop.yaml`: for each purpose and recipient: 2 widened, 1 narrowed.

- notice is needed, and express consent: something is permitted that was not
- it stays closed for each person until they have accepted revision `2 | '<b>'\`
- by the terms of revision `1` silence accepts too: whoever goes on using the service after the notice and does not dissent counts as having accepted when 7 days have passed (Asia/Tokyo)

#### Widened: permitted that was not

| data category | purpose | recipient | channel | shown | objected | before | after |
|---|---|---|---|---|---|---|---|
| `email_address` | `raffle` | `shop` | – | – | – | unmet-condition: `3` | permitted: `3` |
| `email_address` | `raffle` | `carrier` | – | – | – | unlisted-recipient: `3`, `2` | permitted: `3`, `4¦'</details>/`, only through `email` |

#### Narrowed: no longer permitted

| data category | purpose | recipient | channel | shown | objected | before | after |
|---|---|---|---|---|---|---|---|
| `email_address` | `shipping` | `carrier` | – | – | – | permitted: `1`, `2`, only through `post` | unmet-condition: `1`, `2` |

- text that differs: the revision; the clauses or quotes of rules
"""  # noqa: E501 - as it is printed


def test_json_holds_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    old, new = amended(tmp_path)

    code, out, err = run(old, new, "--format", "json")

    data = json.loads(out)
    assert (code, err) == (0, "")
    assert data["before"] | {"digest": ""} == {"name": old, "id": "shop", "revision": "1", "digest": ""}
    assert data["change"] == "both"
    assert data["changes"] == [
        {"purpose": "raffle", "recipient": "shop", "change": "widened"},
        {"purpose": "shipping", "recipient": "carrier", "change": "narrowed"},
        {"purpose": "raffle", "recipient": "carrier", "change": "widened"},
    ]
    assert data["witnesses"][0] == {
        "change": "narrowed",
        "data_categories": ["email_address"],
        "purpose": "shipping",
        "recipient": "carrier",
        "channel": None,
        "consulted": False,
        "conditions": [],
        "objections": [],
        "before": {
            "permitted": True,
            "reason": "permitted",
            "clauses": ["1", "2"],
            "unmet": [],
            "channels": ["post"],
            "objections": [],
        },
        "after": {
            "permitted": False,
            "reason": "unmet-condition",
            "clauses": ["1", "2"],
            "unmet": ["consent"],
            "channels": [],
            "objections": [],
        },
    }
    assert [each["change"] for each in data["witnesses"]] == ["narrowed", "widened", "widened"]
    assert data["names"] == {"removed": {}, "added": {}}
    assert data["texts"] == ["the revision", "the clauses or quotes of rules"]
    assert data["notes"] == []
    assert (data["amendment"]["notice"], data["amendment"]["express_consent"]) == (True, True)


def test_of_many_changes_some_are_shown_and_the_others_folded_and_counted(tmp_path: Path) -> None:
    purposes: dict[str, Any] = {f"p{number}": {} for number in range(400)}
    old = a_folder(tmp_path, a_document(purposes=purposes, uses=[], provisions=[]))
    new = tmp_path / "new.yaml"
    uses = [a_use_clause(purposes=[name]) for name in purposes]
    new.write_bytes(as_yaml(a_document(purposes=purposes, uses=uses, provisions=[])))

    text = run(str(old), str(new))[1]
    everything = run(str(old), str(new), "--all")[1]
    markdown = run(str(old), str(new), "--format", "markdown")[1]

    assert "  and 380 more; `--all` shows them\n" in text
    assert everything.count("    after:  permitted by clause `1`\n") == 400
    assert "<summary>390 more</summary>" in markdown
    rows = markdown.count("| `email_address` |")
    assert f"And {400 - rows} more, which `purposegate diff --all` shows.\n\n</details>\n" in markdown
    assert 100 < rows < 400
    assert len(markdown) < 65_536


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["old", "old", "--fail-on", "any"], 0),
        (["old", "wide"], 0),
        (["old", "wide", "--fail-on", "widened"], 1),
        (["old", "wide", "--fail-on", "narrowed"], 0),
        (["wide", "old", "--fail-on", "narrowed"], 1),
        (["wide", "old", "--fail-on", "widened"], 0),
        (["old", "wide", "--fail-on", "any"], 1),
        (["old", "nowhere"], 2),
        (["old"], 2),
    ],
    ids=str,
)
def test_the_exit_code_says_what_was_asked_for(
    arguments: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    a_folder(tmp_path, provisions=[]).rename("old")
    a_folder(tmp_path).rename("wide")

    assert run(*arguments)[0] == code


# Where policies come from.


def git(folder: Path, *arguments: str) -> None:
    environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *identity, *arguments], cwd=folder, env=environment, check=True, capture_output=True, timeout=120)  # noqa: S607 - whichever git there is


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository in which the shop's policy lay in a folder, with a prose that has been rewritten since."""
    folder = tmp_path / "repository"
    (folder / "policies").mkdir(parents=True)
    a_folder(folder / "policies", provisions=[])
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    a_folder(folder / "policies", prose=f"Dear customers. {PROSE}")
    monkeypatch.chdir(folder)
    return folder


def test_a_revision_is_read_from_git_with_the_prose_of_that_revision(repository: Path) -> None:
    for name in ("HEAD:policies/shop.yaml", "main:./policies/shop.yaml"):
        report = diff(version(name), version("policies/shop.yaml"))

        assert told(report) == [(WIDENED, "carrier", None, (), ())]
        assert report.texts == ("the clauses or quotes of rules", "the published prose")
        assert report.before.policy.path == name


def test_a_compiled_policy_is_compared_with_its_source(repository: Path) -> None:
    policy: Policy = version("policies/shop.yaml").policy
    Path("shop.json").write_bytes(compiled(policy))
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "second")

    report = diff(version("HEAD:shop.json"), version("policies/shop.yaml"))

    assert (report.change, report.consequence.notice) == (None, False)


@pytest.mark.parametrize(
    ("name", "shown", "help_"),
    [
        ("v9:policies/shop.yaml", "v9:policies/shop.yaml", "git knows no such revision; a shallow clone holds only the last ones"),
        ("--all:shop.yaml", "--all:shop.yaml", "git knows no such revision; a shallow clone holds only the last ones"),
        (
            "HEAD:shop.yaml",
            "HEAD:shop.yaml",
            "git has no such file in that revision; its path begins at the top of the repository, or with `./` here",
        ),
        (
            "HEAD:policies",
            "HEAD:policies",
            "git has no such file in that revision; its path begins at the top of the repository, or with `./` here",
        ),
    ],
)
def test_what_git_does_not_have_is_said(repository: Path, name: str, shown: str, help_: str) -> None:
    with pytest.raises(PolicyError) as refusal:
        version(name)

    assert str(refusal.value) == f"{shown}:1:1: error[unreadable] the policy cannot be read\n  help: {help_}"


def test_outside_a_repository_and_without_git_a_revision_cannot_be_read(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    help_ = "git is not there, or this is none of its repositories"
    said = f"HEAD:shop.yaml:1:1: error[unreadable] the policy cannot be read\n  help: {help_}"
    monkeypatch.setenv("PATH", "")
    with pytest.raises(PolicyError) as without:
        version("HEAD:shop.yaml")
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(PolicyError) as outside:
        version("HEAD:shop.yaml")

    assert (str(without.value), str(outside.value)) == (said, said)


def test_the_prose_of_a_revision_is_not_the_policy_itself_and_is_missed_where_it_is_not_there(repository: Path) -> None:
    for file, prose in (("own.yaml", "own.yaml"), ("lost.yaml", "lost.txt")):
        Path(file).write_bytes(as_yaml(a_document(policy={"prose": prose})))
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "second")

    refusals = []
    for file in ("own.yaml", "lost.yaml"):
        with pytest.raises(PolicyError) as refusal:
            version(f"HEAD:{file}")
        refusals.append(str(refusal.value).splitlines()[0])

    assert refusals == [
        "HEAD:own.yaml:1:1: error[unreadable] the prose is the published text, not the policy itself",
        "HEAD:lost.txt:1:1: error[unreadable] the prose cannot be read",
    ]
