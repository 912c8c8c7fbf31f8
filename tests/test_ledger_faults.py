"""What breaks under a ledger, with real components: nothing is released, the caller is told, and it recovers by itself."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from breaking import a_small_disk, held, soon, told_of
from builders import NOW, a_policy, a_provision, an_objection
from postgres import Databases

from purposegate import (
    Consent,
    Gate,
    Ledger,
    LedgerError,
    LodgedObjection,
    MemoryLedger,
    MemorySink,
    RegisteredRecipient,
    Release,
    Use,
    Withdrawal,
)
from purposegate.ledger.sql import SqlLedger
from purposegate.stores.turns import Turns
from purposegate.testing.together import in_a_child

# An id that occurs in no other word: whatever repeats it is found.
SUBJECT = "person-in-no-message"
ACME = "carrier/acme"
USE = Use("email_address", "shipping", ACME, SUBJECT, "post")
DAY = timedelta(days=1)


@pytest.fixture
def opened() -> Iterator[Callable[..., SqlLedger]]:
    """Give a function that opens a ledger which is closed when the test ends."""
    ledgers: list[SqlLedger] = []

    def open_(database: str | Path, **options: Any) -> SqlLedger:
        ledgers.append(SqlLedger(database, **{"deadline": 0.5} | options, create=True))
        return ledgers[-1]

    yield open_
    for each in ledgers:
        each.close()


Opened = Callable[..., SqlLedger]


def a_gate(ledger: Ledger, **options: Any) -> Gate:
    policy = a_policy(
        conditions={"consent": {"shown_by": "consent"}},
        provisions=[a_provision(conditions=["consent"])],
        objections={"stop": an_objection()},
    )
    return Gate(policy, ledger=ledger, **{"clock": lambda: NOW} | options)


def filled(ledger: Ledger) -> Ledger:
    ledger.enter(RegisteredRecipient(ACME, "Acme", "JP", NOW), Consent(SUBJECT, "consent", "any", "any", "any", NOW - DAY))
    return ledger


def permitted(gate: Gate) -> bool:
    return gate.decide("email_address", "shipping", ACME, subject=SUBJECT, channel="post").permitted


def check(gate: Gate) -> None:
    gate.check("email_address", "shipping", ACME, subject=SUBJECT, channel="post")


def a_release(id_: str = "r-1") -> Release:
    return Release(id_, NOW, "email_address", "shipping", ACME, SUBJECT, "post", ("2",))


# Threads that wait for each other.


def test_a_withdrawal_has_its_turn_while_another_thread_records_without_a_pause(tmp_path: Path, opened: Opened) -> None:
    ledger = opened(tmp_path / "ledger.db", deadline=5)
    over = Event()

    def record() -> None:
        number = 0
        while not over.is_set():
            number += 1
            ledger.record([a_release(f"r-{number}")])

    threads = [Thread(target=record) for _ in range(3)]
    for each in threads:
        each.start()
    try:
        longest = 0.0
        for _ in range(10):
            began = time.monotonic()
            ledger.enter(Withdrawal(SUBJECT, "consent", NOW))
            longest = max(longest, time.monotonic() - began)
    finally:
        over.set()
        for each in threads:
            each.join()

    assert longest < 2


def test_whoever_waits_longest_has_the_next_turn_and_whoever_gave_up_has_none() -> None:
    turns = Turns()
    had: list[str] = []
    assert turns.take(1)
    assert not turns.take(0.01)

    def wait(name: str) -> None:
        assert turns.take(20)
        had.append(name)
        turns.give_back()

    threads = []
    for name in ("first", "second", "third"):
        threads.append(Thread(target=wait, args=(name,)))
        threads[-1].start()
        while len(turns._waiting) < len(threads):
            time.sleep(0.001)
    turns.give_back()
    for each in threads:
        each.join()

    assert had == ["first", "second", "third"]
    assert turns.take(0)


@pytest.mark.parametrize("raised", [KeyboardInterrupt, RuntimeError, MemoryError])
def test_where_one_thread_fails_to_commit_for_all_none_of_them_is_told_that_it_was_kept(
    raised: type[BaseException], tmp_path: Path, opened: Opened
) -> None:
    failing = Event()

    def clock() -> datetime:
        if failing.is_set():
            failing.clear()
            raise raised
        return NOW

    ledger = opened(tmp_path / "ledger.db", deadline=30, clock=clock)
    told: list[str] = []

    def record(name: str) -> None:
        try:
            ledger.record([a_release(name)])
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is told below
            told.append(type(error).__name__)
        else:
            told.append(name)
            failing.set()  # for whoever commits for the others next

    with ledger._my_turn():  # the first waits for its turn, and the others for the first
        threads = [Thread(target=record, args=(f"r-{number}",)) for number in range(5)]
        threads[0].start()
        while not ledger._turn._waiting:
            time.sleep(0.001)
        for each in threads[1:]:
            each.start()
        while len(ledger._group._waiting) < 4:
            time.sleep(0.001)
    for each in threads:
        each.join()

    kept = {each.id for each in ledger.releases()}
    assert {name for name in told if name.startswith("r-")} == kept == {"r-0"}
    assert sorted(told) == sorted(["r-0", raised.__name__, *["LedgerError"] * 3])
    failing.clear()
    ledger.record([a_release()])
    assert [each.id for each in ledger.releases()] == ["r-0", "r-1"]


# PostgreSQL that goes away.


def test_a_connection_that_is_ended_costs_one_answer_and_no_more(databases: Databases, opened: Opened) -> None:
    url = databases.make()
    ledger = opened(url, deadline=5)
    gate = a_gate(filled(ledger))
    assert permitted(gate)

    assert databases.disconnect(url)

    with pytest.raises(LedgerError):
        permitted(gate)
    assert permitted(gate)


def test_a_release_over_a_lost_connection_is_recorded_once_all_the_same(databases: Databases, opened: Opened) -> None:
    url = databases.make()
    ledger = opened(url, deadline=20)
    ledger.record([a_release("r-1")])

    databases.disconnect(url)
    ledger.record([a_release("r-2")])

    assert [each.id for each in ledger.releases()] == ["r-1", "r-2"]


def test_a_server_that_hangs_is_given_up_within_the_deadline_and_used_again_when_it_goes_on(
    databases: Databases, opened: Opened
) -> None:
    if databases.server is None:
        pytest.skip("the server is not ours to stop")
    ledger = opened(databases.make(), deadline=0.5)
    gate = a_gate(filled(ledger))
    assert permitted(gate)

    with databases.server.hanging():
        began = time.monotonic()
        for asked in (lambda: permitted(gate), lambda: check(gate)):  # on a connection there is, and on one to be made
            with pytest.raises(LedgerError):
                asked()
        took = time.monotonic() - began

    assert took < 0.5 * 1.5 + 2 * 1.5  # PostgreSQL's own client waits two seconds for a connection, and no less
    soon(lambda: check(gate))
    assert len(list(ledger.releases())) == 1


def test_a_server_that_was_restarted_is_used_again(databases: Databases, opened: Opened) -> None:
    if databases.server is None:
        pytest.skip("the server is not ours to stop")
    ledger = opened(databases.make())
    gate = a_gate(filled(ledger))

    databases.server.stop()
    with pytest.raises(LedgerError):
        check(gate)
    databases.server.start()

    soon(lambda: check(gate))
    assert len(list(ledger.releases())) == 1


# SQLite that cannot be written or read.


def test_a_full_disk_releases_nothing_and_is_written_again_when_there_is_room(tmp_path: Path, opened: Opened) -> None:
    with a_small_disk(tmp_path) as disk:
        ledger = opened(disk / "ledger.db")
        gate = a_gate(filled(ledger))
        (disk / "ballast").write_bytes(b"x" * 200_000)
        released = 0
        with pytest.raises(LedgerError):
            while released < 10_000:
                check(gate)
                released += 1
        with pytest.raises(LedgerError):
            ledger.enter(*[Consent(SUBJECT, "consent", ("x" * 1000,), "any", "any", NOW)] * 300)
        kept = len(list(ledger.releases()))

        (disk / "ballast").unlink()

        assert kept == released
        soon(lambda: check(gate))
        assert len(list(ledger.releases())) == released + 1
        ledger.close()


def test_a_file_that_may_only_be_read_answers_and_releases_nothing(tmp_path: Path, opened: Opened) -> None:
    filled(opened(tmp_path / "ledger.db"))
    gate = a_gate(opened(f"sqlite:///file:{tmp_path}/ledger.db?mode=ro&uri=true"))

    assert permitted(gate)
    with pytest.raises(LedgerError):
        check(gate)


def test_a_file_that_another_process_holds_is_given_up_within_the_deadline(tmp_path: Path, opened: Opened) -> None:
    ledger = opened(tmp_path / "ledger.db", deadline=0.5)
    gate = a_gate(filled(ledger))
    with held(tmp_path / "ledger.db"):
        began = time.monotonic()

        with pytest.raises(LedgerError):
            check(gate)

        assert time.monotonic() - began < 2
        assert permitted(gate)  # who only reads waits for nobody

    soon(lambda: check(gate))


def test_a_corrupted_file_permits_nothing(tmp_path: Path, opened: Opened) -> None:
    whole = opened(tmp_path / "ledger.db")
    filled(whole).enter(*[Consent(SUBJECT, "consent", "any", "any", "any", NOW)] * 50)
    whole.close()
    path = tmp_path / "ledger.db"
    content = path.read_bytes()
    for wrong in (b"no database" * 100, content[:4096] + b"\xff" * (len(content) - 4096), content[:5000]):
        for each in tmp_path.iterdir():
            each.unlink()
        path.write_bytes(wrong)
        with pytest.raises(LedgerError):
            check(a_gate(opened(path)))


def test_tables_of_another_version_are_refused(tmp_path: Path, opened: Opened) -> None:
    opened(tmp_path / "ledger.db")
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        connection.execute("UPDATE purposegate_ledger_version SET version_num = '9999'")
    connection.close()

    with pytest.raises(LedgerError, match="version 9999") as caught:
        opened(tmp_path / "ledger.db")
    assert caught.value.__notes__ == ["run `purposegate ledger migrate`, or install the version of purposegate that made them"]
    with pytest.raises(LedgerError):
        SqlLedger.migrate(tmp_path / "ledger.db")


NONSENSE = [
    "",
    "nonsense",
    "[]",
    '["subject"]',
    "null",
    "7",
    '"text"',
    "{}",
    "[" * 100_000,
    '{"subject": "person-in-no-message"}',
    '{"subject": 7, "objection": "stop", "lodged": "2026-01-01T00:00:00+00:00"}',
    '{"subject": "person-in-no-message", "objection": "stop", "lodged": "yesterday"}',
    '{"subject": "person-in-no-message", "objection": "stop", "lodged": 7}',
    '{"subject": "person-in-no-message", "objection": "stop", "lodged": null}',
    '{"subject": "person-in-no-message", "objection": "stop", "lodged": "2026-01-01T00:00:00"}',
    '{"subject": "person-in-no-message", "objection": "stop", "lodged": "2026-01-01T00:00:00+00:00", "more": 1}',
    # What a person objected to is not read letter by letter, or it would be nothing.
    '{"subject": "person-in-no-message", "objection": "stop", "lodged": "2026-01-01T00:00:00+00:00", "data": "email_address"}',
    '{"subject": "person-in-no-message", "objection": "stop", "lodged": "2026-01-01T00:00:00+00:00", "data": {"phone": 1}}',
    '{"subject": "person-in-no-message", "objection": "stop", "lodged": "2026-01-01T00:00:00+00:00", "purposes": [7]}',
    '{"subject": "person-in-no-message", "objection": "stop", "lodged": "2026-01-01T00:00:00+00:00", "recipients": []}',
]


@pytest.mark.parametrize("body", NONSENSE, ids=range(len(NONSENSE)))
def test_a_row_that_makes_no_sense_permits_nothing(body: str, tmp_path: Path, opened: Opened) -> None:
    ledger = opened(tmp_path / "ledger.db")
    filled(ledger).enter(LodgedObjection(SUBJECT, "stop", NOW - DAY))
    spoil(tmp_path, "UPDATE purposegate_ledger_entries SET body = ? WHERE kind = 'LodgedObjection'", body)

    with pytest.raises(LedgerError) as caught:
        ledger.consult(USE)
    assert SUBJECT not in told_of(caught.value)
    with pytest.raises(LedgerError):
        ledger.entries()
    with pytest.raises(LedgerError):
        check(a_gate(ledger))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE purposegate_ledger_entries SET kind = ? WHERE kind = 'LodgedObjection'",
        "UPDATE purposegate_ledger_entries SET kind = 'state' || substr(?, 1, 0) WHERE kind = 'LodgedObjection'",
        "UPDATE purposegate_ledger_entries SET kind = 'spent' || substr(?, 1, 0) WHERE kind = 'LodgedObjection'",
        "UPDATE purposegate_ledger_entries SET recorded = ? WHERE kind = 'LodgedObjection'",
        "UPDATE purposegate_ledger_state SET recorded = ?",
        "UPDATE purposegate_ledger_state SET position = ?",
        "UPDATE purposegate_ledger_state SET id = 2 || substr(?, 1, 0)",
    ],
)
def test_a_column_that_makes_no_sense_permits_nothing(statement: str, tmp_path: Path, opened: Opened) -> None:
    ledger = opened(tmp_path / "ledger.db")
    filled(ledger).enter(LodgedObjection(SUBJECT, "stop", NOW - DAY))
    spoil(tmp_path, statement, "nonsense")

    with pytest.raises(LedgerError):
        ledger.consult(USE)
    with pytest.raises(LedgerError):
        check(a_gate(ledger))


def test_a_release_that_makes_no_sense_is_told_to_nobody(tmp_path: Path, opened: Opened) -> None:
    ledger = opened(tmp_path / "ledger.db")
    ledger.record([a_release()])
    clauses, at = "UPDATE purposegate_ledger_releases SET clauses = ?", "UPDATE purposegate_ledger_releases SET at = ?"
    for statement, wrong in ((clauses, "7"), (clauses, "["), (clauses, '"1"'), (at, "yesterday")):
        spoil(tmp_path, statement, wrong)

        with pytest.raises(LedgerError):
            ledger.releases()
        spoil(tmp_path, "UPDATE purposegate_ledger_releases SET clauses = '[]', at = ?", "2026-01-15T12:00:00.000000+00:00")


def spoil(folder: Path, statement: str, value: str) -> None:
    connection = sqlite3.connect(folder / "ledger.db")
    with connection:
        connection.execute(statement, [value])
    connection.close()


# Clocks, forks and words.


@pytest.mark.parametrize("sql", [False, True])
def test_a_consent_that_expired_stays_so_when_the_clock_goes_backwards(sql: bool, tmp_path: Path, opened: Opened) -> None:
    now = [NOW]
    ledger = opened(tmp_path / "ledger.db", clock=lambda: NOW - DAY) if sql else MemoryLedger(clock=lambda: NOW - DAY)
    ledger.enter(RegisteredRecipient(ACME, "Acme", "JP", NOW - DAY))
    ledger.enter(Consent(SUBJECT, "consent", "any", "any", "any", NOW - DAY, expires=NOW))
    gate = a_gate(ledger, clock=lambda: now[0])
    now[0] = NOW - timedelta(hours=1)
    assert permitted(gate)
    now[0] = NOW
    assert not permitted(gate)

    now[0] = NOW - timedelta(hours=2)

    assert not permitted(gate)


def test_a_consent_that_expired_stays_so_in_the_night_in_which_summer_time_ends() -> None:
    zone = ZoneInfo("America/New_York")
    now = [datetime(2026, 11, 1, 1, 5, tzinfo=zone, fold=0)]
    ledger = MemoryLedger(clock=lambda: NOW)
    ledger.enter(RegisteredRecipient(ACME, "Acme", "JP", NOW))
    expires = datetime(2026, 11, 1, 1, 30, tzinfo=zone, fold=0)
    ledger.enter(Consent(SUBJECT, "consent", "any", "any", "any", NOW, expires=expires))
    gate = a_gate(ledger, clock=lambda: now[0])
    assert permitted(gate)
    now[0] = datetime(2026, 11, 1, 1, 10, tzinfo=zone, fold=1)  # an hour and five minutes later

    assert not permitted(gate)


def test_time_goes_on_in_the_night_in_which_summer_time_ends() -> None:
    zone = ZoneInfo("America/New_York")
    now = [datetime(2026, 11, 1, 1, 59, tzinfo=zone, fold=0)]
    trail = MemorySink()
    gate = a_gate(MemoryLedger(clock=lambda: NOW), clock=lambda: now[0], trail=trail)
    permitted(gate)
    now[0] = datetime(2026, 11, 1, 1, 20, tzinfo=zone, fold=1)  # 21 minutes later

    permitted(gate)

    assert [each.at.astimezone(UTC).minute for each in trail.records] == [59, 20]


@pytest.mark.parametrize("sql", [False, True])
def test_an_objection_lodged_by_a_machine_whose_clock_is_ahead_holds_at_once(sql: bool, tmp_path: Path, opened: Opened) -> None:
    ahead = NOW + timedelta(minutes=5)
    now = [NOW]
    ledger = opened(tmp_path / "ledger.db", clock=lambda: now[0]) if sql else MemoryLedger(clock=lambda: now[0])
    gate = a_gate(filled(ledger))
    assert permitted(gate)

    now[0] = ahead
    ledger.enter(LodgedObjection(SUBJECT, "stop", ahead))

    assert not permitted(gate)


@pytest.mark.parametrize("database", ["memory", "sqlite", "postgresql"])
def test_a_ledger_goes_on_in_a_child_process_whatever_its_parent_was_doing(
    database: str, tmp_path: Path, opened: Opened, request: pytest.FixtureRequest
) -> None:
    where = tmp_path / "ledger.db" if database == "sqlite" else None
    if database == "postgresql":
        where = request.getfixturevalue("postgresql")()
    ledger = MemoryLedger() if where is None else opened(where, deadline=20)
    gate = a_gate(filled(ledger))
    over = Event()

    def write() -> None:
        number = 0
        while not over.is_set():
            number += 1
            ledger.record([a_release(f"r-{number}")])
            time.sleep(0.0005)  # or SQLite, which wakes nobody, would let no other process in

    def work() -> bool:
        check(gate)
        ledger.enter(Withdrawal(SUBJECT, "other", NOW))
        return permitted(gate)

    writer = Thread(target=write)
    writer.start()
    try:
        went_well = [in_a_child(work) for _ in range(5)]
    finally:
        over.set()
        writer.join()

    assert went_well == [True] * 5
    assert permitted(gate)
    ids = [each.id for each in ledger.releases()]
    assert len(ids) == len(set(ids))


def test_no_error_of_a_ledger_shows_whose_it_is(tmp_path: Path, opened: Opened, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    ledger = opened(tmp_path / "ledger.db")
    filled(ledger)
    strange = f"{SUBJECT}\ud800"
    keyed = opened(tmp_path / "keyed.db", subject_key=b"sixteen bytes at least")
    ledger.record([a_release()])

    def refused() -> Iterator[Callable[[], object]]:
        yield lambda: ledger.consult(replace(USE, subject=strange))
        yield lambda: ledger.enter(Consent(strange, "consent", "any", "any", "any", NOW))
        yield lambda: ledger.record([replace(a_release("r-2"), subject=strange)])
        yield lambda: ledger.record([replace(a_release(), subject="another")])
        yield lambda: ledger.enter(RegisteredRecipient(ACME, SUBJECT, "JP", NOW))
        yield lambda: ledger.releases(subject=strange)
        yield lambda: ledger.entries(subject=strange)

    for call in refused():
        with pytest.raises(LedgerError) as caught:
            call()
        assert SUBJECT not in told_of(caught.value)
    keyed.enter(Consent(strange, "consent", "any", "any", "any", NOW))  # with a key, it is stored under a hash
    assert [each.subject for each in keyed.consult(replace(USE, subject=strange)).consents] == [strange]
    spoil(tmp_path, "UPDATE purposegate_ledger_entries SET body = ?", SUBJECT)
    for call in (lambda: ledger.consult(USE), ledger.entries, lambda: ledger.enter(Withdrawal(SUBJECT, "consent", NOW))):
        with pytest.raises(LedgerError) as caught:
            call()
        assert SUBJECT not in told_of(caught.value)
    assert SUBJECT not in caplog.text
    assert SUBJECT not in repr(ledger)


def test_ledgers_that_are_opened_at_once_each_make_their_own_tables(tmp_path: Path, opened: Opened) -> None:
    together = Barrier(6)
    failed: list[str] = []

    def open_(number: int) -> None:
        together.wait()
        try:
            for path in (tmp_path / f"{number}.db", tmp_path / "shared.db"):
                ledger = opened(path, deadline=20)
                ledger.record([a_release(f"r-{number}")])
        except LedgerError as error:
            failed.append(str(error))

    threads = [Thread(target=open_, args=(number,)) for number in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert failed == []
    assert [len(opened(tmp_path / f"{number}.db").releases()) for number in range(6)] == [1] * 6
    assert len(opened(tmp_path / "shared.db").releases()) == 6
