"""The command line of a trail that is kept in a database: it says what it says of the same trail in files."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOW, SHIPPED
from postgres import MakeDatabase
from test_trail_cli import Told, ask, run

from purposegate import FileSink, Gate, MemorySink, PurposeViolation, Record
from purposegate.trail.sql import SqlSink

USES = (
    ("email_address", "send_service_email", None),
    ("name", "view_video_interview", "employer_company/acme"),
    ("video_interview", "distribute_advertising", "third_party/ad-co"),
    ("nonsense", "send_service_email", None),
)


def a_month() -> Sequence[Record]:
    """Decide a few uses a day by the shipped policy."""
    trail = MemorySink()
    now = [NOW]
    gate = Gate.load(SHIPPED, trail=trail, clock=lambda: now[0])
    for day in range(30):
        now[0] = NOW + timedelta(days=day)
        for use in USES:
            try:
                gate.check(*use, subject=f"u-{day}")
            except PurposeViolation:
                pass
    return trail.records


@pytest.fixture(scope="module")
def records() -> Sequence[Record]:
    return a_month()


@pytest.fixture
def kept(tmp_path: Path, records: Sequence[Record]) -> tuple[Path, Path]:
    with closing(FileSink(tmp_path / "trail")) as files, closing(SqlSink(tmp_path / "trail.db", create=True)) as database:
        files.write(records)
        database.write(records)
    return tmp_path / "trail", tmp_path / "trail.db"


@pytest.mark.parametrize(
    "asked",
    [
        ("query",),
        ("query", "--limit", "7"),
        ("query", "--subject", "u-3"),
        ("query", "--recipient", "employer_company", "--since", "2026-02-01T00:00:00Z", "--until", "2026-02-03T00:00:00Z"),
        ("query", "--reason", "unknown-category", "--clause", "1"),
        ("query", "--id", "nobody"),
        ("stats",),
        ("stats", "--purpose", "distribute_advertising"),
        ("replay", "--policy", str(SHIPPED)),
    ],
)
def test_it_says_the_same(kept: tuple[Path, Path], asked: tuple[str, ...]) -> None:
    folder, database = kept

    of_files, of_database = (run(*asked, "--trail", trail) for trail in (folder, database))

    assert of_database == of_files
    assert of_files.code == 0


def test_the_story_of_one_decision_is_the_same(kept: tuple[Path, Path], records: Sequence[Record]) -> None:
    folder, database = kept
    asked = ("show", records[1].id, "--policy", SHIPPED)

    of_files, of_database = (run(*asked, "--trail", trail) for trail in (folder, database))

    assert of_database == of_files
    assert "clause 4(1)" in of_files.out


def test_it_is_verified_and_held_to_the_head_that_it_told_earlier(kept: tuple[Path, Path], tmp_path: Path) -> None:
    _, database = kept
    heads = tmp_path / "heads.json"

    exported = run("heads", "--trail", database, "-o", heads)
    verified = ask("verify", "--trail", database, "--heads", heads)

    assert exported == (0, f"{heads}: 1 head\n", "")
    assert (verified[0]["state"], verified[0]["records"], verified[0]["wrong"]) == ("whole", 120, [])
    [head] = json.loads(heads.read_text())["heads"]
    assert (head["chain"], head["seal"]) == ("0" * 16, 120)


def test_who_changes_a_row_is_found_out(kept: tuple[Path, Path]) -> None:
    _, database = kept
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE purposegate_trail SET subject = 'u-9' WHERE position = 5")

    told = run("verify", "--trail", database)

    assert told.code == 1
    assert "tampered: it is not what was written\n" in told.out
    assert "place 5: the column `subject` says something else than the body" in told.out


def test_who_cuts_off_its_end_and_says_so_everywhere_is_found_out_by_the_head(kept: tuple[Path, Path], tmp_path: Path) -> None:
    _, database = kept
    heads = tmp_path / "heads.json"
    assert run("heads", "--trail", database, "-o", heads).code == 0
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DELETE FROM purposegate_trail WHERE position > 100")
        state = "(SELECT sha256 FROM purposegate_trail WHERE position = 100)"
        connection.execute(f"UPDATE purposegate_trail_state SET position = 100, sha256 = {state}")  # noqa: S608 - our own words

    assert run("verify", "--trail", database).code == 0
    told = run("verify", "--trail", database, "--heads", heads)
    assert told.code == 1
    assert "place 120: the record is not the one that the head was told of" in told.out


def test_heads_of_files_are_missed_in_a_database_and_the_reverse(kept: tuple[Path, Path], tmp_path: Path) -> None:
    folder, database = kept
    of_files, of_database = tmp_path / "files.json", tmp_path / "database.json"
    assert run("heads", "--trail", folder, "-o", of_files).code == run("heads", "--trail", database, "-o", of_database).code == 0

    assert run("verify", "--trail", database, "--heads", of_files).code == 1
    assert run("verify", "--trail", folder, "--heads", of_database).code == 1


def test_a_database_without_a_trail_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    database = tmp_path / "other.db"
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE other (id)")
    before = database.read_bytes()

    told = run("query", "--trail", database)

    assert (told.code, told.err.splitlines()[0]) == (2, "purposegate: there is no trail in that database")
    assert database.read_bytes() == before


def test_a_trail_is_made_where_that_is_asked_for_and_migrated(tmp_path: Path) -> None:
    database = tmp_path / "trail.db"

    told = [run(command, "--trail", database) for command in ("init", "init", "migrate")]

    said = ["a trail was made\n", "there is a trail already\n", "the trail is of version 0001\n"]
    assert told == [Told(0, each, "") for each in said]
    assert ask("init", "--trail", database) == [{"made": False}]
    assert ask("migrate", "--trail", database) == [{"version": "0001"}]
    assert ask("query", "--trail", database) == []
    assert run("migrate", "--trail", tmp_path / "nowhere.db").code == 2


def test_one_on_postgresql_is_named_by_its_url(postgresql: MakeDatabase, records: Sequence[Record]) -> None:
    url = postgresql()
    with closing(SqlSink(url, create=True)) as sink:
        sink.write(records)

    assert ask("stats", "--trail", url)["decisions"] == 120
    assert ask("verify", "--trail", url)[0]["state"] == "whole"
