"""What breaks under a trail in SQL, with real components: nothing is released, the caller is told, and it recovers by itself."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from breaking import a_small_disk, held, soon, told_of
from builders import NOW, a_policy
from postgres import Databases, MakeDatabase
from sqlalchemy import event

from purposegate import Gate, TrailError
from purposegate.testing.sink_contract import a_record, refused
from purposegate.trail.sql import SqlSink

# An id that occurs in no other word: whatever repeats it is found.
SUBJECT = "person-in-no-message"


@pytest.fixture
def opened() -> Iterator[Callable[..., SqlSink]]:
    """Give a function that opens a trail which is closed when the test ends."""
    sinks: list[SqlSink] = []

    def open_(database: str | Path, **options: Any) -> SqlSink:
        sinks.append(SqlSink(database, **{"deadline": 0.5, "create": True} | options))
        return sinks[-1]

    yield open_
    for each in sinks:
        each.close()


Opened = Callable[..., SqlSink]


def a_gate(sink: SqlSink) -> Gate:
    return Gate(a_policy(), trail=sink, clock=lambda: NOW)


def check(gate: Gate) -> None:
    gate.check("email_address", "shipping", "carrier/acme", subject=SUBJECT, channel="post")


# A process that is killed.

WRITING = """
import sys
from dataclasses import replace
from threading import Lock, Thread
from purposegate.testing.sink_contract import a_record
from purposegate.trail.sql import SqlSink

sink, number, lock = SqlSink(sys.argv[1], deadline=60), sys.argv[2], Lock()

def write(thread):
    turn = 0
    while True:
        turn += 1
        sink.write([a_record(f"{number}-{thread}-{turn}-{part}") for part in range(3)])
        with lock:
            print(f"{number}-{thread}-{turn}", flush=True)

for each in range(3):
    Thread(target=write, args=(each,)).start()
"""


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_what_a_killed_process_was_told_to_be_kept_is_kept_as_a_whole_and_the_trail_goes_on(
    database: str, tmp_path: Path, opened: Opened, request: pytest.FixtureRequest
) -> None:
    where = f"sqlite:///{tmp_path}/trail.db" if database == "sqlite" else request.getfixturevalue("postgresql")()
    sink, told = opened(where, deadline=20), set[str]()
    for number, after in enumerate((0.0, 0.013, 0.05)):
        command = [sys.executable, "-c", WRITING, where, str(number)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writing:
            assert writing.stdout is not None
            first = writing.stdout.readline()
            time.sleep(after)
            os.kill(writing.pid, signal.SIGKILL)
            lines = [first, *writing.stdout]
        told |= {each.strip() for each in lines if each.endswith("\n")}
        sink.write([a_record(f"between-{number}")])

    assert list(sink.verify()) == []
    kept = [each.id for each in sink.records()]
    parts = [each.rpartition("-")[0] for each in kept if not each.startswith("between-")]
    assert len(told) > 3
    assert told <= set(parts)
    assert all(parts.count(each) == 3 for each in set(parts))
    assert len(kept) == len(set(kept)) == len(parts) + 3


# PostgreSQL that goes away.


def test_a_record_over_a_lost_connection_is_kept_once_all_the_same(databases: Databases, opened: Opened) -> None:
    url = databases.make()
    sink = opened(url, deadline=20)
    sink.write([a_record("1")])

    assert databases.disconnect(url)
    sink.write([a_record("2")])

    assert [each.id for each in sink.records()] == ["1", "2"]
    assert list(sink.verify()) == []


def test_a_record_whose_commit_went_unanswered_is_kept_once_all_the_same(databases: Databases, opened: Opened) -> None:
    from psycopg import OperationalError  # noqa: PLC0415 - an optional extra

    sink = opened(databases.make(), deadline=20)
    commits: list[str] = []

    def unanswered(connection: Any, _: object, statement: str, *__: object) -> None:
        if statement == "COMMIT":
            commits.append(statement)
            if len(commits) == 1:
                connection.connection.driver_connection.close()
                raise OperationalError

    event.listen(sink.engine, "after_cursor_execute", unanswered)
    sink.write([a_record("1"), a_record("2")])

    assert len(commits) == 2
    assert [each.id for each in sink.records()] == ["1", "2"]
    assert list(sink.verify()) == []


def test_a_reader_is_told_of_a_lost_connection_and_reads_the_next_time(databases: Databases, opened: Opened) -> None:
    url = databases.make()
    sink = opened(url, deadline=5)
    sink.write([a_record("1", subject=SUBJECT)])

    databases.disconnect(url)
    error = refused(sink.head)

    assert str(error).startswith("the connection to the trail was lost (")
    assert sink.head().position == 1


def test_a_server_that_hangs_is_given_up_within_the_deadline_and_used_again_when_it_goes_on(
    databases: Databases, opened: Opened
) -> None:
    if databases.server is None:
        pytest.skip("the server is not ours to stop")
    sink = opened(databases.make(), deadline=0.5)
    gate = a_gate(sink)
    check(gate)

    with databases.server.hanging():
        began = time.monotonic()
        with pytest.raises(TrailError):
            check(gate)
        took = time.monotonic() - began

    assert took < 2
    soon(lambda: check(gate))
    assert list(sink.verify()) == []


# SQLite that cannot be written or read.


def test_a_full_disk_releases_nothing_and_is_written_again_when_there_is_room(tmp_path: Path, opened: Opened) -> None:
    with a_small_disk(tmp_path) as disk:
        sink = opened(disk / "trail.db")
        gate = a_gate(sink)
        (disk / "ballast").write_bytes(b"x" * 200_000)
        released = 0
        with pytest.raises(TrailError):
            while released < 10_000:
                check(gate)
                released += 1
        kept = len(list(sink.records()))

        (disk / "ballast").unlink()

        assert kept == released > 0
        soon(lambda: check(gate))
        assert len(list(sink.records())) == released + 1
        assert list(sink.verify()) == []
        sink.close()


def test_a_file_that_another_process_holds_is_given_up_within_the_deadline(tmp_path: Path, opened: Opened) -> None:
    sink = opened(tmp_path / "trail.db")
    gate = a_gate(sink)
    with held(tmp_path / "trail.db"):
        began = time.monotonic()

        with pytest.raises(TrailError):
            check(gate)

        assert time.monotonic() - began < 2
        assert sink.head().position == 0  # who only reads waits for nobody

    soon(lambda: check(gate))
    assert sink.head().position == 1


def test_a_file_that_may_only_be_read_releases_nothing(tmp_path: Path, opened: Opened) -> None:
    opened(tmp_path / "trail.db").write([a_record("1")])
    sink = opened(f"sqlite:///file:{tmp_path}/trail.db?mode=ro&uri=true")

    with pytest.raises(TrailError):
        check(a_gate(sink))
    assert [each.id for each in sink.records()] == ["1"]


def test_a_corrupted_file_releases_nothing(tmp_path: Path, opened: Opened) -> None:
    whole = opened(tmp_path / "trail.db")
    whole.write([a_record(f"r-{number}") for number in range(100)])
    whole.close()
    path = tmp_path / "trail.db"
    content = path.read_bytes()
    for wrong in (b"no database" * 100, content[:4096] + b"\xff" * (len(content) - 4096), content[:5000]):
        for each in tmp_path.iterdir():
            each.unlink()
        path.write_bytes(wrong)
        with pytest.raises(TrailError):
            check(a_gate(opened(path)))


# Threads and words.


def test_what_several_threads_wait_for_is_committed_together_and_one_refusal_is_nobody_elses(
    tmp_path: Path, opened: Opened
) -> None:
    sink = opened(tmp_path / "trail.db", deadline=30)
    sink.write([a_record("taken")])
    refusals: list[str] = []

    def write(id_: str) -> None:
        try:
            sink.write([a_record(id_, subject=id_)])
        except TrailError as error:
            refusals.append(f"{id_}: {error}")

    with sink._my_turn():  # the first waits for its turn, and the others for the first
        threads = [Thread(target=write, args=(id_,)) for id_ in ("r-0", "r-1", "taken", "r-2")]
        threads[0].start()
        while not sink._turn._waiting:
            time.sleep(0.001)
        for each in threads[1:]:
            each.start()
        while len(sink._group._waiting) < 3:
            time.sleep(0.001)
    for each in threads:
        each.join()

    assert refusals == ["taken: another record was kept under the same id"]
    assert sorted(each.id for each in sink.records()) == ["r-0", "r-1", "r-2", "taken"]
    assert list(sink.verify()) == []


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_no_error_of_a_trail_shows_whose_it_is(
    database: str, tmp_path: Path, request: pytest.FixtureRequest, opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    make: MakeDatabase = (
        (lambda: f"sqlite:///{tmp_path}/trail.db") if database == "sqlite" else request.getfixturevalue("postgresql")
    )
    url = make()
    sink = opened(url, deadline=5)
    sink.write([a_record("1", subject=SUBJECT)])
    spoil(url, tmp_path, request, "UPDATE purposegate_trail_state SET position = 0")
    spoil(url, tmp_path, request, f"UPDATE purposegate_trail SET body = '{SUBJECT}'")  # noqa: S608 - whoever tampers with a table writes any SQL

    for call in (
        lambda: sink.write([a_record("2", subject=SUBJECT)]),  # in the place of another
        lambda: list(sink.records(subject=SUBJECT)),
        lambda: sink.write([a_record("1", subject=SUBJECT)]),
    ):
        assert SUBJECT not in told_of(refused(call))
    assert SUBJECT not in repr(list(sink.verify()))
    assert SUBJECT not in caplog.text
    assert SUBJECT not in repr(sink)


def spoil(url: str, folder: Path, request: pytest.FixtureRequest, statement: str) -> None:
    if not url.startswith("sqlite"):
        request.getfixturevalue("databases").execute(statement, url)
        return
    connection = sqlite3.connect(folder / "trail.db")
    with connection:
        connection.execute(statement)
    connection.close()
