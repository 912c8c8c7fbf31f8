"""The command line of the ledger: what operators enter is what is held, what they ask is answered, and what is wrong is said."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from builders import PROSE, SHIPPED, a_document, a_provision, a_use_clause, as_yaml
from typer.testing import CliRunner

from purposegate.cli.app import app
from purposegate.ledger.records import Release
from purposegate.ledger.sql import SqlLedger

UNCHECKED = "note: names were not checked, since no --policy was given\n"
HOSTILE = "\x1b[31mred\x9b0m\n| `x` <b>\u202e"
ENVIRONMENT = {"PURPOSEGATE_LEDGER": None, "PURPOSEGATE_SUBJECT_KEY": None, "PURPOSEGATE_POLICY": None, "COLUMNS": "150"}


class Told(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


class Desk:
    """An operator's desk: the commands, over one database."""

    def __init__(self, database: Path) -> None:
        self.database = database

    def run(self, *arguments: str, **environment: str) -> Told:
        if "--ledger" not in arguments:
            arguments = (*arguments, "--ledger", str(self.database))
        result = CliRunner().invoke(app, arguments, env=ENVIRONMENT | environment)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return Told(result.exit_code, result.stdout, result.stderr)

    def enter(self, *arguments: str) -> str:
        """Have something recorded; give what was said."""
        told = self.run("ledger", *arguments)
        assert (told.code, told.err) in ((0, ""), (0, UNCHECKED)), told
        return told.out

    def ask(self, *arguments: str) -> Any:
        """Give an answer as data."""
        told = self.run(*arguments, "--format", "json")
        assert (told.code, told.err) == (0, ""), told
        return json.loads(told.out)

    def show(self, *arguments: str) -> str:
        """Give an answer as it is printed."""
        told = self.run(*arguments)
        assert (told.code, told.err) == (0, ""), told
        return trimmed(told.out)

    def record(self, *releases: Release) -> None:
        """Have a gate release something."""
        with closing(SqlLedger(self.database, create=True)) as ledger:
            ledger.record(releases)


def trimmed(text: str) -> str:
    """Leave out the blanks at the ends of lines, and the length of a rule."""
    return re.sub("─+", "───", "".join(f"{line.rstrip()}\n" for line in text.splitlines()))


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger that was made once, for each test to begin with a copy."""
    desk = Desk(tmp_path_factory.mktemp("empty") / "ledger.db")
    assert desk.enter("init") == "a ledger was made\n"
    return desk.database


@pytest.fixture
def desk(empty: Path, tmp_path: Path) -> Desk:
    return Desk(Path(shutil.copy(empty, tmp_path)))


CONSENT = (
    *("consent", "give", "u-1", "consent", "--data", "name", "--data", "email_address", "--purpose", "inform_and_survey"),
    *("--recipient", "third_party/ad-co", "--given", "2026-01-02T09:00:00+09:00", "--expires", "2027-01-02T00:00:00Z"),
    *("--text-version", "2020-03-09"),
)
CLAIM = (
    *("claim", "approve", "warrant-7", "--condition", "required_by_law", "--subject", "u-1", "--subject", "u-2", "--data", "any"),
    *("--recipient", "public_body/police", "--requested-by", "kato", "--approved-by", "counsel", "--uses", "2"),
    *("--reference", "file 7", "--authority", "Tokyo District Court"),
    *("--approved", "2026-01-10T00:00:00Z", "--expires", "2026-03-01T00:00:00Z"),
)
AGREEMENT = (
    *("agreement", "sign", "service_provider/host", "--condition", "satisfactory_experience"),
    *("--condition", "confidentiality_agreement", "--data", "any", "--purpose", "any", "--reference", "contract 12"),
    *("--selection", "memo 3", "--country", "JP", "--sub-processor", "Disk K.K."),
    *("--begins", "2026-01-01T00:00:00Z", "--ends", "2026-03-01T00:00:00Z"),
)
AD_CO = ("recipient", "register", "third_party/ad-co", "--legal-name", "Ad Co, Inc.", "--country", "US")
HOST = (
    *("recipient", "register", "service_provider/host", "--legal-name", "Host K.K.", "--country", "JP", "--alias", "host"),
    *("--role", "processor"),
)
REGISTERED = ("--registered", "2026-01-01T00:00:00Z")
CHECKED = ("--policy", str(SHIPPED))


def test_a_consent_is_given_listed_and_withdrawn(desk: Desk) -> None:
    given = desk.enter(*CONSENT, *CHECKED)
    before = desk.ask("ledger", "consent", "list", "--at", "2026-02-01T00:00:00Z")
    withdrawn = desk.enter("consent", "withdraw", "u-1", "consent", "--withdrawn", "2026-02-02T00:00:00Z", *CHECKED)
    after = desk.ask("ledger", "consent", "list", "--subject", "u-1", "--at", "2026-02-03T00:00:00Z")

    row = {
        "subject": "u-1",
        "condition": "consent",
        "data": ["name", "email_address"],
        "purposes": ["inform_and_survey"],
        "recipients": ["third_party/ad-co"],
        "given": "2026-01-02T00:00:00.000000+00:00",
        "expires": "2027-01-02T00:00:00.000000+00:00",
        "withdrawn": None,
        "text_version": "2020-03-09",
        "state": "given",
    }
    assert given == "recorded: `u-1` consented under `consent`\n"
    assert before == [row]
    assert withdrawn == "recorded: `u-1` withdrew their consent under `consent`\n"
    assert after == [row | {"withdrawn": "2026-02-02T00:00:00.000000+00:00", "state": "withdrawn"}]
    assert desk.show("ledger", "consent", "list", "--at", "2027-02-03T00:00:00Z") == (
        "person  condition  data categories  purposes           recipients         given (UTC)       expires           state\n"
        "───\n"
        "u-1     consent    name             inform_and_survey  third_party/ad-co  2026-01-02 00:00  2027-01-02 00:00  withdrawn\n"
        "                   email_address\n"
    )


@pytest.mark.parametrize(
    ("at", "state"),
    [("2026-01-01T23:59:59Z", "not yet"), ("2026-01-02T00:00:00Z", "given"), ("2027-01-02T00:00:00Z", "expired")],
)
def test_how_a_consent_stands_depends_on_when_it_is_asked(desk: Desk, at: str, state: str) -> None:
    desk.enter(*CONSENT)

    assert [row["state"] for row in desk.ask("ledger", "consent", "list", "--at", at)] == [state]


def test_what_is_recorded_is_given_back_as_data(desk: Desk) -> None:
    assert json.loads(desk.enter(*CONSENT, "--format", "json")) == [
        {
            "kind": "consent",
            "subject": "u-1",
            "condition": "consent",
            "data": ["name", "email_address"],
            "purposes": ["inform_and_survey"],
            "recipients": ["third_party/ad-co"],
            "given": "2026-01-02T00:00:00.000000+00:00",
            "expires": "2027-01-02T00:00:00.000000+00:00",
            "withdrawn": None,
            "text_version": "2020-03-09",
        }
    ]


def test_a_consent_without_a_time_is_given_now(desk: Desk) -> None:
    before = datetime.now(UTC)
    desk.enter("consent", "give", "u-1", "consent", "--data", "any", "--purpose", "any", "--recipient", "any")

    (row,) = desk.ask("ledger", "consent", "list")

    assert before <= datetime.fromisoformat(row["given"]) <= datetime.now(UTC)
    assert (row["data"], row["purposes"], row["recipients"], row["state"]) == ("any", "any", "any", "given")


def test_a_withdrawal_of_what_is_not_held_is_kept_and_that_is_said(desk: Desk) -> None:
    told = desk.run("ledger", "consent", "withdraw", "u-9", "consent", "--withdrawn", "2026-02-02T00:00:00Z", *CHECKED)

    assert told == Told(
        0,
        "recorded: `u-9` withdrew their consent under `consent`\n",
        "note: the ledger holds no consent of that person under that condition\n",
    )
    assert desk.ask("subject", "u-9")["endings"] == [
        {"what": "withdrawn", "of": "consent", "at": "2026-02-02T00:00:00.000000+00:00"}
    ]


def test_a_consent_from_before_a_withdrawal_is_not_given_late(desk: Desk) -> None:
    desk.enter(*CONSENT)
    desk.enter("consent", "withdraw", "u-1", "consent", "--withdrawn", "2026-02-02T00:00:00Z")

    told = desk.run("ledger", *CONSENT, *CHECKED)

    assert told == Told(2, "", "purposegate: the person has withdrawn since then what they consented to under that condition\n")


def test_consents_are_exported_and_imported_into_another_ledger_as_they_stand(desk: Desk, tmp_path: Path) -> None:
    desk.enter(*CONSENT)
    desk.enter("consent", "withdraw", "u-1", "consent", "--withdrawn", "2026-02-02T00:00:00Z")
    exported = desk.run("ledger", "consent", "export", "u-1", *CHECKED)
    (tmp_path / "records.json").write_text(exported.out)
    other = Desk(tmp_path / "other.db")
    other.enter("init")

    imported = other.enter("consent", "import", str(tmp_path / "records.json"), *CHECKED)
    again = other.enter("consent", "import", str(tmp_path / "records.json"))

    arguments = ("ledger", "consent", "list", "--at", "2026-02-03T00:00:00Z")
    assert (exported.code, exported.err) == (0, "")
    assert [record["event"][1]["event_state"] for record in json.loads(exported.out)] == ["withdrawn"]
    assert imported == "recorded: 1 entries from 1 consent records\n"
    assert again == "recorded: 0 entries from 1 consent records\n"
    assert other.ask(*arguments) == desk.ask(*arguments)
    assert [row["state"] for row in other.ask(*arguments)] == ["withdrawn"]


def test_an_old_export_does_not_give_back_what_was_withdrawn_since(desk: Desk, tmp_path: Path) -> None:
    desk.enter(*CONSENT)
    exported = desk.run("ledger", "consent", "export", "u-1", "--controller", "en_japan", "--contact", "the manager")
    (tmp_path / "records.json").write_text(exported.out)
    desk.enter("consent", "withdraw", "u-1", "consent", "--withdrawn", "2026-02-02T00:00:00Z")

    desk.enter("consent", "import", str(tmp_path / "records.json"))

    assert [row["state"] for row in desk.ask("ledger", "consent", "list", "--at", "2026-02-03T00:00:00Z")] == ["withdrawn"]


def test_a_file_of_records_is_imported_whole_or_not_at_all(desk: Desk, tmp_path: Path) -> None:
    desk.enter(*CONSENT)
    exported = json.loads(desk.run("ledger", "consent", "export", "u-1", *CHECKED).out)
    other = exported[0] | {"pii_principal_id": "u-2", "event": [exported[0]["event"][0] | {"entity_id": "u-2"}]}
    file = tmp_path / "records.json"
    file.write_text(json.dumps([other, other | {"event": [other["event"][0] | {"event_time": "2026-01-02"}]}]))

    told = desk.run("ledger", "consent", "import", str(file), *CHECKED)

    message = "`[1].event[0].event_time` is no time with its zone, as `2026-01-15T12:00:00Z` is"
    assert told == Told(2, "", f"purposegate: {message}\n")
    assert desk.ask("ledger", "consent", "list", "--subject", "u-2") == []


def test_records_are_imported_from_the_standard_input(desk: Desk) -> None:
    desk.enter(*CONSENT)
    exported = desk.run("ledger", "consent", "export", "u-1", "--format", "json", *CHECKED)
    document = exported.out.replace("u-1", "u-2")

    told = CliRunner().invoke(
        app, ["ledger", "consent", "import", "-", *CHECKED, "--ledger", str(desk.database)], input=document, env=ENVIRONMENT
    )

    assert (told.exit_code, told.stdout, told.stderr) == (0, "recorded: 1 entries from 1 consent records\n", "")
    assert [row["subject"] for row in desk.ask("ledger", "consent", "list")] == ["u-1", "u-2"]


def test_records_of_a_consent_that_was_withdrawn_elsewhere_withdraw_it_here(desk: Desk, tmp_path: Path) -> None:
    desk.enter(*CONSENT)
    (record,) = json.loads(desk.run("ledger", "consent", "export", "u-1", *CHECKED).out)
    withdrawn = {"event_time": "2026-02-02T00:00:00Z", "event_type": "explicit", "event_state": "withdrawn"}
    (tmp_path / "records.json").write_text(json.dumps(record | {"event": [*record["event"], withdrawn]}))

    imported = json.loads(desk.enter("consent", "import", str(tmp_path / "records.json"), "--format", "json"))

    assert imported == [
        {"kind": "withdrawal", "subject": "u-1", "condition": "consent", "withdrawn": "2026-02-02T00:00:00.000000+00:00"}
    ]
    assert [row["state"] for row in desk.ask("ledger", "consent", "list", "--at", "2026-02-03T00:00:00Z")] == ["withdrawn"]


def test_names_in_imported_records_are_checked(desk: Desk, tmp_path: Path) -> None:
    desk.enter(*CONSENT)
    exported = json.loads(desk.run("ledger", "consent", "export", "u-1", *CHECKED).out)
    file = tmp_path / "records.json"
    file.write_text(json.dumps(exported[0] | {"condition": "consnt"}))

    told = desk.run("ledger", "consent", "import", str(file), *CHECKED)

    assert told == Told(2, "", "purposegate: the policy knows no condition `consnt`\nhelp: did you mean `consent`?\n")


def test_an_export_without_a_controller_is_refused(desk: Desk) -> None:
    assert desk.run("ledger", "consent", "export", "u-1") == Told(
        2,
        "",
        "purposegate: a consent record names its controller\n"
        "help: name it with --controller and --contact, or give the --policy that does\n",
    )


def test_objections_are_lodged_lifted_and_refused(desk: Desk) -> None:
    lodge = ("objection", "lodge", "u-1", "suspend_use", "--data", "video_interview", "--lodged", "2026-01-05T00:00:00Z")
    said = [
        desk.enter(*lodge, *CHECKED),
        desk.enter("objection", "lift", "u-1", "suspend_use", "--lifted", "2026-01-06T00:00:00Z", *CHECKED),
        desk.enter("objection", "lodge", "u-1", "refuse_cookies", "--lodged", "2026-01-07T00:00:00Z", *CHECKED),
        desk.enter(
            *("objection", "refuse", "u-1", "disclosure", "--reason", "identity was not shown", "--approved-by", "counsel"),
            *("--refused", "2026-01-08T00:00:00Z"),
        ),
    ]

    assert said == [
        "recorded: `u-1` objected by `suspend_use`\n",
        "recorded: `u-1` lifted `suspend_use`\n",
        "recorded: `u-1` objected by `refuse_cookies`\n",
        "recorded: the request `disclosure` of `u-1` was refused\n",
    ]
    nothing = {"data": None, "purposes": None, "recipients": None, "lifted": None, "reason": None, "approved_by": None}
    scope = {"data": "any", "purposes": "any", "recipients": "any"}
    assert desk.ask("ledger", "objection", "list", "--subject", "u-1", "--at", "2026-02-01T00:00:00Z") == [
        nothing
        | scope
        | {
            "kind": "objection",
            "subject": "u-1",
            "name": "suspend_use",
            "at": "2026-01-05T00:00:00.000000+00:00",
            "data": ["video_interview"],
            "lifted": "2026-01-06T00:00:00.000000+00:00",
            "state": "lifted",
        },
        nothing
        | scope
        | {
            "kind": "objection",
            "subject": "u-1",
            "name": "refuse_cookies",
            "at": "2026-01-07T00:00:00.000000+00:00",
            "state": "in force",
        },
        nothing
        | {
            "kind": "refusal",
            "subject": "u-1",
            "name": "disclosure",
            "at": "2026-01-08T00:00:00.000000+00:00",
            "state": "refused",
            "reason": "identity was not shown",
            "approved_by": "counsel",
        },
    ]
    assert desk.show("ledger", "objection", "list", "--at", "2026-01-05T12:00:00Z") == (
        "person  objection or request  data categories  purposes  recipients  when (UTC)        state     reason\n"
        "───\n"
        "u-1     suspend_use           video_interview  any       any         2026-01-05 00:00  in force  -\n"
        "u-1     refuse_cookies        any              any       any         2026-01-07 00:00  not yet   -\n"
        "u-1     disclosure            -                -         -           2026-01-08 00:00  refused   identity was not shown\n"
    )


def test_a_lifting_of_what_is_not_held_is_kept_and_that_is_said(desk: Desk) -> None:
    told = desk.run("ledger", "objection", "lift", "u-1", "suspend_use", "--lifted", "2026-01-06T00:00:00Z", *CHECKED)

    assert told == Told(
        0,
        "recorded: `u-1` lifted `suspend_use`\n",
        "note: the ledger holds no such objection of that person by then\n",
    )


def test_a_claim_is_approved_used_shown_and_revoked(desk: Desk) -> None:
    approved = desk.enter(*CLAIM, *CHECKED)
    desk.record(a_release("r-1", "u-1", "public_body/police", claim="warrant-7"))
    row = {
        "id": "warrant-7",
        "conditions": ["required_by_law"],
        "subjects": ["u-1", "u-2"],
        "data": "any",
        "recipient": "public_body/police",
        "requested_by": "kato",
        "approved_by": "counsel",
        "approved": "2026-01-10T00:00:00.000000+00:00",
        "expires": "2026-03-01T00:00:00.000000+00:00",
        "uses": 2,
        "reference": "file 7",
        "authority": "Tokyo District Court",
        "spent": 1,
        "revoked": None,
        "revoked_by": None,
        "state": "in force",
    }
    before = desk.ask("ledger", "claim", "show", "warrant-7", "--at", "2026-01-20T00:00:00Z")
    desk.record(a_release("r-2", "u-2", "public_body/police", claim="warrant-7"))
    spent = desk.ask("ledger", "claim", "list", "--subject", "u-2", "--at", "2026-01-20T00:00:00Z")
    revoked = desk.enter("claim", "revoke", "warrant-7", "--revoked-by", "counsel", "--revoked", "2026-02-01T00:00:00Z")
    after = desk.ask("ledger", "claim", "list", "--at", "2026-02-20T00:00:00Z")
    of_a_person = desk.ask("ledger", "claim", "list", "--subject", "u-2", "--at", "2026-02-20T00:00:00Z")

    assert approved == "recorded: the claim `warrant-7` was approved\n"
    assert before == [row]
    assert spent == [row | {"spent": 2, "state": "spent"}]
    assert revoked == "recorded: the claim `warrant-7` was revoked\n"
    end = {"revoked": "2026-02-01T00:00:00.000000+00:00", "revoked_by": "counsel", "state": "revoked"}
    assert after == of_a_person == [row | {"spent": 2} | end]
    assert desk.show("ledger", "claim", "show", "warrant-7", "--at", "2026-02-20T00:00:00Z") == (
        "claim            warrant-7\n"
        "state            revoked\n"
        "conditions       required_by_law\n"
        "people           u-1, u-2\n"
        "data categories  any\n"
        "recipient        public_body/police\n"
        "requested by     kato\n"
        "approved by      counsel\n"
        "authority        Tokyo District Court\n"
        "reference        file 7\n"
        "approved (UTC)   2026-01-10 00:00\n"
        "expires          2026-03-01 00:00\n"
        "revoked          2026-02-01 00:00\n"
        "revoked by       counsel\n"
        "uses             2\n"
        "spent            2\n"
    )
    assert desk.show("ledger", "claim", "list", "--at", "2026-03-20T00:00:00Z") == (
        "claim      conditions       recipient           data categories  expires (UTC)     uses  spent  state\n"
        "───\n"
        "warrant-7  required_by_law  public_body/police  any              2026-03-01 00:00  2     2      revoked\n"
    )


def test_an_agreement_is_signed_listed_and_terminated(desk: Desk) -> None:
    signed = desk.enter(*AGREEMENT, *CHECKED)
    row = {
        "recipient": "service_provider/host",
        "conditions": ["confidentiality_agreement", "satisfactory_experience"],
        "data": "any",
        "purposes": "any",
        "begins": "2026-01-01T00:00:00.000000+00:00",
        "ends": "2026-03-01T00:00:00.000000+00:00",
        "reference": "contract 12",
        "selection": "memo 3",
        "country": "JP",
        "sub_processors": ["Disk K.K."],
        "state": "in force",
    }
    before = desk.ask("ledger", "agreement", "list", "--at", "2026-02-20T00:00:00Z")
    terminate = ("agreement", "terminate", "service_provider/host", "contract 12", "--terminated", "2026-02-10T00:00:00Z")
    terminated = desk.enter(*terminate)
    after = desk.ask("ledger", "agreement", "list", "--recipient", "service_provider/host", "--at", "2026-02-20T00:00:00Z")

    assert signed == "recorded: `service_provider/host` signed `contract 12`\n"
    assert before == [row]
    assert terminated == "recorded: `contract 12` with `service_provider/host` was terminated\n"
    assert after == [row | {"ends": "2026-02-10T00:00:00.000000+00:00", "state": "ended"}]
    assert desk.ask("ledger", "agreement", "list", "--recipient", "service_provider/other") == []
    assert desk.show("ledger", "agreement", "list", "--at", "2025-12-20T00:00:00Z") == (
        "recipient              agreement    conditions                 data categories  purposes  ends (UTC)        state\n"
        "───\n"
        "service_provider/host  contract 12  confidentiality_agreement  any              any       2026-02-10 00:00  not yet\n"
        "                                    satisfactory_experience\n"
    )


def lapsing(desk: Desk, days: int) -> tuple[int, list[str]]:
    arguments = ("ledger", "agreement", "list", "--lapsing-within", str(days), "--at", "2026-02-20T00:00:00Z")
    told = desk.run(*arguments, "--format", "json")
    return told.code, [row["reference"] for row in json.loads(told.out)]


def test_agreements_that_lapse_are_findings(desk: Desk) -> None:
    desk.enter(*HOST, *REGISTERED)
    desk.enter(*AGREEMENT)

    assert lapsing(desk, 8) == (0, [])
    assert lapsing(desk, 9) == (1, ["contract 12"])
    told = desk.run("ledger", "agreement", "list", "--lapsing-within", "8", "--at", "2026-02-20T00:00:00Z")
    assert told == Told(0, "no agreement lapses\n", "")


def test_an_agreement_has_lapsed_also_where_its_end_has_passed_or_it_was_terminated(desk: Desk) -> None:
    desk.enter(*HOST, *REGISTERED)
    desk.enter(*AGREEMENT)
    desk.enter("agreement", "terminate", "service_provider/host", "contract 12", "--terminated", "2026-02-10T00:00:00Z")

    assert lapsing(desk, 0) == (1, ["contract 12"])


def signed_again(**changes: str) -> tuple[str, ...]:
    parts = {"--reference": "contract 13", "--begins": "2026-03-01T00:00:00Z", "--ends": "2027-03-01T00:00:00Z"} | changes
    arguments = list(AGREEMENT)
    for option, value in parts.items():
        arguments[arguments.index(option) + 1] = value
    return tuple(arguments)


@pytest.mark.parametrize(
    ("later", "lapses"),
    [
        (signed_again(), []),
        (signed_again(**{"--begins": "2026-03-01T00:00:01Z"}), ["contract 12"]),
        (signed_again(**{"--ends": "2026-03-10T00:00:00Z"}), ["contract 12", "contract 13"]),
        (signed_again(**{"--data": "name"}), ["contract 12"]),
        (signed_again(**{"--purpose": "provide_service"}), ["contract 12"]),
        (signed_again(**{"--condition": "another_condition"}), ["contract 12"]),
    ],
)
def test_an_agreement_that_another_takes_over_from_in_full_does_not_lapse(
    desk: Desk, later: tuple[str, ...], lapses: list[str]
) -> None:
    desk.enter(*HOST, *REGISTERED)
    desk.enter(*AGREEMENT)
    desk.enter(*later)

    assert lapsing(desk, 30) == (1 if lapses else 0, lapses)


def test_the_agreement_of_a_recipient_that_may_no_longer_be_named_does_not_lapse(desk: Desk) -> None:
    desk.enter(*HOST, *REGISTERED)
    desk.enter(*AGREEMENT)
    desk.enter("recipient", "deregister", "service_provider/host", "--deregistered", "2026-02-01T00:00:00Z")

    assert lapsing(desk, 30) == (0, [])


def test_recipients_are_registered_deregistered_and_registered_again(desk: Desk) -> None:
    said = [
        desk.enter(*AD_CO, *REGISTERED, *CHECKED),
        desk.enter(*HOST, *REGISTERED, *CHECKED),
        desk.enter("recipient", "deregister", "third_party/ad-co", "--deregistered", "2026-04-01T00:00:00Z"),
        desk.enter(*AD_CO, "--registered", "2026-05-01T00:00:00Z"),
    ]

    ad_co: dict[str, Any] = {
        "recipient": "third_party/ad-co",
        "legal_name": "Ad Co, Inc.",
        "country": "US",
        "registered": "2026-01-01T00:00:00.000000+00:00",
        "aliases": [],
        "role": None,
        "deregistered": "2026-04-01T00:00:00.000000+00:00",
        "state": "deregistered",
    }
    assert said == [
        "recorded: `third_party/ad-co` is registered\n",
        "recorded: `service_provider/host` is registered\n",
        "recorded: `third_party/ad-co` is no longer registered\n",
        "recorded: `third_party/ad-co` is registered\n",
    ]
    assert desk.ask("ledger", "recipient", "list") == [
        ad_co,
        {
            "recipient": "service_provider/host",
            "legal_name": "Host K.K.",
            "country": "JP",
            "registered": "2026-01-01T00:00:00.000000+00:00",
            "aliases": ["host"],
            "role": "processor",
            "deregistered": None,
            "state": "registered",
        },
        ad_co | {"registered": "2026-05-01T00:00:00.000000+00:00", "deregistered": None, "state": "registered"},
    ]
    assert desk.show("ledger", "recipient", "list") == (
        "recipient              legal name   country  also called  role       registered (UTC)  state\n"
        "───\n"
        "third_party/ad-co      Ad Co, Inc.  US       -            -          2026-01-01 00:00  deregistered\n"
        "service_provider/host  Host K.K.    JP       host         processor  2026-01-01 00:00  registered\n"
        "third_party/ad-co      Ad Co, Inc.  US       -            -          2026-05-01 00:00  registered\n"
    )


def test_what_was_said_of_an_amendment_is_kept(desk: Desk) -> None:
    said = [
        desk.enter("amendment", "notify", "2020-03-09", "--everyone", "--notified", "2026-01-01T00:00:00Z", *CHECKED),
        desk.enter("amendment", "notify", "2020-03-09", "--subject", "u-1", "--notified", "2026-01-02T00:00:00Z", *CHECKED),
        desk.enter("amendment", "accept", "u-1", "2020-03-09", "--accepted", "2026-01-03T00:00:00Z", *CHECKED),
        desk.enter("amendment", "dissent", "u-2", "2020-03-09", "--dissented", "2026-01-04T00:00:00Z", *CHECKED),
        desk.enter("amendment", "used", "u-1", "--used", "2026-01-05T00:00:00Z"),
    ]

    assert said == [
        "recorded: everyone was notified of revision 2020-03-09\n",
        "recorded: `u-1` was notified of revision 2020-03-09\n",
        "recorded: `u-1` accepted revision 2020-03-09\n",
        "recorded: `u-2` does not agree with revision 2020-03-09\n",
        "recorded: `u-1` used the service\n",
    ]
    rows: list[dict[str, Any]] = [
        {"subject": None, "revision": "2020-03-09", "what": "notified", "at": "2026-01-01T00:00:00.000000+00:00"},
        {"subject": "u-1", "revision": "2020-03-09", "what": "notified", "at": "2026-01-02T00:00:00.000000+00:00"},
        {"subject": "u-1", "revision": "2020-03-09", "what": "accepted", "at": "2026-01-03T00:00:00.000000+00:00"},
        {"subject": "u-2", "revision": "2020-03-09", "what": "dissented", "at": "2026-01-04T00:00:00.000000+00:00"},
        {"subject": "u-1", "revision": None, "what": "used", "at": "2026-01-05T00:00:00.000000+00:00"},
    ]
    assert desk.ask("ledger", "amendment", "list") == rows
    assert desk.ask("ledger", "amendment", "list", "--subject", "u-1") == [row for row in rows if row["subject"] != "u-2"]
    assert desk.show("ledger", "amendment", "list", "--subject", "u-2") == (
        "person      revision    what       when (UTC)\n"
        "───\n"
        "(everyone)  2020-03-09  notified   2026-01-01 00:00\n"
        "u-2         2020-03-09  dissented  2026-01-04 00:00\n"
    )


def a_folder_of_revisions(folder: Path) -> Path:
    """A shop that may ship, and from June on also advertise to whoever consents."""
    folder.mkdir()
    (folder / "shop.txt").write_text(PROSE)
    first = a_document(policy={"effective": "2026-01-01"}, provisions=[])
    second = a_document(
        policy={"revision": "2", "effective": "2026-06-01"},
        purposes={"shipping": {}, "advertising": {}},
        conditions={"consent": {"shown_by": "consent"}},
        uses=[a_use_clause(), a_use_clause(clause="3", purposes=["advertising"], conditions=["consent"])],
        provisions=[a_provision(channels=["post"])],
    )
    (folder / "a.yaml").write_bytes(as_yaml(second))
    (folder / "b.yaml").write_bytes(as_yaml(first))
    return folder


def test_an_amendment_is_shown_with_what_it_widens(tmp_path: Path) -> None:
    folder = a_folder_of_revisions(tmp_path / "policies")
    show = ("ledger", "amendment", "show", "--policy", str(folder), "--at", "2026-02-01T00:00:00Z")

    text = CliRunner().invoke(app, show, env=ENVIRONMENT)
    data = CliRunner().invoke(app, [*show, "--format", "json"], env=ENVIRONMENT)

    assert (text.exit_code, text.stderr, trimmed(text.stdout).splitlines()) == (
        0,
        "",
        [
            "revision 1: from 2026-01-01T00:00 UTC, in force",
            "revision 2: from 2026-06-01T00:00 UTC; 2 uses want express consent",
            "data category  purpose      recipient         channel",
            "───",
            "email_address  shipping     carrier           -",
            "email_address  advertising  (the controller)  -",
        ],
    )
    assert json.loads(data.stdout) == [
        {
            "revision": "1",
            "in_force_from": "2026-01-01T00:00:00.000000+00:00",
            "in_force": True,
            "follows": None,
            "wants_express_consent": [],
        },
        {
            "revision": "2",
            "in_force_from": "2026-06-01T00:00:00.000000+00:00",
            "in_force": False,
            "follows": "1",
            "wants_express_consent": [
                {"data_category": "email_address", "purpose": "shipping", "recipient": "carrier", "channel": None},
                {"data_category": "email_address", "purpose": "advertising", "recipient": None, "channel": None},
            ],
        },
    ]


def test_an_amendment_that_widens_nothing_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "shop.txt").write_text(PROSE)
    for number, day, provisions in (
        ("1", "2026-01-01", []),
        ("2", "2026-06-01", [a_provision()]),
        ("3", "2026-09-01", [a_provision()]),
    ):
        document = a_document(policy={"revision": number, "effective": day}, provisions=provisions)
        (folder / f"{number}.yaml").write_bytes(as_yaml(document))

    shown = CliRunner().invoke(
        app, ["ledger", "amendment", "show", "--policy", str(folder), "--at", "2026-07-01T00:00:00Z"], env=ENVIRONMENT
    )
    assert trimmed(shown.stdout) == (
        "revision 1: from 2026-01-01T00:00 UTC\n"
        "revision 2: from 2026-06-01T00:00 UTC, in force; 1 use wants express consent\n"
        "data category  purpose   recipient  channel\n"
        "───\n"
        "email_address  shipping  carrier    -\n"
        "revision 3: from 2026-09-01T00:00 UTC\n"
        "permits nothing anew\n"
    )


def a_release(name: str, subject: str, recipient: str, *, claim: str | None = None, day: int = 20) -> Release:
    return Release(
        id=name,
        at=datetime(2026, 1, day, tzinfo=UTC),
        data_category="email_address",
        purpose="inform_and_survey",
        recipient=recipient,
        subject=subject,
        channel="email",
        clauses=("3(5)", "4(2)"),
        claim=claim,
    )


def test_provisions_tell_who_got_whose_data_under_the_name_they_had_then(desk: Desk) -> None:
    desk.enter(*AD_CO, *REGISTERED)
    desk.enter("recipient", "deregister", "third_party/ad-co", "--deregistered", "2026-01-15T00:00:00Z")
    desk.enter(*AD_CO[:4], "Ad Co Japan K.K.", "--country", "JP", "--registered", "2026-01-16T00:00:00Z")
    desk.record(a_release("r-1", "u-1", "third_party/ad-co", day=10), a_release("r-2", "u-1", "third_party/ad-co"))
    desk.record(a_release("r-3", "u-2", "third_party/ad-co"), a_release("r-4", "u-1", "employer_company/acme"))

    rows = [
        {
            "at": f"2026-01-{day}T00:00:00.000000+00:00",
            "recipient": recipient,
            "legal_name": name,
            "country": country,
            "id": release,
            "data_category": "email_address",
            "purpose": "inform_and_survey",
            "subject": subject,
            "channel": "email",
            "clauses": ["3(5)", "4(2)"],
            "claim": None,
            "exempt": None,
        }
        for release, day, subject, recipient, name, country in (
            ("r-1", 10, "u-1", "third_party/ad-co", "Ad Co, Inc.", "US"),
            ("r-2", 20, "u-1", "third_party/ad-co", "Ad Co Japan K.K.", "JP"),
            ("r-3", 20, "u-2", "third_party/ad-co", "Ad Co Japan K.K.", "JP"),
            ("r-4", 20, "u-1", "employer_company/acme", None, None),
        )
    ]
    assert desk.ask("ledger", "provisions") == rows
    assert desk.ask("ledger", "provisions", "--subject", "u-1") == [rows[0], rows[1], rows[3]]
    assert desk.ask("ledger", "provisions", "--recipient", "third_party/ad-co") == rows[:3]
    assert desk.ask("ledger", "provisions", "--recipient", "employer_company", "--subject", "u-1") == [rows[3]]
    assert desk.ask("ledger", "provisions", "--claim", "warrant-7") == []
    assert desk.show("ledger", "provisions", "--subject", "u-2") == (
        "when (UTC)        person  data category  purpose            recipient          legal name        country  clauses\n"
        "───\n"
        "2026-01-20 00:00  u-2     email_address  inform_and_survey  third_party/ad-co  Ad Co Japan K.K.  JP       3(5)\n"
        "                                                                                                          4(2)\n"
    )


def test_provisions_under_a_claim_are_found_by_it(desk: Desk) -> None:
    desk.enter(*CLAIM)
    desk.record(a_release("r-1", "u-1", "public_body/police", claim="warrant-7"), a_release("r-2", "u-1", "third_party/ad-co"))

    assert [row["id"] for row in desk.ask("ledger", "provisions", "--claim", "warrant-7")] == ["r-1"]


@pytest.fixture
def known(desk: Desk) -> Desk:
    """A ledger that knows something of every kind about `u-1`, and of others."""
    desk.enter(*AD_CO, *REGISTERED)
    desk.enter(*CONSENT)
    desk.enter("consent", "withdraw", "u-1", "consent", "--withdrawn", "2026-02-02T00:00:00Z")
    desk.enter("consent", "give", "u-2", "consent", "--data", "any", "--purpose", "any", "--recipient", "any")
    desk.enter("objection", "lodge", "u-1", "refuse_cookies", "--lodged", "2026-01-07T00:00:00Z")
    desk.enter(
        *("objection", "refuse", "u-1", "disclosure", "--reason", "identity was not shown", "--approved-by", "counsel"),
        *("--refused", "2026-01-08T00:00:00Z"),
    )
    desk.enter(*CLAIM)
    desk.record(
        a_release("r-1", "u-1", "third_party/ad-co"),
        a_release("r-2", "u-2", "third_party/ad-co"),
        a_release("r-3", "u-1", "public_body/police", claim="warrant-7"),
    )
    desk.enter("amendment", "notify", "2020-03-09", "--everyone", "--notified", "2026-01-01T00:00:00Z")
    desk.enter("amendment", "accept", "u-1", "2020-03-09", "--accepted", "2026-01-03T00:00:00Z")
    desk.enter("amendment", "dissent", "u-2", "2020-03-09", "--dissented", "2026-01-03T00:00:00Z")
    desk.enter("amendment", "used", "u-1", "--used", "2026-01-05T00:00:00Z")
    return desk


def test_an_account_of_a_person_tells_all_that_is_held_and_who_got_their_data(known: Desk) -> None:
    assert (
        known.show("subject", "u-1", "--at", "2026-02-10T00:00:00Z")
        == """\
# What is held about u-1

All that is held, and how it stands at 2026-02-10 00:00; times are in UTC.

## To whom the data were provided

### Ad Co, Inc., US: `third_party/ad-co`

| when | data category | purpose | channel | clauses | claim |
|---|---|---|---|---|---|
| 2026-01-20 00:00 | `email_address` | `inform_and_survey` | email | 3(5), 4(2) | – |

### `public_body/police`

| when | data category | purpose | channel | clauses | claim |
|---|---|---|---|---|---|
| 2026-01-20 00:00 | `email_address` | `inform_and_survey` | email | 3(5), 4(2) | warrant-7 |

## Consents

| condition | data categories | purposes | recipients | given | expires | withdrawn | text shown | state |
|---|---|---|---|---|---|---|---|---|
| consent | name, `email_address` | `inform_and_survey` | `third_party/ad-co` | 2026-01-02 00:00 | 2027-01-02 00:00 \
| 2026-02-02 00:00 | 2020-03-09 | withdrawn |

## Objections

| objection | data categories | purposes | recipients | lodged | lifted | state |
|---|---|---|---|---|---|---|
| `refuse_cookies` | any | any | any | 2026-01-07 00:00 | – | in force |

## Requests that were refused

| request | refused | reason |
|---|---|---|
| disclosure | 2026-01-08 00:00 | identity was not shown |

## Claims that name the person

| claim | conditions | data categories | recipient | authority | reference | approved | expires | revoked | other people | state |
|---|---|---|---|---|---|---|---|---|---|---|
| warrant-7 | `required_by_law` | any | `public_body/police` | Tokyo District Court | file 7 | 2026-01-10 00:00 | 2026-03-01 00:00 \
| – | 1 | in force |

## What the person withdrew or lifted

| what | of | when |
|---|---|---|
| withdrawn | consent | 2026-02-02 00:00 |

## Amendments of the policy

| revision | what | when | to everyone |
|---|---|---|---|
| 2020-03-09 | notified | 2026-01-01 00:00 | yes |
| 2020-03-09 | accepted | 2026-01-03 00:00 | no |
| – | used | 2026-01-05 00:00 | no |

"""
    )


def test_an_account_as_data_names_nobody_else(known: Desk) -> None:
    told = known.run("subject", "u-1", "--at", "2026-02-10T00:00:00Z", "--format", "json")

    provision = {
        "at": "2026-01-20T00:00:00.000000+00:00",
        "data_category": "email_address",
        "purpose": "inform_and_survey",
        "channel": "email",
        "clauses": ["3(5)", "4(2)"],
        "exempt": None,
    }
    scope = {"data": "any", "purposes": "any", "recipients": "any"}
    assert json.loads(told.out) == {
        "subject": "u-1",
        "at": "2026-02-10T00:00:00.000000+00:00",
        "provisions": [
            provision | {"recipient": "third_party/ad-co", "legal_name": "Ad Co, Inc.", "country": "US", "claim": None},
            provision | {"recipient": "public_body/police", "legal_name": None, "country": None, "claim": "warrant-7"},
        ],
        "consents": [
            {
                "condition": "consent",
                "data": ["name", "email_address"],
                "purposes": ["inform_and_survey"],
                "recipients": ["third_party/ad-co"],
                "given": "2026-01-02T00:00:00.000000+00:00",
                "expires": "2027-01-02T00:00:00.000000+00:00",
                "withdrawn": "2026-02-02T00:00:00.000000+00:00",
                "text_version": "2020-03-09",
                "state": "withdrawn",
            }
        ],
        "objections": [
            scope
            | {
                "objection": "refuse_cookies",
                "lodged": "2026-01-07T00:00:00.000000+00:00",
                "lifted": None,
                "state": "in force",
            }
        ],
        "refusals": [{"request": "disclosure", "refused": "2026-01-08T00:00:00.000000+00:00", "reason": "identity was not shown"}],
        "claims": [
            {
                "id": "warrant-7",
                "conditions": ["required_by_law"],
                "data": "any",
                "recipient": "public_body/police",
                "approved": "2026-01-10T00:00:00.000000+00:00",
                "expires": "2026-03-01T00:00:00.000000+00:00",
                "reference": "file 7",
                "authority": "Tokyo District Court",
                "revoked": None,
                "state": "in force",
                "other_people": 1,
            }
        ],
        "endings": [{"what": "withdrawn", "of": "consent", "at": "2026-02-02T00:00:00.000000+00:00"}],
        "amendments": [
            {"revision": "2020-03-09", "what": "notified", "at": "2026-01-01T00:00:00.000000+00:00", "to_everyone": True},
            {"revision": "2020-03-09", "what": "accepted", "at": "2026-01-03T00:00:00.000000+00:00", "to_everyone": False},
            {"revision": None, "what": "used", "at": "2026-01-05T00:00:00.000000+00:00", "to_everyone": False},
        ],
    }
    for name in ("u-2", "kato", "counsel"):
        assert name not in told.out + known.show("subject", "u-1")


def test_of_a_person_whom_nobody_knows_nothing_is_held(desk: Desk) -> None:
    account = desk.ask("subject", "u-9", "--at", "2026-02-10T00:00:00Z")

    assert account == {"subject": "u-9", "at": "2026-02-10T00:00:00.000000+00:00"} | {
        name: [] for name in ("provisions", "consents", "objections", "refusals", "claims", "endings", "amendments")
    }
    assert desk.show("subject", "u-9").count("None.") == 6
    assert "To nobody." in desk.show("subject", "u-9")


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    right, wrong = tmp_path / "right.key", tmp_path / "wrong.key"
    right.write_bytes(b"0123456789abcdef")
    wrong.write_bytes(b"fedcba9876543210")
    return right, wrong


def test_a_ledger_opens_with_the_key_that_it_was_begun_with_only(desk: Desk, keys: tuple[Path, Path]) -> None:
    right, wrong = (("--subject-key", str(key)) for key in keys)
    desk.enter(*CONSENT, *right)
    desk.enter(*CLAIM, *right)

    refusal = Told(2, "", "purposegate: people are kept under another key for their ids in this ledger, or under none\n")
    assert [desk.run("subject", "u-1", *key) for key in (wrong, ())] == [refusal, refusal]
    assert desk.ask("ledger", "consent", "list", "--subject", "u-1", *right)[0]["subject"] == "u-1"
    assert "u-1" not in desk.run("ledger", "consent", "list", *right).out
    assert b"u-1" not in desk.database.read_bytes()
    account = desk.ask("subject", "u-1", *right)
    assert len(account["consents"]) == 1
    assert account["claims"][0]["other_people"] == 1


def test_the_ledger_key_and_policy_may_be_named_by_the_environment(desk: Desk, keys: tuple[Path, Path]) -> None:
    environment = {
        "PURPOSEGATE_LEDGER": str(desk.database),
        "PURPOSEGATE_SUBJECT_KEY": str(keys[0]),
        "PURPOSEGATE_POLICY": str(SHIPPED),
    }

    given = CliRunner().invoke(app, ["ledger", *CONSENT], env=environment)

    assert (given.exit_code, given.stderr) == (0, "")
    assert len(desk.ask("ledger", "consent", "list", "--subject", "u-1", "--subject-key", str(keys[0]))) == 1


def tables(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        return [row[0] for row in connection.execute("SELECT name FROM sqlite_master")]


NO_LEDGER = "purposegate: there is no ledger in that database\nhelp: make one with `purposegate ledger init`\n"


@pytest.mark.parametrize(
    "command",
    [
        ("ledger", "consent", "list"),
        ("ledger", *CONSENT, *CHECKED),
        ("ledger", "provisions"),
        ("ledger", "migrate"),
        ("subject", "u-1"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("form", ["{}", "sqlite:///{}"])
def test_no_command_but_init_makes_a_ledger(tmp_path: Path, command: tuple[str, ...], form: str) -> None:
    database = tmp_path / "misspelt.db"

    told = Desk(database).run(*command, "--ledger", form.format(database))

    assert told == Told(2, "", NO_LEDGER)
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_another_program_is_left_as_it_is(tmp_path: Path) -> None:
    database = tmp_path / "other.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE other (id)")
    before = database.read_bytes()

    assert Desk(database).run("ledger", "consent", "list") == Told(2, "", NO_LEDGER)
    assert database.read_bytes() == before


def test_a_ledger_is_made_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "new.db")

    said = [desk.ask("ledger", "init"), desk.ask("ledger", "init"), desk.show("ledger", "init"), desk.ask("ledger", "migrate")]

    assert said == [[{"made": True}], [{"made": False}], "there is a ledger already\n", [{"version": "0001"}]]
    assert desk.show("ledger", "migrate") == "the ledger is of version 0001\n"
    assert "purposegate_ledger_entries" in tables(desk.database)


def test_tables_of_another_version_are_neither_read_nor_guessed_at(desk: Desk) -> None:
    with closing(sqlite3.connect(desk.database)) as connection, connection:
        connection.execute("UPDATE purposegate_ledger_version SET version_num = '9999'")

    assert desk.run("ledger", "consent", "list") == Told(
        2,
        "",
        "purposegate: the tables of the ledger are of version 9999, and this code wants 0001\n"
        "help: run `purposegate ledger migrate`, or install the version of purposegate that made them\n",
    )
    assert desk.run("ledger", "migrate") == Told(
        2,
        "",
        "purposegate: the tables of the ledger are of a version that this code does not know\n"
        "help: install the version of purposegate that made them\n",
    )


KINDS = (
    "purposegate: a ledger is kept in SQLite or in PostgreSQL\n"
    "help: name the path of a SQLite file, or a URL that begins with `sqlite://` or `postgresql://`\n"
)


@pytest.mark.parametrize(
    ("ledger", "said"),
    [
        ("", "purposegate: no ledger is named\nhelp: name one with --ledger DATABASE, or in PURPOSEGATE_LEDGER\n"),
        ("sqlite://", KINDS),
        (":memory:", KINDS),
        ("/nowhere/ledger.db", NO_LEDGER),
        (str(SHIPPED.parent), NO_LEDGER),
        (str(SHIPPED), "purposegate: the ledger cannot be read or written (DatabaseError)\n"),
        ("mysql://localhost/ledger", KINDS),
        ("unheard://of", KINDS),
        ("://", KINDS),
        ("postgresql://127.0.0.1:1/ledger", "purposegate: the ledger cannot be read or written (OperationalError)\n"),
    ],
)
def test_a_ledger_that_cannot_be_used_is_said(tmp_path: Path, ledger: str, said: str) -> None:
    assert Desk(tmp_path).run("ledger", "consent", "list", "--ledger", ledger) == Told(2, "", said)


def test_a_ledger_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    told = Desk(tmp_path / "nowhere" / "ledger.db").run("ledger", "init")

    assert told == Told(2, "", "purposegate: the ledger cannot be read or written (OperationalError)\n")


@pytest.mark.parametrize(
    ("missing", "ledger", "said"),
    [
        ("sqlalchemy", "ledger.db", "a ledger in a database needs an extra\nhelp: pip install 'purposegate[sql]'"),
        ("psycopg", "postgresql://of/nobody", "a ledger in PostgreSQL needs an extra\nhelp: pip install 'purposegate[postgres]'"),
    ],
)
def test_an_extra_that_is_missing_is_named(tmp_path: Path, missing: str, ledger: str, said: str) -> None:
    program = f"import sys; sys.modules[{missing!r}] = None; from purposegate.cli import main; main()"
    arguments = ["ledger", "consent", "list", "--ledger", ledger]

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert Told(done.returncode, done.stdout, done.stderr) == Told(2, "", f"purposegate: {said}\n")


def give(*changes: str) -> tuple[str, ...]:
    return ("consent", "give", "u-1", "consent", "--data", "any", "--purpose", "any", "--recipient", "any", *changes)


ZONE = "help: write one as 2026-01-15T12:00:00+09:00, or 2026-01-15T03:00:00Z in UTC\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (give("--given", "2026-01-15"), f"purposegate: `--given` is no time with its zone\n{ZONE}"),
        (give("--given", "2026-01-15T12:00:00"), f"purposegate: `--given` is no time with its zone\n{ZONE}"),
        (give("--given", "yesterday"), f"purposegate: `--given` is no time with its zone\n{ZONE}"),
        (give("--given", "0001-01-01T00:00:00+09:00"), f"purposegate: `--given` is no time with its zone\n{ZONE}"),
        (give("--expires", "2026-01-15"), f"purposegate: `--expires` is no time with its zone\n{ZONE}"),
        (
            give("--data", "name"),
            "purposegate: `--data` names `any` beside others\nhelp: give `any` alone, or the names\n",
        ),
        (
            ("consent", "give", " ", "consent", "--data", "any", "--purpose", "any", "--recipient", "any"),
            "purposegate: a record names its subject, recipient, condition and people by text that is not blank\n",
        ),
        (
            (*CLAIM, "--approved-by", "Kato "),
            "purposegate: a claim is approved by another person than the one who requested it\n",
        ),
        (
            ("claim", "approve", "a b", *CLAIM[3:]),
            "purposegate: the id of a claim is letters, digits and `._:/-`, at most 100\n",
        ),
        (("claim", "revoke", "c-1", "--revoked-by", "counsel"), "purposegate: there is no claim `c-1`\n"),
        (("claim", "show", "c-1"), "purposegate: there is no claim `c-1`\n"),
        (
            ("agreement", "terminate", "service_provider/host", "contract 12"),
            "purposegate: `service_provider/host` has signed no agreement of that reference\n",
        ),
        (
            ("recipient", "register", "third_party", "--legal-name", "a", "--country", "JP", *CHECKED),
            "purposegate: a recipient is registered as `class/id`\n",
        ),
        (("recipient", "deregister", "third_party/ad-co"), "purposegate: `third_party/ad-co` is not registered\n"),
        (
            ("amendment", "notify", "2"),
            "purposegate: a notice is to one person or to everyone\nhelp: say either --subject SUBJECT or --everyone\n",
        ),
        (
            ("amendment", "notify", "2", "--everyone", "--subject", "u-1"),
            "purposegate: a notice is to one person or to everyone\nhelp: say either --subject SUBJECT or --everyone\n",
        ),
        (
            ("consent", "list", "--subject-key", "/nowhere/key"),
            "purposegate: the file with the key for the ids of people cannot be read\nhelp: no such file or directory\n",
        ),
        (
            ("consent", "list", "--subject-key", "/dev/null"),
            "purposegate: a key for the ids of people has at least 16 bytes\n",
        ),
        (
            ("consent", "import", "/nowhere/records.json"),
            "purposegate: the file of consent records cannot be read\nhelp: no such file or directory\n",
        ),
        (("consent", "import", str(SHIPPED)), "purposegate: the document is no JSON\n"),
        (
            ("agreement", "list", "--lapsing-within", "9", "--at", "9999-12-31T00:00:00Z"),
            "purposegate: a time goes beyond the calendar\n",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(desk: Desk, arguments: tuple[str, ...], said: str) -> None:
    told = desk.run("ledger", *arguments)

    assert Told(told.code, told.out, told.err.removeprefix(UNCHECKED)) == Told(2, "", said)
    with closing(SqlLedger(desk.database, create=True)) as ledger:
        assert ledger.entries() == ()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*CLAIM,), "there is a claim `warrant-7` already"),
        ((*AGREEMENT,), "`service_provider/host` has signed that agreement already"),
        ((*AD_CO,), "`third_party/ad-co` is registered already; deregister it first"),
    ],
)
def test_what_is_held_already_is_not_entered_again(desk: Desk, arguments: tuple[str, ...], said: str) -> None:
    desk.enter(*arguments)

    assert desk.run("ledger", *arguments) == Told(2, "", f"{UNCHECKED}purposegate: {said}\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            (
                *("consent", "give", "u-1", "consnt", "--data", "nam", "--data", "video_interview", "--purpose", "provide_servce"),
                *("--recipient", "third_prty/x"),
            ),
            (
                "purposegate: the policy knows no condition `consnt`\nhelp: did you mean `consent`?\n"
                "purposegate: the policy knows no data category `nam`\nhelp: did you mean `name`?\n"
                "purposegate: the policy knows no purpose `provide_servce`\nhelp: did you mean `provide_service`?\n"
                "purposegate: the policy knows no recipient `third_prty`\nhelp: did you mean `third_party`?\n"
            ),
        ),
        (
            ("consent", "give", "u-1", "required_by_law", "--data", "any", "--purpose", "any", "--recipient", "third_party/A B"),
            (
                "purposegate: the policy has `required_by_law` shown by a claim, not by a consent\n"
                "purposegate: `third_party/…` is no recipient\nhelp: an instance is written `class/id`, in small letters\n"
            ),
        ),
        (
            ("consent", "give", "u-1", "taro@example.com", "--data", "any", "--purpose", "any", "--recipient", "any"),
            "purposegate: the policy knows no condition `(not a name)`\n",
        ),
        (
            ("consent", "withdraw", "u-1", "consnt"),
            "purposegate: the policy knows no condition `consnt`\nhelp: did you mean `consent`?\n",
        ),
        (
            ("objection", "lodge", "u-1", "suspend_us", "--data", "nam"),
            (
                "purposegate: the policy knows no objection `suspend_us`\nhelp: did you mean `suspend_use`?\n"
                "purposegate: the policy knows no data category `nam`\nhelp: did you mean `name`?\n"
            ),
        ),
        (
            ("objection", "lift", "u-1", "suspend_us"),
            "purposegate: the policy knows no objection `suspend_us`\nhelp: did you mean `suspend_use`?\n",
        ),
        (
            (*CLAIM, "--condition", "consent"),
            "purposegate: the policy has `consent` shown by a consent, not by a claim\n",
        ),
        (
            (*AGREEMENT, "--condition", "consent"),
            "purposegate: the policy has `consent` shown by a consent, not by an agreement\n",
        ),
        (
            ("agreement", "sign", "service_provider", *AGREEMENT[3:]),
            "purposegate: `service_provider` is a class of recipients\nhelp: name the instance, as `class/id`\n",
        ),
        (
            (*CLAIM, "--recipient", "public_body"),
            "purposegate: `public_body` is a class of recipients\nhelp: name the instance, as `class/id`\n",
        ),
        (
            (*AD_CO, "--role", "processor"),
            "purposegate: the policy has `third_party` as a third_party, not as a processor\n",
        ),
        (
            ("amendment", "notify", "2020-03-9", "--everyone"),
            "purposegate: the policy has no such revision\nhelp: did you mean `2020-03-09`?\n",
        ),
        (
            ("amendment", "accept", "u-1", "2"),
            "purposegate: the policy has no such revision\n",
        ),
        (
            ("amendment", "dissent", "u-1", "2"),
            "purposegate: the policy has no such revision\n",
        ),
    ],
)
def test_names_that_the_policy_does_not_know_are_all_said_and_nothing_is_kept(
    desk: Desk, arguments: tuple[str, ...], said: str
) -> None:
    assert desk.run("ledger", *arguments, *CHECKED) == Told(2, "", said)
    with closing(SqlLedger(desk.database, create=True)) as ledger:
        assert ledger.entries() == ()


def test_names_are_checked_against_every_revision_of_a_folder(desk: Desk, tmp_path: Path) -> None:
    policy = ("--policy", str(a_folder_of_revisions(tmp_path / "policies")))

    assert desk.enter("amendment", "accept", "u-1", "1", *policy) == "recorded: `u-1` accepted revision 1\n"
    assert desk.enter("amendment", "accept", "u-1", "2", *policy) == "recorded: `u-1` accepted revision 2\n"


def test_a_policy_that_cannot_be_read_is_said_and_nothing_is_kept(desk: Desk) -> None:
    told = desk.run("ledger", *CONSENT, "--policy", "nowhere.yaml")

    assert told == Told(2, "", "nowhere.yaml:1:1: error[unreadable] the policy cannot be read\n  help: no such file or directory\n")
    assert desk.ask("ledger", "consent", "list") == []


def test_that_names_were_not_checked_is_said(desk: Desk) -> None:
    assert desk.run("ledger", *CONSENT) == Told(0, "recorded: `u-1` consented under `consent`\n", UNCHECKED)


def test_an_amendment_without_a_policy_is_refused() -> None:
    told = CliRunner().invoke(app, ["ledger", "amendment", "show"], env=ENVIRONMENT)

    assert (told.exit_code, told.stdout, told.stderr) == (
        2,
        "",
        "purposegate: no policy is named\nhelp: name the folder of its revisions with --policy FOLDER\n",
    )


def test_what_others_wrote_reaches_the_terminal_as_plain_text(desk: Desk) -> None:
    scope = ("--data", HOSTILE, "--purpose", HOSTILE, "--recipient", HOSTILE)
    told = [
        desk.run("ledger", "consent", "give", HOSTILE, HOSTILE, *scope, "--text-version", HOSTILE),
        desk.run("ledger", "objection", "refuse", HOSTILE, HOSTILE, "--reason", HOSTILE, "--approved-by", HOSTILE),
        desk.run("ledger", "recipient", "register", "third_party/evil", "--legal-name", HOSTILE, "--country", HOSTILE),
        desk.run("ledger", "recipient", "deregister", HOSTILE),
        desk.run("ledger", "claim", "show", HOSTILE),
        desk.run("ledger", "consent", "give", HOSTILE, HOSTILE, *scope, *CHECKED),
        desk.run("ledger", "consent", "list", "--at", HOSTILE),
    ]
    desk.record(a_release("r-1", HOSTILE, "third_party/evil"))
    lists = (
        ("ledger", "consent", "list"),
        ("ledger", "objection", "list"),
        ("ledger", "recipient", "list"),
        ("ledger", "provisions"),
        ("subject", HOSTILE),
    )
    told += [desk.run(*command) for command in lists]
    told += [desk.run(*command, "--format", "json") for command in lists]

    printed = "".join(each.out + each.err for each in told)
    assert {character for character in printed if not character.isprintable()} == {"\n"}
    assert [each.code for each in told] == [0, 0, 0, 2, 2, 2, 2, *[0] * 10]
    assert desk.ask("ledger", "recipient", "list")[0]["legal_name"] == HOSTILE
    assert "### �\\[31mred�0m \\| \\`x\\` \\<b\\>�, " in desk.show("subject", HOSTILE)


def test_an_argument_that_is_no_text_is_refused_or_found_nowhere(desk: Desk, keys: tuple[Path, Path]) -> None:
    arguments = ("ledger", "consent", "list", "--subject", "\udcff")

    unwritable = "purposegate: the ledger cannot be read or written (UnicodeEncodeError)\n"
    assert desk.run(*arguments) == Told(2, "", unwritable)
    assert desk.run(*arguments, "--subject-key", str(keys[0])) == Told(0, "no consents\n", "")


@pytest.mark.parametrize("command", [("ledger",), ("ledger", "consent"), ("ledger", "consent", "give"), ("subject",)])
def test_every_command_tells_how_it_is_used(command: tuple[str, ...]) -> None:
    told = CliRunner().invoke(app, [*command, "--help"])

    assert told.exit_code == 0
    assert told.stdout.startswith(f"Usage: purposegate {' '.join(command)}")


def test_the_program_itself_keeps_a_ledger(tmp_path: Path) -> None:
    """Once as it is installed, beside all that is run inside of the tests' own process."""
    command = str(Path(sys.executable).with_name("purposegate"))
    database = ("--ledger", str(tmp_path / "ledger.db"))

    def run(*arguments: str) -> Told:
        done = subprocess.run(
            [command, *arguments, *database], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
        )
        return Told(done.returncode, done.stdout, done.stderr)

    assert run("ledger", "consent", "list") == Told(2, "", NO_LEDGER)
    assert run("ledger", "init") == Told(0, "a ledger was made\n", "")
    assert run("ledger", *HOST, *REGISTERED) == Told(0, "recorded: `service_provider/host` is registered\n", UNCHECKED)
    assert run("ledger", *AGREEMENT) == Told(0, "recorded: `service_provider/host` signed `contract 12`\n", UNCHECKED)
    lapsing_ = run("ledger", "agreement", "list", "--lapsing-within", "9", "--at", "2026-02-20T00:00:00Z")
    assert (lapsing_.code, lapsing_.err) == (1, "")
