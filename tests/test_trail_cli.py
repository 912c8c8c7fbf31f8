"""The command line of the trail: what was decided and why, whether it was written so, and what would come out otherwise."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from builders import NOW, SHIPPED, a_document, a_folder
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from test_compiled import private_pem, public_pem
from trails import BEGUN, CHAINS, TrailFile, a_decision, a_killed_file, a_line, a_record, a_trail, a_trail_of
from typer.testing import CliRunner

from purposegate import Agreement, Claim, Consent, Gate, LodgedObjection, MemorySink, RegisteredRecipient
from purposegate.cli.app import app
from purposegate.engine.decision import Reason
from purposegate.ledger.records import Withdrawal
from purposegate.ledger.sql import SqlLedger
from purposegate.policy.loader import load
from purposegate.trail.lines import fields, line_of
from purposegate.trail.schema import SCHEMA

ENVIRONMENT = {
    "PURPOSEGATE_TRAIL": None,
    "PURPOSEGATE_LEDGER": None,
    "PURPOSEGATE_SUBJECT_KEY": None,
    "PURPOSEGATE_POLICY": None,
    "COLUMNS": "150",
}
KEY, OTHER_KEY = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()


class Told(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


def run(*arguments: object, **environment: str) -> Told:
    result = CliRunner().invoke(app, ["trail", *map(str, arguments)], env=ENVIRONMENT | environment)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Told(result.exit_code, trimmed(result.stdout), result.stderr)


def ask(*arguments: object, code: int = 0) -> Any:
    """Give an answer as data."""
    told = run(*arguments, "--format", "json")
    assert (told.code, told.err) == (code, ""), told
    return json.loads(told.out)


def trimmed(text: str) -> str:
    """Leave out the blanks at the ends of lines, and the length of a rule."""
    return re.sub("─+", "───", "".join(f"{line.rstrip()}\n" for line in text.splitlines()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "trail"
    made.mkdir()
    return made


def test_a_whole_trail_is_verified(folder: Path) -> None:
    first, second, third = a_trail(folder)

    told = run("verify", "--trail", folder)

    table = (
        "file                                     state  records  unsealed  unreadable  first (UTC)       last (UTC)\n"
        "───\n"
        f"{first.name}  whole  4        0         0           2026-01-15 12:00  2026-01-15 12:00\n"
        f"{second.name}  whole  4        0         0           2026-01-15 12:00  2026-01-15 12:00\n"
        f"{third.name}  whole  4        0         0           2026-01-15 12:00  2026-01-15 12:00\n"
    )
    assert told == Told(0, table, "")
    assert run("verify", PURPOSEGATE_TRAIL=str(folder)) == told
    assert ask("verify", "--trail", folder)[0] == {
        "file": first.name,
        "chain": first.chain,
        "state": "whole",
        "bytes": len(first.data),
        "records": 4,
        "unsealed": 0,
        "unreadable": 0,
        "first": BEGUN + 10**9,
        "last": BEGUN + 4 * 10**9,
        "cut": 0,
        "head": first.head,
        "wrong": [],
    }


def test_an_empty_folder_holds_no_trail_and_nothing_wrong(folder: Path) -> None:
    assert run("verify", "--trail", folder) == Told(0, "there is no file of a trail\n", "")


def test_accidents_and_tampering_are_told_apart(folder: Path) -> None:
    a_killed_file(CHAINS[0]).mend(cut=b"{").end().put(folder)
    a_killed_file(CHAINS[1]).put(folder)
    torn = a_killed_file(CHAINS[2])
    torn.write(a_line(5)[:-1]).put(folder)
    changed = TrailFile("d" * 16, [TrailFile("e" * 16).seal().head]).seal().write(a_line(1)).end()
    changed.data = changed.data.replace(a_line(1), a_line(2))
    changed.put(folder)
    (folder / "notes.txt").touch()

    told = run("verify", "--trail", folder)

    _, _, *lines = told.out.splitlines()
    header = changed.data.index(b"\n") + 1
    size = changed.data.index(b"\n", header) + 1 + len(a_line(1))
    seal = TrailFile("e" * 16).seal().head["bytes"]
    assert [line.split()[1:3] for line in lines[:4]] == [["mended", "4"], ["unfinished", "4"], ["torn", "4"], ["tampered", "1"]]
    assert lines[5:] == [
        "mended: it was not closed, for its process was killed or the disk was full, and was sealed later",
        "unfinished: its process was killed, or its end was cut off; the next process that writes the trail seals it",
        "torn: its process was killed while it wrote the last line, and nothing was released by that line",
        "tampered: it is not what was written",
        "missing: it was here, and is gone",
        "foreign: it is no file of the trail",
        f"{changed.name}: what stands before byte {size} is not what seal 2 covers (from byte {header}, line 2, on)",
        "note: notes.txt is no file of the trail",
        f"the file of the chain {'e' * 16}: the file is gone: its seal 1, of {seal} bytes, is one which `{changed.name}` names",
    ]
    assert (told.code, told.err) == (1, "")


@pytest.mark.parametrize("code", [0, 1])
def test_only_what_is_whole_mended_or_open_is_fine(folder: Path, code: int) -> None:
    (a_killed_file().mend().end() if code == 0 else a_killed_file()).put(folder)

    assert run("verify", "--trail", folder).code == code


def test_heads_that_were_exported_find_out_what_is_gone(folder: Path, tmp_path: Path) -> None:
    *_, last = a_trail(folder)
    kept = tmp_path / "heads.json"

    exported = run("heads", "--trail", folder, "--output", kept)
    before = run("verify", "--trail", folder, "--heads", kept)
    (folder / last.name).unlink()
    after = ask("verify", "--trail", folder, "--heads", kept, code=1)

    assert exported == Told(0, f"{kept}: 3 heads\n", "")
    assert before.code == 0
    assert [report["state"] for report in after] == ["whole", "whole", "missing"]
    assert run("verify", "--trail", folder).code == 0


def test_heads_are_signed_and_the_signature_can_be_demanded(folder: Path, tmp_path: Path) -> None:
    a_trail(folder)
    kept, key, public, other = (tmp_path / name for name in ("heads.json", "key.pem", "public.pem", "other.pem"))
    key.write_bytes(private_pem(KEY))
    public.write_bytes(public_pem(KEY))
    other.write_bytes(public_pem(OTHER_KEY))

    summary = ask("heads", "--trail", folder, "--output", kept, "--sign", key)
    fine = run("verify", "--trail", folder, "--heads", kept, "--signed-by", public)
    refused = run("verify", "--trail", folder, "--heads", kept, "--signed-by", other)

    assert summary == {"output": str(kept), "heads": 3, "signed": True}
    assert fine.code == 0
    assert refused == Told(
        2,
        "",
        "purposegate: the heads are signed by none of the keys that are trusted\n"
        "help: take a file that `purposegate trail heads` wrote, from where nobody who writes the trail can change it\n",
    )


def test_heads_are_printed_where_no_file_is_named(folder: Path) -> None:
    files = a_trail(folder)

    document = json.loads(run("heads", "--trail", folder).out)

    assert document | {"at": 0} == {"purposegate_trail_heads": 1, "at": 0, "heads": [file.head for file in files]}


def test_the_heads_of_what_was_changed_are_not_exported(folder: Path, tmp_path: Path) -> None:
    first, *_ = a_trail(folder)
    (folder / first.name).write_bytes(first.data.replace(a_line(1), a_line(2)))

    told = run("heads", "--trail", folder, "--output", tmp_path / "heads.json")

    message = "purposegate: no heads are exported: files that are tampered with or missing: 1\nhelp: see `trail verify`\n"
    assert told == Told(1, "", message)
    assert not (tmp_path / "heads.json").exists()


RECORDS = [
    a_record(1),
    a_record(2, decision=a_decision(reason=Reason.UNMET_CONDITION, unmet=("consent",), recipient="carrier/fast"), subject="u-2"),
    a_record(3, decision=a_decision(purpose="billing", recipient="shop", clauses=("1",)), count=5, since=NOW),
]


def test_decisions_are_listed(folder: Path) -> None:
    a_trail_of(folder, RECORDS)

    assert run("query", "--trail", folder, "--recipient", "carrier").out == (
        "when (UTC)        use            verdict          asked     person  record\n"
        "───\n"
        "2026-01-15 12:00  email_address  permitted        release   u-1     ffffffffffffffff-1\n"
        "                  shipping       1                enforced\n"
        "                  carrier        2\n"
        "2026-01-15 12:00  email_address  unmet-condition  release   u-2     ffffffffffffffff-2\n"
        "                  shipping       1                enforced\n"
        "                  carrier/fast   2\n"
    )
    assert ask("query", "--trail", folder) == [fields(record) for record in RECORDS]


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ("--since 2026-01-15T12:00:02Z", [2, 3]),
        ("--until 2026-01-15T21:00:02+09:00", [1]),
        ("--id ffffffffffffffff-2", [2]),
        ("--data email_address --purpose billing", [3]),
        ("--reason unmet-condition", [2]),
        ("--clause 2", [1, 2]),
        ("--subject u-2", [2]),
        ("--asked question", []),
        ("--mode enforced", [1, 2, 3]),
        ("--limit 1 --since 2026-01-15T12:00:03Z", [3]),
    ],
)
def test_only_what_is_asked_for_is_listed(folder: Path, filters: str, numbers: list[int]) -> None:
    a_trail_of(folder, RECORDS)

    assert ask("query", "--trail", folder, *filters.split()) == [fields(RECORDS[number - 1]) for number in numbers]


def test_more_records_than_are_shown_are_told_of(folder: Path) -> None:
    a_trail_of(folder, RECORDS)

    told = run("query", "--trail", folder, "--limit", 2, "--format", "json")

    assert [found["id"] for found in json.loads(told.out)] == [record.id for record in RECORDS[:2]]
    assert told.err == "purposegate: there are more than 2 records: the first 2 are shown\nhelp: ask for fewer, or raise --limit\n"


def test_lines_that_cannot_be_read_are_told_of(folder: Path) -> None:
    TrailFile().seal().write(line_of(RECORDS[0]), b'{"id":"x-1","a\n').end().put(folder)

    said = (
        "purposegate: 1 line is no record that can be read\n"
        "help: `purposegate trail verify` tells in which files, and whether they were changed\n"
    )
    assert [run(command, "--trail", folder).err for command in ("query", "stats")] == [said, said]


def test_one_decision_is_counted_as_one(folder: Path) -> None:
    a_trail_of(folder, RECORDS[:1])

    assert run("stats", "--trail", folder).out.splitlines()[0] == "1 decision: 1 permitted, 0 denied"


def test_decisions_are_counted(folder: Path) -> None:
    a_trail_of(folder, RECORDS)

    assert run("stats", "--trail", folder).out == (
        "7 decisions: 6 permitted, 1 denied\n\n"
        "by reason        decisions\n───\npermitted        6\nunmet-condition  1\n\n"
        "by purpose  decisions\n───\nbilling     5\nshipping    2\n\n"
        "by recipient  decisions\n───\nshop          5\ncarrier       2\n\n"
        "denials by clause  decisions\n───\n1                  1\n2                  1\n\n"
        "by day (UTC)  decisions\n───\n2026-01-15    7\n"
    )
    assert ask("stats", "--trail", folder, "--purpose", "billing") == {
        "decisions": 5,
        "permitted": 5,
        "denied": 0,
        "reasons": {"permitted": 5},
        "purposes": {"billing": 5},
        "recipients": {"shop": 5},
        "denied_by": {},
        "days": {"2026-01-15": 5},
        "unreadable": 0,
    }


QUOTE = (
    "the obtained personal information may not be provided to a third party"
    " without the consent of the owner of the personal information"
)
AD_CO, POLICE, HOST = "third_party/ad-co", "public_body/police", "service_provider/host"
DAY = datetime(2026, 1, 1, tzinfo=UTC)


def a_year_at_the_desk(database: Path, folder: Path) -> list[str]:
    """Have a gate with a ledger decide four times; give the ids of the records."""
    trail = MemorySink()
    with closing(SqlLedger(database, create=True, clock=lambda: NOW)) as ledger:
        ledger.enter(
            *(RegisteredRecipient(name, f"{name} Ltd", "JP", DAY) for name in (AD_CO, POLICE, HOST)),
            Consent("u-1", "consent", ("name",), ("inform_and_survey",), (AD_CO,), given=DAY, text_version="2020-03-09"),
            Claim(
                id="warrant-7",
                conditions=frozenset({"required_by_law"}),
                subjects=frozenset({"u-1"}),
                data="any",
                recipient=POLICE,
                requested_by="kato",
                approved_by="counsel",
                approved=DAY,
                expires=datetime(2026, 3, 1, tzinfo=UTC),
                uses=2,
                reference="file 7",
                authority="Tokyo District Court",
            ),
            Agreement(
                HOST,
                frozenset({"satisfactory_experience", "confidentiality_agreement"}),
                "any",
                "any",
                DAY,
                reference="contract 12",
                selection="memo 3",
                country="JP",
            ),
            LodgedObjection("u-3", "suspend_use", DAY),
        )
        gate = Gate(load(SHIPPED), ledger=ledger, trail=trail, clock=lambda: NOW)
        gate.check("name", "inform_and_survey", AD_CO, subject="u-1", channel="email")
        gate.check("name", "comply_with_law", POLICE, subject="u-1", channel="email", claim="warrant-7")
        gate.check("name", "provide_service", HOST, subject="u-1", channel="website")
        gate.decide("name", "provide_service", subject="u-3")
        ledger.enter(Withdrawal("u-1", "consent", NOW))
    a_trail_of(folder, trail.records)
    return [record.id for record in trail.records]


def test_a_decision_is_told_of_with_the_words_of_the_policy_and_the_entries_it_rested_on(folder: Path, tmp_path: Path) -> None:
    ids = a_year_at_the_desk(tmp_path / "ledger.db", folder)
    about = ("--trail", folder, "--policy", SHIPPED, "--ledger", tmp_path / "ledger.db")

    consent, claim, agreement, objection = (run("show", each, *about) for each in ids)

    assert consent.out.splitlines()[:11] == [
        "`name` may be used for `inform_and_survey` by `third_party/ad-co` [permitted]",
        "clause 3(5): “To provide information about this Service and to perform customer surveys”",
        f"clause 4(2): “{QUOTE}”",
        "decided: 2026-01-15 12:00:00 UTC by revision 2020-03-09 of `en-japan-video-interview`",
        "asked: release (enforced)",
        f"record: {ids[0]}",
        "person: u-1",
        "channel: email",
        "ledger read up to: 7",
        consent.out.splitlines()[9],
        "shown: `consent` by the ledger, by consent",
    ]
    # What was entered later is not told of: the consent had not been withdrawn.
    assert (
        "it rested on this consent, `consent`:\n"
        "  subject: u-1\n"
        "  condition: consent\n"
        "  data: name\n"
        "  purposes: inform_and_survey\n"
        "  recipients: third_party/ad-co\n"
        "  given: 2026-01-01 00:00:00 UTC\n"
        "  text version: 2020-03-09\n"
        "  position: 4\n"
        "  recorded: 2026-01-15 12:00:00 UTC\n"
        "the ledger recorded this release, "
    ) in consent.out
    assert claim.out.count("clause 4(2)A: “required by law”\n") == 1
    assert "  reference: file 7\n  authority: Tokyo District Court\n" in claim.out
    assert "  approved by: counsel\n  approved: 2026-01-01 00:00:00 UTC\n" in claim.out
    assert agreement.out.count("  reference: contract 12\n") == 2
    assert "  begins: 2026-01-01 00:00:00 UTC\n" in agreement.out
    assert "[objection-in-force]\n" in objection.out
    assert "it rested on this objection, `suspend_use`:\n  subject: u-3\n" in objection.out
    assert {told.code for told in (consent, claim, agreement, objection)} == {0}
    assert {told.err for told in (consent, claim, agreement, objection)} == {""}


def test_what_a_decision_rested_on_is_told_as_data(folder: Path, tmp_path: Path) -> None:
    first, *_ = a_year_at_the_desk(tmp_path / "ledger.db", folder)

    told = ask("show", first, "--trail", folder, "--policy", SHIPPED, "--ledger", tmp_path / "ledger.db")

    assert [(ground["kind"], ground["name"]) for ground in told["grounds"]] == [
        ("recipient", AD_CO),
        ("consent", "consent"),
        ("release", told["record"]["release"]),
    ]
    assert told["grounds"][1]["entry"]["given"] == "2026-01-01T00:00:00.000000+00:00"
    assert (told["unquoted"], told["untold"], told["decision"]["clauses"]) == (None, None, ["3(5)", "4(2)"])


@pytest.mark.parametrize("policy", [[], ["--policy"]])
def test_a_policy_that_is_not_the_one_that_decided_gives_no_quotes(folder: Path, tmp_path: Path, policy: list[str]) -> None:
    a_trail_of(folder, RECORDS)
    given = [*policy, *([a_folder(tmp_path)] if policy else [])]

    told = run("show", RECORDS[0].id, "--trail", folder, *given)

    assert told.out.splitlines() == [
        "`email_address` may be used for `shipping` by `carrier` [permitted]",
        "clause 1",
        "clause 2",
        f"note: the policy that decided is not at hand: revision 1, sha256 {'d' * 64}",
        "decided: 2026-01-15 12:00:01 UTC by revision 1 of `shop`",
        "asked: release (enforced)",
        "record: ffffffffffffffff-1",
        "person: u-1",
    ]


def test_a_record_that_is_not_there_is_said(folder: Path) -> None:
    a_trail_of(folder, RECORDS)

    told = run("show", "nowhere\x1b[31m", "--trail", folder)

    assert told == Told(1, "", "purposegate: the trail holds no record `nowhere\ufffd[31m`\n")


def test_what_another_policy_would_decide_otherwise_is_told(folder: Path, tmp_path: Path) -> None:
    a_trail_of(folder, RECORDS)
    conditions = {"consent": {"shown_by": "consent"}}
    document = a_document(conditions=conditions)
    document["provisions"][0]["conditions"] = ["consent"]
    new = a_folder(tmp_path, document)

    told = run("replay", "--trail", folder, "--policy", new)

    assert told.out == (
        "7 decisions again, by revision 1 of `shop`:\n"
        "0 permitted that were denied, 6 denied that were permitted,\n"
        "0 the same for another reason or by other clauses, 1 the same\n"
        "change    use            was        now              decisions  first (UTC)       last (UTC)\n"
        "───\n"
        "narrowed  email_address  permitted  unknown-purpose  5          2026-01-15 12:00  2026-01-15 12:00\n"
        "          billing        1\n"
        "          shop\n"
        "narrowed  email_address  permitted  unmet-condition  1          2026-01-15 12:00  2026-01-15 12:00\n"
        "          shipping       1          1\n"
        "          carrier        2          2\n"
        "note: `consent` could not have been shown for `email_address` for `shipping` by `carrier`: nobody asked for it then\n"
    )
    assert told.code == 0
    assert ask("replay", "--trail", folder, "--policy", new, "--purpose", "shipping")["witnesses"] == [
        {
            "change": "narrowed",
            "data_category": "email_address",
            "purpose": "shipping",
            "recipient": "carrier",
            "was": {"reason": "permitted", "clauses": ["1", "2"]},
            "now": {"reason": "unmet-condition", "clauses": ["1", "2"]},
            "unmet": ["consent"],
            "unasked": ["consent"],
            "decisions": 1,
            "first": "2026-01-15T12:00:01.000000+00:00",
            "last": "2026-01-15T12:00:01.000000+00:00",
            "record": RECORDS[0].id,
        }
    ]


@pytest.mark.parametrize(("fail_on", "code"), [("widened", 0), ("narrowed", 1), ("any", 1)])
def test_a_change_of_the_kind_that_is_named_fails(folder: Path, tmp_path: Path, fail_on: str, code: int) -> None:
    a_trail_of(folder, RECORDS[2:])

    assert run("replay", "--trail", folder, "--policy", a_folder(tmp_path), "--fail-on", fail_on).code == code


def test_a_policy_that_is_not_in_force_yet_decides_as_of_its_day(folder: Path, tmp_path: Path) -> None:
    terms = {"clause": "9", "quote": "We may amend this policy", "window": "P7D", "silence": "never", "time_zone": "Asia/Tokyo"}
    later = a_folder(tmp_path, a_document(policy={"effective": "2999-01-01"}, amendments=terms))
    a_trail_of(folder, RECORDS[:1])
    about = ("--trail", folder, "--policy", later, "--recorded-under", later)

    assert ask("replay", *about)["same"] == 1
    assert ask("replay", *about, "--at", "2026-01-01T00:00:00Z")["narrowed"] == 1


@pytest.mark.parametrize(
    "command", ["verify", "heads", "query", "stats", "show x", "replay --policy policies/en-japan-video-interview.yaml"]
)
def test_a_trail_that_is_not_named_or_not_there_is_said(command: str, tmp_path: Path) -> None:
    unnamed = run(*command.split())
    nowhere = run(*command.split(), "--trail", tmp_path / "nowhere")

    assert unnamed == Told(
        2, "", "purposegate: no trail is named\nhelp: name its folder or its database with --trail TRAIL, or in PURPOSEGATE_TRAIL\n"
    )
    assert nowhere == Told(2, "", "purposegate: the folder of the trail cannot be read: no such file or directory\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("verify --signed-by x", "`--signed-by` is for heads, and none are given"),
        ("verify --heads nowhere", "the file of heads cannot be read"),
        ("heads --sign nowhere", "the signing key cannot be read"),
        ("heads --output nowhere/heads.json", "the file of heads was not written: no such file or directory"),
        ("query --since 2026-01-15", "`--since` is no time with its zone"),
    ],
)
def test_what_cannot_be_done_is_said(folder: Path, arguments: str, said: str) -> None:
    told = run(*arguments.split(), "--trail", folder)

    assert (told.code, told.out, told.err.splitlines()[0]) == (2, "", f"purposegate: {said}")


def test_names_that_a_terminal_would_obey_are_printed_without_that(folder: Path) -> None:
    hostile = "\x1b[31mred\x9b0m\n`x`\u202e"
    a_trail_of(folder, [a_record(1, subject=hostile, decision=a_decision(clauses=(hostile,), recipient=hostile))])

    told = "".join(run(*each, "--trail", folder).out for each in (["query"], ["stats"], ["show", f"{'f' * 16}-1"]))
    data = run("query", "--trail", folder, "--format", "json").out

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", told + data)
    assert json.loads(data)[0]["subject"] == hostile


def test_the_schema_is_printed() -> None:
    assert json.loads(run("schema").out) == SCHEMA


@pytest.mark.parametrize(("form", "watched"), [("text", True), ("json", False)])
def test_how_far_it_has_come_is_shown_on_a_terminal_and_not_to_a_program(folder: Path, form: str, *, watched: bool) -> None:
    a_trail(folder)
    terminal, program = pty.openpty()
    command = [str(Path(sys.executable).with_name("purposegate")), "trail", "verify", "--trail", str(folder), "--format", form]

    done = subprocess.run(
        command, env=os.environ | {"TERM": "xterm"}, stdout=subprocess.PIPE, stderr=program, check=True, timeout=120
    )
    os.write(program, b"the end")
    os.close(program)
    text = os.read(terminal, 100_000).decode()
    os.close(terminal)

    assert ("verifying" in text) is watched
    assert b"verifying" not in done.stdout
