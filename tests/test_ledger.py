"""Every ledger there is keeps the contract of a ledger: in memory, on SQLite and on PostgreSQL, each with a key and without."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from queue import Queue
from threading import Event, current_thread
from threading import enumerate as enumerate_threads
from time import sleep

import pytest
from builders import NOW
from postgres import Databases, MakeDatabase
from sqlalchemy import QueuePool, event

from purposegate import Ledger, LedgerError, LodgedObjection, MemoryLedger, RegisteredRecipient
from purposegate.ledger.keeping import Clock, utc_now
from purposegate.ledger.sql import SqlLedger
from purposegate.testing import LedgerContract

KEY = b"sixteen bytes at least"


class TestMemoryLedger(LedgerContract):
    key: bytes | None = None

    def make_ledger(self, *, subject_key: bytes | None = None, clock: Clock = utc_now) -> Ledger:
        return MemoryLedger(subject_key=subject_key or self.key, clock=clock)


class TestMemoryLedgerWithAKey(TestMemoryLedger):
    key = KEY


class TestSqlite(LedgerContract):
    key: bytes | None = None

    @pytest.fixture(autouse=True)
    def _closed_at_the_end(self, tmp_path: Path) -> Iterator[None]:
        self.folder = tmp_path
        self.made: list[SqlLedger] = []
        yield
        for each in self.made:
            each.close()

    def make_ledger(self, *, subject_key: bytes | None = None, clock: Clock = utc_now) -> Ledger:
        self.made.append(SqlLedger(self.where(), subject_key=subject_key or self.key, deadline=20, clock=clock, create=True))
        return self.made[-1]

    def where(self) -> str | Path:
        return self.folder / f"{len(self.made)}.db"


class TestSqliteWithAKey(TestSqlite):
    key = KEY


class TestPostgresql(TestSqlite):
    @pytest.fixture(autouse=True)
    def _closed_at_the_end(self, postgresql: MakeDatabase) -> Iterator[None]:  # before the databases are
        self.make_database = postgresql
        self.made = []
        yield
        for each in self.made:
            each.close()

    def where(self) -> str | Path:
        return self.make_database()


class TestPostgresqlWithAKey(TestPostgresql):
    key = KEY


def test_a_ledger_on_postgresql_tells_of_what_another_one_entered(postgresql: MakeDatabase) -> None:
    url = postgresql()
    listening, writing = SqlLedger(url, subject_key=KEY, create=True), SqlLedger(url, subject_key=KEY, create=True)
    told: Queue[str | None] = Queue()
    listening.on_change(told.put)
    assert told.get(timeout=20) is None  # it listens now: what was entered before went unheard

    writing.enter(LodgedObjection("ann", "suspend", NOW))
    writing.enter(RegisteredRecipient("carrier/acme", "Acme", "JP", NOW))

    assert [told.get(timeout=20), told.get(timeout=20)] == [writing.known_as("ann"), None]
    listening.close()
    writing.close()


def test_whoever_listens_on_postgresql_is_told_of_none_when_something_may_have_gone_unheard(
    databases: Databases, caplog: pytest.LogCaptureFixture
) -> None:
    url = databases.make()
    listening, writing = SqlLedger(url, create=True), SqlLedger(url, create=True)
    told: Queue[str | None] = Queue()
    listening.on_change(told.put)
    assert told.get(timeout=20) is None

    assert databases.disconnect(url)

    assert [told.get(timeout=20), told.get(timeout=20)] == [None, None]  # it is lost, and it listens again
    for _ in range(2):  # whose own connection was lost too
        with suppress(LedgerError):
            writing.enter(LodgedObjection("ann", "suspend", NOW))
            break
    assert told.get(timeout=20) == "ann"
    assert [each.rpartition(":")[0] for each in caplog.messages] == ["the ledger is not listened to"]
    listening.close()
    writing.close()


def test_a_ledger_that_was_closed_before_it_listened_stays_closed(
    postgresql: MakeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("purposegate.ledger.sql.listening._EVERY", 0.01)
    ledger = SqlLedger(postgresql(), create=True)
    ledger.close()  # the next connection is a new one
    connecting, connect = Event(), Event()

    def slowly(*_: object) -> None:
        if current_thread().name == "purposegate-listener":
            connecting.set()
            assert connect.wait(20)

    event.listen(ledger.engine, "do_connect", slowly)
    told: Queue[int] = Queue()
    ledger.on_change(lambda _: told.put(len(ledger.entries())))
    assert connecting.wait(20)

    ledger.close()

    assert told.get(timeout=20) == 0  # what others enter goes unheard
    connect.set()
    for thread in enumerate_threads():
        if thread.name == "purposegate-listener":
            thread.join(20)
            assert not thread.is_alive()
    assert told.empty()
    assert isinstance(ledger.engine.pool, QueuePool)
    assert ledger.engine.pool.checkedin() == 0


def test_a_ledger_is_closed_though_whoever_is_told_asks_it_meanwhile(postgresql: MakeDatabase) -> None:
    ledger = SqlLedger(postgresql(), create=True)
    told = Event()

    def asking(_: str | None) -> None:
        if current_thread().name == "purposegate-listener":
            told.set()
            sleep(0.2)  # closing has begun
            ledger.entries()

    ledger.on_change(asking)
    assert told.wait(20)

    ledger.close()

    listening = [thread for thread in enumerate_threads() if thread.name == "purposegate-listener"]
    for thread in listening:
        thread.join(1)
    assert not any(thread.is_alive() for thread in listening)
    ledger.close()


def test_a_ledger_that_was_closed_listens_again_when_it_is_used(postgresql: MakeDatabase) -> None:
    url = postgresql()
    listening, writing = SqlLedger(url, create=True), SqlLedger(url, create=True)
    told: Queue[str | None] = Queue()
    listening.on_change(told.put)
    assert told.get(timeout=20) is None
    listening.close()
    assert told.get(timeout=20) is None  # what others enter goes unheard

    assert listening.entries() == ()

    assert told.get(timeout=20) is None
    writing.enter(LodgedObjection("ann", "suspend", NOW))
    assert told.get(timeout=20) == "ann"
    listening.close()
    writing.close()
