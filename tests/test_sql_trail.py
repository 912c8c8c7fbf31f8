"""A trail in SQL: what it tells again, what it refuses to keep twice, where it is made, and what it shares a database with."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from breaking import told_of
from builders import NOW, a_policy
from postgres import Databases, MakeDatabase
from sqlalchemy.engine import make_url

from purposegate import Asked, Gate, Reason, Record, TrailError
from purposegate.ledger.records import RegisteredRecipient
from purposegate.ledger.sql import SqlLedger
from purposegate.ledger.sql import is_there as is_a_ledger_there
from purposegate.testing.sink_contract import a_record, refused
from purposegate.trail.sql import Head, SqlSink, is_there
from purposegate.trail.sql import statements as asked_of_it

SECOND = timedelta(seconds=1)
# An id that occurs in no other word: whatever repeats it is found.
SUBJECT = "person-in-no-message"


@pytest.fixture
def opened() -> Iterator[Callable[..., SqlSink]]:
    """Give a function that opens a trail which is closed when the test ends."""
    sinks: list[SqlSink] = []

    def open_(database: str | Path, **options: Any) -> SqlSink:
        sinks.append(SqlSink(database, **{"deadline": 20, "create": True} | options))
        return sinks[-1]

    yield open_
    for each in sinks:
        each.close()


Opened = Callable[..., SqlSink]


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a database that is not there yet, or an empty one."""
    url: str = f"sqlite:///{tmp_path}/trail.db" if request.param == "sqlite" else request.getfixturevalue("postgresql")()
    return url


def of(record: Record, **parts: Any) -> Record:
    return replace(record, decision=replace(record.decision, **parts))


# What it tells again.


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, "0 1 2 3 4"),
        ({"since": NOW + SECOND}, "1 2 3 4"),
        ({"until": NOW + SECOND}, "0 3"),
        ({"since": NOW + SECOND, "until": NOW + 3 * SECOND}, "1 2 3"),
        ({"since": NOW + 5 * SECOND}, ""),
        ({"asked": Asked.QUESTION}, "1"),
        ({"purpose": "express"}, "2"),
        ({"recipient": "shop"}, "0 1 4"),
        ({"recipient": "carrier/acme"}, "2 3"),
        ({"reason": Reason.UNLISTED_RECIPIENT}, "3"),
        ({"subject": "ann"}, "0 2"),
        ({"subject": "氏名\x00\ud800\\"}, "4"),
        ({"subject": "ann", "recipient": "shop"}, "0"),
        ({"subject": "%"}, ""),
    ],
)
def test_it_tells_the_records_that_are_asked_for_in_their_order(
    wanted: dict[str, Any], found: str, where: str, opened: Opened
) -> None:
    sink = opened(where)
    written = [
        a_record("0", at=NOW, subject="ann"),
        a_record("1", at=NOW + SECOND, asked=Asked.QUESTION, subject="bob"),
        of(a_record("2", at=NOW + 2 * SECOND, subject="ann"), purpose="express", recipient="carrier/acme"),
        # It stands for several decisions, of which the first was made earlier than all others.
        of(
            a_record("3", at=NOW + 3 * SECOND, since=NOW - SECOND, count=9),
            reason=Reason.UNLISTED_RECIPIENT,
            recipient="carrier/acme",
        ),
        a_record("4", at=NOW + 4 * SECOND, subject="氏名\x00\ud800\\"),
    ]
    sink.write(written)

    assert list(sink.records(**wanted)) == [written[int(each)] for each in found.split()]


def test_what_is_read_in_several_pages_is_all_there_and_what_is_written_meanwhile_is_not(
    tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = opened(tmp_path / "trail.db")
    written = [a_record(f"r-{number}") for number in range(2 * asked_of_it.AT_ONCE + 1)]
    sink.write(written)

    told, faults = sink.records(), sink.verify()
    first = next(told)
    sink.write([a_record("later")])

    assert [first, *told] == written
    assert list(faults) == []


def test_an_instant_without_a_zone_is_no_time_to_ask_for(tmp_path: Path, opened: Opened) -> None:
    sink = opened(tmp_path / "trail.db")

    with pytest.raises(TypeError):
        sink.records(since=NOW.replace(tzinfo=None))


def test_a_gate_leaves_a_record_in_it_before_it_permits_anything(where: str, opened: Opened) -> None:
    sink = opened(where)
    gate = Gate(a_policy(), trail=sink, clock=lambda: NOW)

    gate.check("email_address", "shipping", "carrier/acme", subject="ann", channel="post")
    gate.decide("email_address", "raffle", subject="ann")

    told = [(each.asked, each.decision.reason, each.provision, each.subject) for each in sink.records()]
    assert told == [
        (Asked.RELEASE, Reason.PERMITTED, True, "ann"),
        (Asked.QUESTION, Reason.UNKNOWN_PURPOSE, False, "ann"),
    ]


def test_no_two_names_are_taken_for_each_other_however_a_database_has_to_write_them(where: str, opened: Opened) -> None:
    names = ["\0", "\\u0000", "\\\\u0000", "\\", "\ud800", "\\ud800", "\N{GRINNING FACE}", "e\N{COMBINING ACUTE ACCENT}", "é"]
    sink = opened(where)
    sink.write([a_record(name, subject=name) for name in names])

    assert [[each.subject for each in sink.records(subject=name)] for name in names] == [[name] for name in names]


def test_two_halves_of_a_character_are_the_character_as_json_has_it(where: str, opened: Opened) -> None:
    sink = opened(where)

    sink.write([a_record("1", subject="\ud83d\ude00")])

    assert [each.subject for each in sink.records(subject="\ud83d\ude00")] == ["\N{GRINNING FACE}"]
    assert list(sink.verify()) == []


# The same again.


def test_a_record_that_is_kept_already_is_not_kept_again(where: str, opened: Opened) -> None:
    sink = opened(where)
    sink.write([a_record("1"), a_record("2")])

    sink.write([a_record("2"), a_record("3"), a_record("3")])

    assert [each.id for each in sink.records()] == ["1", "2", "3"]
    assert list(sink.verify()) == []


def test_another_record_under_the_same_id_is_refused_with_all_that_goes_with_it(where: str, opened: Opened) -> None:
    sink = opened(where)
    sink.write([a_record("1", subject=SUBJECT)])

    for records in (
        [a_record("2"), a_record("1", subject="another")],
        [a_record("3", subject=SUBJECT), a_record("3")],
    ):
        error = refused(lambda: sink.write(records))  # noqa: B023 - it is called at once
        assert str(error) == "another record was kept under the same id"
        assert SUBJECT not in told_of(error)

    assert list(sink.records()) == [a_record("1", subject=SUBJECT)]


# Where it is.


def test_a_path_that_was_misspelt_is_no_new_trail(tmp_path: Path, opened: Opened) -> None:
    error = refused(lambda: opened(tmp_path / "trial.db", create=False))

    assert (str(error), error.__notes__) == ("there is no trail in that database", ["make one with `purposegate trail init`"])
    assert list(tmp_path.iterdir()) == []
    assert not is_there(tmp_path / "trial.db")


def test_a_trail_that_is_there_is_opened_and_goes_on(where: str, opened: Opened) -> None:
    assert not is_there(where)
    opened(where).write([a_record("1")])

    again = opened(where, create=False)
    again.write([a_record("2")])

    assert is_there(where)
    assert [each.id for each in again.records()] == ["1", "2"]
    assert again.head().position == 2
    assert SqlSink.migrate(where) == "0001"


def test_it_shares_the_database_of_a_ledger_and_neither_takes_the_other_for_itself(where: str, opened: Opened) -> None:
    ledger = SqlLedger(where, deadline=20, create=True)
    assert not is_there(where)
    with pytest.raises(TrailError, match="there is no trail"):
        opened(where, create=False)

    sink = opened(where)
    gate = Gate(a_policy(), ledger=ledger, trail=sink, clock=lambda: NOW)
    ledger.enter(RegisteredRecipient("carrier/acme", "Acme", "JP", NOW))
    gate.check("email_address", "shipping", "carrier/acme", subject="ann", channel="post")

    (release,) = ledger.releases()
    assert [each.release for each in sink.records()] == [release.id]
    assert (is_there(where), is_a_ledger_there(where)) == (True, True)
    assert (SqlSink.migrate(where), SqlLedger.migrate(where)) == ("0001", "0001")
    ledger.close()


def test_tables_of_another_version_are_refused(tmp_path: Path, opened: Opened) -> None:
    opened(tmp_path / "trail.db")
    with sqlite3.connect(tmp_path / "trail.db") as connection:
        connection.execute("UPDATE purposegate_trail_version SET version_num = '9999'")
    connection.close()

    error = refused(lambda: opened(tmp_path / "trail.db"))

    assert str(error) == "the tables of the trail are of version 9999, and this code wants 0001"
    assert error.__notes__ == ["run `purposegate trail migrate`, or install the version of purposegate that made them"]
    assert str(refused(lambda: SqlSink.migrate(tmp_path / "trail.db"))) == (
        "the tables of the trail are of a version that this code does not know"
    )


@pytest.mark.parametrize("database", ["mysql://root@/trail", "sqlite://", ":memory:", "sqlite:///:memory:", "no url://"])
def test_a_database_in_which_no_trail_can_be_kept_is_refused(database: str, opened: Opened) -> None:
    assert str(refused(lambda: opened(database))) == "a trail is kept in SQLite or in PostgreSQL"


# How durable it is.


def test_every_commit_reaches_the_disk_on_sqlite(tmp_path: Path, opened: Opened) -> None:
    with opened(tmp_path / "trail.db").engine.connect() as connection:
        told = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]

    assert told == ["wal", 2]


@pytest.mark.parametrize("options", ["", "-c synchronous_commit=off"])
def test_every_commit_reaches_the_disk_on_postgresql_whatever_the_server_or_the_url_says(
    options: str, databases: Databases, opened: Opened
) -> None:
    url = databases.make()
    ((name,),) = databases.execute("SELECT current_database()", url)
    databases.execute(f"ALTER DATABASE {name} SET synchronous_commit = off", url)
    given = make_url(url).update_query_dict({"options": options}) if options else url

    with opened(given).engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


def test_a_new_trail_ends_at_its_beginning(where: str, opened: Opened) -> None:
    sink = opened(where)

    assert sink.head() == Head(0, "0" * 64)
    assert list(sink.verify(sink.head())) == []
    assert list(sink.records()) == []


def test_a_trail_on_postgresql_is_one_for_all_who_write_into_it(postgresql: MakeDatabase, opened: Opened) -> None:
    url = postgresql()
    here, there = opened(url), opened(url)

    here.write([a_record("1")])
    there.write([a_record("2")])
    here.write([a_record("3")])

    assert [each.id for each in there.records()] == ["1", "2", "3"]
    assert here.head() == there.head()
    assert list(here.verify()) == []
