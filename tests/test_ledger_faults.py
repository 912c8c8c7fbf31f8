"""What breaks under a ledger, with real components: nothing is released, the caller is told, and it recovers by itself."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from builders import NOW, a_policy, a_provision, a_use_clause, an_objection
from postgres import Databases, MakeDatabase

from purposegate import (
    Claim,
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
from purposegate.ledger.turns import Turns

# An id that occurs in no other word: whatever repeats it is found.
SUBJECT = "person-who-is-in-no-message"
ACME = "carrier/acme"
USE = Use("email_address", "shipping", ACME, SUBJECT, "post")
DAY = timedelta(days=1)


@pytest.fixture
def opened() -> Iterator[Callable[..., SqlLedger]]:
    """Give a function that opens a ledger which is closed when the test ends."""
    ledgers: list[SqlLedger] = []

    def open_(database: str | Path, **options: Any) -> SqlLedger:
        ledgers.append(SqlLedger(database, **{"deadline": 0.5} | options))
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


def soon(attempt: Callable[[], object], within: float = 20.0) -> None:
    """Try until it goes well: what was lost recovers by itself."""
    until = time.monotonic() + within
    while True:
        try:
            attempt()
        except LedgerError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


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
    everybody_waits = Event()
    failing = Event()

    def clock() -> datetime:
        if failing.is_set():
            everybody_waits.wait(20)
            failing.clear()
            raise raised
        return NOW

    ledger = opened(tmp_path / "ledger.db", deadline=30, clock=clock)
    told: list[str] = []

    def record(name: str) -> None:
        try:
            ledger.record([a_release(name)])
        except BaseException as error:
            told.append(type(error).__name__)
        else:
            told.append(name)

    with ledger._my_turn(None):  # all of them wait, and whoever is first commits for all
        threads = [Thread(target=record, args=(f"r-{number}",)) for number in range(4)]
        for each in threads:
            each.start()
        while len(ledger._waiting) < 4:
            time.sleep(0.001)
        failing.set()
        everybody_waits.set()
    for each in threads:
        each.join()

    kept = {each.id for each in ledger.releases()}
    assert {name for name in told if name.startswith("r-")} == kept
    assert sorted(told) == sorted([raised.__name__, *["LedgerError"] * 3])
    ledger.record([a_release()])
    assert [each.id for each in ledger.releases()] == ["r-1"]
