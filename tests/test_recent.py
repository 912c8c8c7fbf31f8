"""What a gate keeps of its ledger's answers: some seconds long where it is told so, and what follows from the same rows."""

from __future__ import annotations

import gc
import os
import threading
import time
import weakref
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import NOW, AskedLedger, a_folder, a_policy, a_provision, a_use_clause, an_objection

from purposegate import (
    Agreement,
    Claim,
    Consent,
    Gate,
    Lifting,
    LodgedObjection,
    MemoryLedger,
    MemorySink,
    Notice,
    PurposeViolation,
    Reason,
    Records,
    RegisteredRecipient,
    Use,
    Withdrawal,
)
from purposegate.gate.recent import Recent
from purposegate.ledger.protocol import AsOf
from purposegate.ledger.sql import SqlLedger
from purposegate.testing.together import in_a_child

SECOND = timedelta(seconds=1)
PARTS: dict[str, Any] = {
    "recipients": {"shop": {"role": "controller"}, "carrier": {"role": "third_party"}, "printer": {"role": "processor"}},
    "conditions": {"consent": {"shown_by": "consent"}, "signed": {"shown_by": "agreement"}, "claimed": {"shown_by": "claim"}},
    "uses": [a_use_clause(conditions=["consent"])],
    "provisions": [a_provision(), a_provision(clause="5", recipients=["printer"], conditions=["signed"])],
    "exceptions": [a_provision(clause="3", conditions=["claimed"])],
    "objections": {"stop": an_objection()},
}


class Shop:
    """A gate that may answer by what the ledger said up to ten seconds before."""

    def __init__(self, ledger: MemoryLedger | None = None, **options: Any) -> None:
        self.now = NOW
        self.ledger = ledger or AskedLedger("carrier/ups", "printer/p1")
        self.ledger.enter(Consent("s1", "consent", "any", "any", "any", NOW - SECOND))
        asked: dict[str, Any] = {"ledger": self.ledger, "clock": lambda: self.now, "facts_ttl": 10}
        self.gate = Gate(a_policy(**PARTS), **asked | options)

    def asks(self, subject: str = "s1", **parts: Any) -> Reason:
        return self.gate.decide("email_address", "shipping", subject=subject, **parts).reason

    @property
    def asked(self) -> int:
        assert isinstance(self.ledger, AskedLedger)
        return len(self.ledger.asked)


def test_without_it_the_ledger_is_asked_for_every_decision() -> None:
    shop = Shop(facts_ttl=None)

    assert [shop.asks() for _ in range(3)] == [Reason.PERMITTED] * 3
    assert shop.asked == 3


def test_with_it_the_ledger_is_asked_once_for_each_use() -> None:
    shop = Shop()

    for _ in range(3):
        assert shop.asks() is Reason.PERMITTED
        assert shop.asks("s2") is Reason.UNMET_CONDITION
        assert shop.gate.check("email_address", "shipping", subject="s1")
        with pytest.raises(PurposeViolation):
            shop.gate.check("email_address", "shipping", subject="s2")

    assert shop.asked == 2


ENDING: list[tuple[str, Any]] = [
    ("a withdrawal", Withdrawal("s1", "consent", NOW)),
    ("an objection", LodgedObjection("s1", "stop", NOW)),
]


@pytest.mark.parametrize("entry", [each for _, each in ENDING], ids=[name for name, _ in ENDING])
@pytest.mark.parametrize("key", [None, b"a key of sixteen bytes"], ids=["plain", "hashed"])
def test_what_is_entered_in_this_process_is_known_at_once(entry: Any, key: bytes | None) -> None:
    shop = Shop(MemoryLedger(["carrier/ups"], subject_key=key, clock=lambda: NOW))
    shop.ledger.enter(Consent("s2", "consent", "any", "any", "any", NOW))
    assert (shop.asks(), shop.asks("s2")) == (Reason.PERMITTED, Reason.PERMITTED)

    shop.ledger.enter(entry)

    assert shop.asks() is not Reason.PERMITTED
    assert shop.asks("s2") is Reason.PERMITTED


def test_what_is_entered_about_everybody_is_known_at_once() -> None:
    shop = Shop()
    shop.asks()

    shop.ledger.enter(Notice("second", NOW))
    shop.asks()

    assert shop.asked == 2


def test_an_agreement_that_lapses_within_the_time_is_looked_up_every_time() -> None:
    shop = Shop()
    signed = {"reference": "c", "selection": "r", "country": "JP"}
    shop.ledger.enter(
        Agreement("printer/p1", frozenset({"signed"}), "any", "any", NOW - SECOND, NOW + 9 * SECOND, **signed)  # type: ignore[arg-type]  # text
    )
    use: dict[str, Any] = {"recipient": "printer/p1", "channel": "post"}

    outcomes = []
    for seconds in (0, 8, 9, 10):
        shop.now = NOW + seconds * SECOND
        outcomes.append(shop.asks(**use))

    assert outcomes == [Reason.PERMITTED, Reason.PERMITTED, Reason.UNMET_CONDITION, Reason.UNMET_CONDITION]


def test_a_revision_that_begins_within_the_time_begins_at_its_time() -> None:
    now = [NOW - 5 * SECOND]
    day = NOW.replace(hour=0)
    now[0] = day - 5 * SECOND
    stays: dict[str, Any] = {"conditions": {"consent": {"shown_by": "consent"}}, "provisions": []}
    first = a_policy(policy={"revision": "1", "effective": "2026-01-01"}, **stays)
    second = a_policy(policy={"revision": "2", "effective": "2026-01-15"}, **stays, uses=[a_use_clause(conditions=["consent"])])
    gate = Gate([first, second], ledger=MemoryLedger(clock=lambda: now[0]), clock=lambda: now[0], facts_ttl=10)

    assert gate.decide("email_address", "shipping", subject="s1")
    now[0] = day
    assert gate.decide("email_address", "shipping", subject="s1").reason is Reason.UNMET_CONDITION


def test_a_claim_is_looked_up_every_time_and_never_overspent() -> None:
    shop = Shop(facts_ttl=60)
    shop.ledger.enter(a_claim(uses=2))
    released = 0
    for _ in range(4):
        try:
            shop.gate.check("email_address", "shipping", "carrier/ups", subject="s1", channel="post", claim="case-1")
        except PurposeViolation:
            break
        released += 1

    assert released == 4  # 4(1) permits it without the claim, which is not spent
    assert [each.claim for each in shop.ledger.releases()] == [None] * 4
    claimed = Gate(a_policy(**PARTS | {"provisions": []}), ledger=shop.ledger, clock=lambda: NOW, facts_ttl=60)
    outcomes = []
    for _ in range(4):
        decision = claimed.decide("email_address", "shipping", "carrier/ups", subject="s1", channel="post", claim="case-1")
        outcomes.append(decision.permitted)
        if decision:
            claimed.check("email_address", "shipping", "carrier/ups", subject="s1", channel="post", claim="case-1")
    assert outcomes == [True, True, False, False]


def test_every_provision_is_recorded_and_every_decision_written_however_the_answer_was_found() -> None:
    trail = MemorySink()
    shop = Shop(trail=trail)

    for second in range(3):
        shop.now = NOW + second * SECOND
        shop.gate.check("email_address", "shipping", "carrier/ups", subject="s1", channel="post")

    assert shop.asked == 1
    assert [each.at for each in shop.ledger.releases()] == [NOW, NOW + SECOND, NOW + 2 * SECOND]
    assert [(record.at, record.release) for record in trail.records] == [(each.at, each.id) for each in shop.ledger.releases()]


def test_without_a_trail_too_every_provision_is_recorded() -> None:
    shop = Shop()

    for _ in range(3):
        assert shop.asks(recipient="carrier/ups", channel="post") is Reason.PERMITTED
        shop.gate.check("email_address", "shipping", "carrier/ups", subject="s1", channel="post")

    assert shop.asked == 1
    assert len(shop.ledger.releases()) == 3


def test_with_a_trail_every_use_of_the_controller_is_written_too() -> None:
    trail = MemorySink()
    shop = Shop(trail=trail)

    for second in range(2):
        shop.now = NOW + second * SECOND
        shop.gate.check("email_address", "shipping", subject="s1")
        shop.asks()

    assert shop.asked == 1
    written = [(record.at, record.asked.value) for record in trail.records]
    assert written == [(NOW + second * SECOND, asked) for second in range(2) for asked in ("release", "question")]


def test_what_a_fact_says_is_asked_every_time() -> None:
    answers = iter([True, False])
    parts = PARTS | {
        "conditions": {"applied": {"shown_by": "fact"}},
        "uses": [a_use_clause(conditions=["applied"])],
        "exceptions": [],
    }
    parts |= {"provisions": []}
    gate = Gate(a_policy(**parts), facts={"applied": lambda _: next(answers)}, ledger=MemoryLedger(), facts_ttl=10)

    assert [bool(gate.decide("email_address", "shipping", subject="s1")) for _ in range(2)] == [True, False]


def test_an_answer_that_was_begun_before_an_entry_is_not_kept_after_it() -> None:
    """A thread that read the ledger before a withdrawal must not put its answer back after it."""
    reading, withdrawn = threading.Event(), threading.Event()

    class Slow(MemoryLedger):
        def consult(self, use: Use, as_of: AsOf = None) -> Records:
            records = super().consult(use, as_of)
            reading.set()
            withdrawn.wait(10)
            return records

    ledger = Slow(clock=lambda: NOW)
    shop = Shop(ledger)
    thread = threading.Thread(target=shop.asks)
    thread.start()
    reading.wait(10)
    ledger.enter(Withdrawal("s1", "consent", NOW))
    withdrawn.set()
    thread.join()

    assert shop.asks() is Reason.UNMET_CONDITION


def test_no_decision_of_an_old_policy_is_kept_by_a_reload(tmp_path: Path) -> None:
    path = a_folder(tmp_path)
    gate = Gate.load(path, ledger=MemoryLedger(clock=lambda: NOW), clock=lambda: NOW, facts_ttl=60)
    assert gate.decide("email_address", "shipping", subject="s1")

    a_folder(tmp_path, uses=[], provisions=[])
    gate.reload()

    assert gate.decide("email_address", "shipping", subject="s1").reason is Reason.UNDECLARED_PURPOSE


def test_it_is_kept_no_longer_than_it_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time is the machine's own, which no clock that is set can stretch; another process's entry is known after it."""
    passed = [100.0]
    monkeypatch.setattr("purposegate.gate.recent.monotonic", lambda: passed[0])
    shop = Shop()
    shop.asks()
    passed[0] = 105.0
    shop.asks(channel="post")  # kept with what was first kept of the person, and no longer

    for at, asked in ((109.9, 2), (110.0, 4)):
        passed[0] = at
        shop.asks()
        shop.asks(channel="post")
        assert shop.asked == asked


def test_it_is_bounded_in_people_and_in_uses() -> None:
    shop = Shop()
    recent = shop.gate._recent
    assert recent is not None
    for number in range(1100):
        shop.asks(recipient=f"carrier/c{number}", channel="post")

    assert len(recent._people["s1"]) <= 1024


@pytest.mark.parametrize("ttl", [0, -1, float("inf"), float("nan")])
def test_a_time_that_is_none_is_refused(ttl: float) -> None:
    with pytest.raises(ValueError, match="number of seconds"):
        Shop(facts_ttl=ttl)


def test_without_a_ledger_there_is_nothing_to_keep() -> None:
    with pytest.raises(ValueError, match="there is none"):
        Gate(a_policy(), facts_ttl=10)


def test_a_ledger_keeps_no_gate_alive() -> None:
    ledger = MemoryLedger()
    recent = weakref.ref(Recent(10, ledger, time.time))
    gc.collect()

    assert recent() is None
    ledger.enter(Notice("second", NOW))  # and tells nobody


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_child_process_begins_with_nothing_kept() -> None:
    shop = Shop()
    shop.asks()
    recent = shop.gate._recent
    assert recent is not None
    with recent._lock:  # another thread holds it at the fork
        went_well = in_a_child(lambda: shop.asks() is Reason.PERMITTED and shop.asked == 2)

    assert went_well


def a_claim(**parts: Any) -> Claim:
    said: dict[str, Any] = {
        "id": "case-1",
        "conditions": frozenset({"claimed"}),
        "subjects": frozenset({"s1"}),
        "data": "any",
        "recipient": "carrier/ups",
        "requested_by": "clerk",
        "approved_by": "manager",
        "approved": NOW - SECOND,
        "expires": NOW + timedelta(days=1),
        "uses": 1,
        "reference": "file 12",
        "authority": "the court",
    }
    return Claim(**said | parts)


class Fresh:
    """A gate over a SQLite file that reads it for every decision."""

    def __init__(self, path: Path) -> None:
        self.now = NOW
        self.ledger = SqlLedger(path, clock=lambda: self.now, create=True)
        self.ledger.enter(RegisteredRecipient("carrier/ups", "UPS", "US", NOW), RegisteredRecipient("printer/p1", "P", "JP", NOW))
        self.gate = Gate(a_policy(**PARTS), ledger=self.ledger, clock=lambda: self.now)

    def asks(self, subject: str = "s1", **parts: Any) -> Reason:
        return self.gate.decide("email_address", "shipping", subject=subject, **parts).reason


def test_the_same_rows_are_the_same_decision_until_something_of_them_begins_or_ends(tmp_path: Path) -> None:
    shop = Fresh(tmp_path / "ledger.db")
    shop.ledger.enter(Consent("s1", "consent", "any", "any", "any", NOW + SECOND, expires=NOW + 3 * SECOND))
    outcomes: list[tuple[int, Reason]] = []
    for second in (0, 1, 2, 3, 4):
        shop.now = NOW + second * SECOND
        outcomes.append((second, shop.asks()))

    met = [second for second, reason in outcomes if reason is Reason.PERMITTED]
    assert met == [1, 2]


CHANGES: list[Callable[[datetime], Any]] = [
    lambda at: Consent("s1", "consent", "any", "any", "any", at),
    lambda at: LodgedObjection("s1", "stop", at),
    lambda at: Lifting("s1", "stop", at),
    lambda at: Withdrawal("s1", "consent", at),
    lambda at: Consent("s1", "consent", "any", "any", "any", at),
]


def test_every_entry_counts_for_the_next_decision_of_another_gate(tmp_path: Path) -> None:
    shop, other = Fresh(tmp_path / "ledger.db"), SqlLedger(tmp_path / "ledger.db", clock=lambda: NOW, create=True)
    outcomes = [shop.asks()]
    for change in CHANGES:
        other.enter(change(NOW))
        outcomes.append(shop.asks())
        assert shop.asks() is outcomes[-1]

    unmet, permitted, stopped = Reason.UNMET_CONDITION, Reason.PERMITTED, Reason.OBJECTION_IN_FORCE
    assert outcomes == [unmet, permitted, stopped, permitted, unmet, permitted]


def test_entries_about_others_move_the_place_and_change_nothing(tmp_path: Path) -> None:
    shop = Fresh(tmp_path / "ledger.db")
    use = Use("email_address", "shipping", subject="s1")
    shop.ledger.enter(Consent("s1", "consent", "any", "any", "any", NOW))
    before = shop.ledger.consult(use)
    shop.now = NOW + SECOND
    shop.ledger.enter(Consent("s2", "consent", "any", "any", "any", NOW))

    after = shop.ledger.consult(use)

    assert (before.position, before.latest, after.position, after.latest) == (3, NOW, 4, NOW + SECOND)
    assert after.content is before.content
    assert after.seen_at(3, NOW) == before
    assert shop.ledger.consult(use, 3).consents == before.consents
    assert shop.ledger.consult(use, 2).consents == ()


def test_a_record_says_where_the_ledger_stood_though_the_answer_was_the_same(tmp_path: Path) -> None:
    shop, trail = Fresh(tmp_path / "ledger.db"), MemorySink()
    gate = Gate(a_policy(**PARTS), ledger=shop.ledger, trail=trail, clock=lambda: shop.now)
    for second in range(3):
        shop.now = NOW + second * SECOND
        shop.ledger.enter(Consent(f"other-{second}", "consent", "any", "any", "any", NOW))
        gate.decide("email_address", "shipping", subject="s1")

    assert [(record.at, record.position) for record in trail.records] == [(NOW + n * SECOND, 3 + n) for n in range(3)]


def test_a_spent_use_of_a_claim_is_another_answer(tmp_path: Path) -> None:
    shop = Fresh(tmp_path / "ledger.db")
    shop.ledger.enter(a_claim(uses=2), Consent("s1", "consent", "any", "any", "any", NOW))
    gate = Gate(a_policy(**PARTS | {"provisions": []}), ledger=shop.ledger, clock=lambda: NOW)
    use: dict[str, Any] = {"subject": "s1", "channel": "post", "claim": "case-1"}

    outcomes = []
    for _ in range(3):
        outcomes.append(bool(gate.decide("email_address", "shipping", "carrier/ups", **use)))
        if outcomes[-1]:
            gate.check("email_address", "shipping", "carrier/ups", **use)

    assert outcomes == [True, True, False]
