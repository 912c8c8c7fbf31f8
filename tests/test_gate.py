"""The door: what it blocks, in which order it works, and that nothing gets past a fault."""

from __future__ import annotations

import contextlib
import copy
import logging
import os
import pickle
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from builders import NOW, SHIPPED, a_document, a_folder, a_gate, a_ledger, a_policy, a_provision, a_use_clause, an_objection

from purposegate import (
    Asked,
    BoundGate,
    Claim,
    Consent,
    Context,
    Decision,
    Gate,
    LedgerError,
    Lifting,
    LodgedObjection,
    MemoryLedger,
    MemorySink,
    Mode,
    Observe,
    PolicyError,
    PurposegateError,
    PurposeViolation,
    Reason,
    Record,
    Records,
    Release,
    Severity,
    Shown,
    ShownBy,
    Standing,
    TrailError,
    Use,
    Withdrawal,
)
from purposegate.gate.settled import Settled
from purposegate.ledger.journal import Refused
from purposegate.ledger.protocol import AsOf
from purposegate.policy.terms import Role
from purposegate.testing.together import in_a_child

LEDGER_PARTS: dict[str, Any] = {
    "conditions": {"claimed": {"shown_by": "claim"}},
    "exceptions": [a_provision(clause="3", conditions=["claimed"])],
    "provisions": [a_provision(purposes=["shipping"])],
    "objections": {"stop": an_objection()},
}


class AnUnreachableDatabase(RuntimeError):
    """What a driver might raise, with a row in its message."""


class WatchedLedger(MemoryLedger):
    """Notes the order of calls; answers, hangs, raises or lies as it is told."""

    def __init__(self, calls: list[str]) -> None:
        super().__init__()
        self.calls = calls
        self.answer: Any = lambda: Records(registered="carrier/ups")
        self.consulting: Exception | None = None
        self.recording: Exception | None = None
        self.hang: Event | None = None

    def consult(self, use: Use, as_of: AsOf = None) -> Records:
        assert isinstance(use, Use)
        assert as_of is None
        self.calls.append("consult")
        if self.hang:
            self.hang.wait(10)
        if self.consulting:
            raise self.consulting
        return self.answer() if callable(self.answer) else self.answer  # type: ignore[no-any-return]  # a lie may be of any type

    def record(self, releases: Sequence[Release]) -> None:
        assert [release.subject for release in releases] == ["s1"]
        self.calls.append("record")
        if self.recording:
            raise self.recording


@dataclass
class WatchedSink:
    calls: list[str]
    writing: Exception | None = None
    records: list[Record] = field(default_factory=list)

    def write(self, records: Sequence[Record]) -> None:
        self.calls.append("write")
        if self.writing:
            raise self.writing
        self.records.extend(records)


@dataclass
class Watched:
    calls: list[str] = field(default_factory=list)
    ledger: WatchedLedger = field(init=False)
    sink: WatchedSink = field(init=False)

    def __post_init__(self) -> None:
        self.ledger = WatchedLedger(self.calls)
        self.sink = WatchedSink(self.calls)

    def gate(self, **parts: Any) -> Gate:
        return Gate(a_policy(**(LEDGER_PARTS | parts)), ledger=self.ledger, trail=self.sink, clock=lambda: NOW)

    def release(self, gate: Gate | None = None) -> None:
        (gate or self.gate()).check("email_address", "shipping", "carrier/ups", subject="s1", channel="post")
        self.calls.append("released")


def test_a_permitted_use_returns_its_decision() -> None:
    decision = a_gate().check("email_address", "shipping", "carrier/ups")

    assert (decision.reason, decision.clauses, decision.recipient) == (Reason.PERMITTED, ("1", "2"), "carrier/ups")
    assert decision.standing is Standing.NOT_CONSULTED


def test_a_denied_use_raises_and_a_question_does_not() -> None:
    gate = a_gate()

    with pytest.raises(PurposeViolation):
        gate.check("email_address", "raffle")
    assert not gate.decide("email_address", "raffle")


def test_a_violation_reads_as_the_design_words_it() -> None:
    gate = Gate.load(SHIPPED)

    with pytest.raises(PurposeViolation) as caught:
        gate.check("video_interview", "distribute_advertising", "third_party/ad-co")

    place = next(str(each.location) for each in caught.value.decision.citations)
    assert str(caught.value) == (
        "`video_interview` may not be used for `distribute_advertising` by `third_party/ad-co`: "
        "the purpose is not declared for this category [undeclared-purpose]\n"
        "clause 3(8): “To display and distribute advertisements and contents based on attribute information, usage history, "
        "terminal information, and advertisement …”\n"
        "help: `distribute_advertising` covers `attribute_information`, `terminal_information` and `usage_history`\n"
        f"see: {place} (revision 2020-03-09)"
    )


def test_a_violation_can_be_sent_to_another_process() -> None:
    with pytest.raises(PurposeViolation) as caught:
        a_gate().check("email_address", "raffle")

    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes

    assert again.decision == caught.value.decision
    assert str(again) == str(caught.value)


@pytest.mark.parametrize("swallowed", [OSError, AttributeError, LookupError, ValueError, PermissionError])
def test_code_that_catches_everyday_errors_does_not_swallow_a_denial(swallowed: type[Exception]) -> None:
    assert not issubclass(PurposegateError, swallowed)
    with pytest.raises(PurposeViolation):
        try:
            a_gate().check("email_address", "raffle")
        except swallowed:
            pass


@pytest.mark.parametrize(
    "name",
    [
        "Taro Yamada",
        "taro@example.com",
        "+81 90 1234 5678",
        "",
        "email_address\n",
        " email_address",
        "EMAIL_ADDRESS",
        "x" * 5_000,
        None,
        7,
        b"email_address",
        ["email_address"],
        {"email_address": 1},
        object(),
    ],
    ids=range(14),
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_is_no_name_is_denied_and_not_repeated(name: Any, place: int) -> None:
    """What was passed for a name may be somebody's data."""
    use: list[Any] = ["email_address", "shipping", "carrier/ups"]
    use[place] = name
    if place == 2 and name is None:  # no recipient is the controller itself
        return

    with pytest.raises(PurposeViolation) as caught:
        a_gate().check(*use)

    expected = [Reason.UNKNOWN_CATEGORY, Reason.UNKNOWN_PURPOSE, Reason.UNKNOWN_RECIPIENT][place]
    assert caught.value.decision.reason is expected
    assert "`(not a name)`" in str(caught.value)
    assert not name or str(name) not in str(caught.value).replace("`email_address`", "")


@pytest.mark.parametrize(
    "recipient",
    ["shop/x", "carrier/", "carrier/UPS", "carrier/-x", "carrier/x/y", "carrier/x\n", "/x", "carriers", "carrier /x"],
)
def test_a_recipient_that_is_spelt_otherwise_is_unknown(recipient: str) -> None:
    assert a_gate().decide("email_address", "shipping", recipient).reason is Reason.UNKNOWN_RECIPIENT


class _Claiming(str):
    """A name that claims to equal another one."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return other in ("email_address", "shipping", "carrier/ups")

    def __hash__(self) -> int:
        return hash("email_address")


def test_a_name_is_what_it_is_and_not_what_it_claims_to_equal() -> None:
    """Neither for itself, nor for those who ask for the same name later."""
    gate = a_gate(categories={"email_address": {}, "salary": {}})
    assert gate.check("email_address", "shipping")

    for _ in range(2):
        assert gate.decide(_Claiming("salary"), "shipping").reason is Reason.UNDECLARED_PURPOSE
        assert gate.decide("salary", "shipping").reason is Reason.UNDECLARED_PURPOSE
        assert gate.decide(_Claiming("EMAIL_ADDRESS"), "shipping").reason is Reason.UNKNOWN_CATEGORY
        assert not gate.bind("shipping").decide(_Claiming("salary"))


def test_a_recipient_too_long_to_be_recorded_is_unknown() -> None:
    long = "carrier/" + "x" * 300
    ledger = a_ledger([long, "carrier/" + "x" * 200])
    trail = MemorySink()
    gate = Gate(a_policy(), ledger=ledger, trail=trail, clock=lambda: NOW)

    assert gate.decide("email_address", "shipping", long, subject="s1", channel="post").reason is Reason.UNKNOWN_RECIPIENT
    gate.check("email_address", "shipping", "carrier/" + "x" * 200, subject="s1", channel="post")
    assert [release.recipient for release in ledger.releases()] == ["carrier/" + "x" * 200]
    assert trail.records[-1].release == ledger.releases()[0].id


def test_the_id_of_an_instance_is_repeated_only_under_a_declared_class() -> None:
    gate = a_gate()

    assert gate.decide("email_address", "raffle", "carrier/ups").recipient == "carrier/ups"
    assert gate.decide("email_address", "shipping", "taro/0312345678").recipient == "taro/…"


def test_names_from_an_enum_are_names() -> None:
    class Data(StrEnum):
        EMAIL_ADDRESS = "email_address"

    gate = a_gate()

    first, second = (gate.check(Data.EMAIL_ADDRESS, "shipping") for _ in range(2))
    assert first is second
    assert type(first.data_category) is str


def test_a_settled_decision_is_one_shared_object() -> None:
    gate = a_gate()

    assert gate.check("email_address", "shipping") is gate.decide("email_address", "shipping", subject="s1")


def test_recipients_that_callers_make_up_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("purposegate.gate.settled.INSTANCES_LIMIT", 100)
    gate = a_gate()

    for number in range(1_000):
        gate.decide("email_address", "shipping", f"carrier/c{number}")
    long = "carrier/" + "x" * 10_000
    gate.decide("email_address", "shipping", long)

    settled = gate._snapshot.settled
    assert list(settled) == [("email_address", "shipping", f"carrier/c{number}") for number in range(900, 1_000)]


def test_unknown_names_are_not_kept() -> None:
    gate = a_gate()

    for number in range(100):
        gate.decide(f"category_{number}", "shipping")
        gate.decide("email_address", f"purpose_{number}")

    assert len(gate._snapshot.settled) == 0


def test_facts_are_looked_up_then_the_decision_recorded_and_only_then_released() -> None:
    watched = Watched()

    watched.release()

    assert watched.calls == ["consult", "record", "write", "released"]
    assert [(record.asked, record.mode, record.subject, bool(record.decision)) for record in watched.sink.records] == [
        (Asked.RELEASE, Mode.ENFORCED, "s1", True)
    ]
    assert watched.sink.records[0].release is not None


def test_a_question_is_recorded_as_one_and_provides_nothing() -> None:
    watched = Watched()

    assert watched.gate().decide("email_address", "shipping", "carrier/ups", subject="s1", channel="post")
    assert watched.calls == ["consult", "write"]
    assert watched.sink.records[0].asked is Asked.QUESTION


def test_a_denial_is_recorded_before_it_is_raised() -> None:
    watched = Watched()
    watched.ledger.answer = Records(registered="carrier/ups", objections=(LodgedObjection("s1", "stop", NOW),))

    with pytest.raises(PurposeViolation):
        watched.release()

    assert watched.calls == ["consult", "write"]
    assert watched.sink.records[0].decision.reason is Reason.OBJECTION_IN_FORCE


def test_nothing_is_released_while_the_ledger_hangs() -> None:
    watched = Watched()
    watched.ledger.hang = Event()
    thread = Thread(target=watched.release, daemon=True)

    thread.start()
    thread.join(0.1)

    assert watched.calls == ["consult"]
    watched.ledger.hang.set()
    thread.join(10)
    assert watched.calls == ["consult", "record", "write", "released"]


@pytest.mark.parametrize("asking", ["check", "decide"])
@pytest.mark.parametrize(
    "raised", [AnUnreachableDatabase("row: taro@example.com"), OSError(5, "taro@example.com"), LedgerError("x")]
)
def test_a_ledger_that_raises_is_no_answer(asking: str, raised: Exception) -> None:
    watched = Watched()
    watched.ledger.consulting = raised

    with pytest.raises(LedgerError) as caught:
        getattr(watched.gate(), asking)("email_address", "shipping", "carrier/ups", subject="s1", channel="post")

    assert "taro" not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None
    assert watched.calls == ["consult"]


LIES: list[tuple[Any, type[PurposegateError]]] = [
    (None, LedgerError),
    (True, LedgerError),
    ({"registered": "carrier/ups"}, LedgerError),
    (lambda: Records(registered="carrier/ups", objections=None), LedgerError),  # type: ignore[arg-type]  # a lie
    (lambda: Records(registered="carrier/ups", objections=("stop",)), LedgerError),  # type: ignore[arg-type]  # a lie
    (lambda: Records(registered="carrier/ups", claim=True), LedgerError),  # type: ignore[arg-type]  # a lie
    (Records(registered="carrier/ups", objections=(LodgedObjection("s2", "stop", NOW),)), LedgerError),
    (
        lambda: Records(registered="carrier/ups", objections=(LodgedObjection("s1", "stop", NOW.replace(tzinfo=None)),)),
        LedgerError,
    ),
    (Records(registered="carrier/ups", objections=(LodgedObjection("s1", "undeclared", NOW),)), PurposeViolation),
    (Records(registered="carrier/dhl"), PurposeViolation),
    (Records(registered="carrier"), PurposeViolation),
    (Records(), PurposeViolation),
]


@pytest.mark.parametrize(("lie", "refused"), LIES, ids=range(len(LIES)))
def test_a_ledger_that_lies_opens_nothing(lie: Any, refused: type[PurposegateError]) -> None:
    watched = Watched()
    watched.ledger.answer = lie

    with pytest.raises(refused):
        watched.release()

    assert "record" not in watched.calls
    assert "released" not in watched.calls


def a_claim(**parts: Any) -> Claim:
    claim = Claim(
        id="case-1",
        conditions=frozenset({"claimed"}),
        subjects=frozenset({"s1"}),
        data="any",
        recipient="carrier/ups",
        requested_by="clerk",
        approved_by="manager",
        approved=NOW - timedelta(days=1),
        expires=NOW + timedelta(days=1),
        uses=1,
        reference="file 12",
        authority="the court",
    )
    return replace(claim, **parts)


def test_a_claim_of_another_name_shows_nothing() -> None:
    watched = Watched()
    watched.ledger.answer = Records(registered="carrier/ups", claim=a_claim(id="case-2"))
    gate = watched.gate(provisions=[])

    decision = gate.decide("email_address", "shipping", "carrier/ups", subject="s1", channel="post", claim="case-1")

    assert decision.reason is Reason.UNLISTED_RECIPIENT
    assert [lack.unmet for lack in decision.exceptions] == [("claimed",)]


def test_a_claim_is_spent_by_a_release_and_not_by_a_question() -> None:
    ledger = a_ledger(["carrier/ups"])
    ledger.enter(a_claim())
    gate = Gate(a_policy(**LEDGER_PARTS | {"provisions": []}), ledger=ledger, clock=lambda: NOW)
    use: dict[str, Any] = {"subject": "s1", "channel": "post", "claim": "case-1"}

    assert all(gate.decide("email_address", "shipping", "carrier/ups", **use) for _ in range(3))
    assert gate.check("email_address", "shipping", "carrier/ups", **use)
    with pytest.raises(PurposeViolation):
        gate.check("email_address", "shipping", "carrier/ups", **use)
    assert [release.claim for release in ledger.releases()] == ["case-1"]


def test_a_provision_that_needs_no_record_by_law_is_marked_with_the_ground() -> None:
    ledger = a_ledger(["carrier/ups"])
    ledger.enter(a_claim(uses=9))
    exempt = {"1": "article 29(1), proviso", "3": "article 29(1), proviso"}
    use: dict[str, Any] = {"subject": "s1", "channel": "post", "claim": "case-1"}

    for provisions in ([], [a_provision()]):
        gate = Gate(a_policy(**LEDGER_PARTS | {"provisions": provisions}), ledger=ledger, clock=lambda: NOW, exempt=exempt)
        gate.check("email_address", "shipping", "carrier/ups", **use)

    # By clause 2 too, of which the law asks for a record.
    assert [(each.clauses, each.exempt) for each in ledger.releases()] == [
        (("1", "3"), "article 29(1), proviso"),
        (("1", "2", "3"), None),
    ]


@pytest.mark.parametrize(
    ("exempt", "slug"), [({"4(2)Z": "a ground"}, "unknown-clause"), ({"1": " "}, "no-ground")], ids=["clause", "ground"]
)
def test_what_is_exempt_is_a_clause_of_the_policy_with_its_ground(exempt: dict[str, str], slug: str) -> None:
    with pytest.raises(PolicyError) as caught:
        Gate(a_policy(), exempt=exempt)

    assert [finding.slug for finding in caught.value.findings] == [slug]


def test_a_ledger_that_fails_is_counted_and_one_that_says_no_is_not() -> None:
    watched = Watched()
    gate = watched.gate()
    for raised in (AnUnreachableDatabase("x"), LedgerError("y")):
        watched.ledger.consulting = raised
        with pytest.raises(LedgerError):
            watched.release(gate)
    watched.ledger.consulting = None
    watched.ledger.recording = Refused("no")
    with pytest.raises(LedgerError, match="no"):
        watched.release(gate)

    assert gate.ledger_failures == 2


def test_a_record_of_another_use_lends_nothing_to_this_one() -> None:
    trail = MemorySink()
    gate = Gate(a_policy(), trail=trail, clock=lambda: NOW)
    gate.decide("email_address", "shipping", subject="s1")
    [record] = trail.records

    assert gate.decide("email_address", "shipping", subject="s1", at=record) == record.decision
    others: list[tuple[tuple[str, str], dict[str, Any]]] = [
        (("salary", "shipping"), {"subject": "s1"}),
        (("email_address", "shipping"), {"subject": "s2"}),
        (("email_address", "shipping"), {"subject": "s1", "channel": "post"}),
        (("email_address", "shipping"), {"subject": "s1", "claim": "case-1"}),
    ]
    for names, parts in others:
        with pytest.raises(ValueError, match="another use"):
            gate.decide(*names, **parts, at=record)
    with pytest.raises(ValueError, match="time zone"):
        gate.decide("email_address", "shipping", at=NOW.replace(tzinfo=None))


def test_a_claim_that_was_not_needed_is_not_spent() -> None:
    ledger = a_ledger(["carrier/ups"])
    ledger.enter(a_claim())
    gate = Gate(a_policy(**LEDGER_PARTS), ledger=ledger, clock=lambda: NOW)

    gate.check("email_address", "shipping", "carrier/ups", subject="s1", channel="post", claim="case-1")

    assert [release.claim for release in ledger.releases()] == [None]


def test_the_last_use_of_a_claim_is_released_once_however_many_threads_ask() -> None:
    ledger = a_ledger(["carrier/ups"])
    ledger.enter(a_claim(uses=3))
    gate = Gate(a_policy(**LEDGER_PARTS | {"provisions": []}), ledger=ledger, clock=lambda: NOW)
    released: list[Decision] = []

    def release() -> None:
        for _ in range(5):
            try:
                released.append(
                    gate.check("email_address", "shipping", "carrier/ups", subject="s1", channel="post", claim="case-1")
                )
            except (PurposeViolation, LedgerError):
                pass

    _together(release, 8)

    assert len(released) == len(ledger.releases()) == 3


@pytest.mark.parametrize("raised", [AnUnreachableDatabase("x"), OSError(28, "No space left on device")])
def test_a_provision_that_cannot_be_recorded_does_not_happen(raised: Exception) -> None:
    watched = Watched()
    watched.ledger.recording = raised

    with pytest.raises(LedgerError):
        watched.release()

    assert watched.calls == ["consult", "record"]


@pytest.mark.parametrize("asking", ["check", "decide"])
@pytest.mark.parametrize("raised", [AnUnreachableDatabase("x"), OSError(28, "No space left on device"), TrailError("x")])
def test_a_decision_that_cannot_be_recorded_is_not_given(asking: str, raised: Exception) -> None:
    gate = Gate(a_policy(), trail=WatchedSink([], writing=raised), clock=lambda: NOW)

    with pytest.raises(TrailError):
        getattr(gate, asking)("email_address", "shipping")


def test_an_interrupt_half_way_releases_nothing() -> None:
    class Interrupted(WatchedSink):
        def write(self, records: Sequence[Record]) -> None:
            raise KeyboardInterrupt

    gate = Gate(a_policy(), trail=Interrupted([]), clock=lambda: NOW)

    with pytest.raises(KeyboardInterrupt):
        gate.check("email_address", "shipping")


def test_a_gate_with_a_trail_records_every_call() -> None:
    """Nothing is settled past the trail, however often it was asked."""
    trail = MemorySink()
    gate = Gate(a_policy(), trail=trail, clock=lambda: NOW)
    bound = gate.bind("shipping")

    for _ in range(3):
        gate.check("email_address", "shipping")
        bound.check("email_address")

    assert len(trail.records) == 6


def test_a_record_holds_no_value_that_was_passed_for_an_id() -> None:
    trail = MemorySink()
    gate = Gate(a_policy(), trail=trail, clock=lambda: NOW)
    person: Any = {"name": "Taro Yamada"}

    gate.decide("email_address", "shipping", "carrier/ups", subject=person, channel=person, claim=person)
    gate.decide("Taro Yamada", "shipping", channel="Taro Yamada")

    assert "Taro" not in repr(trail.records)


FACT: dict[str, Any] = {
    "conditions": {"applied": {"shown_by": "fact"}},
    "provisions": [a_provision(conditions=["applied"])],
}


async def _awaited(_use: Use) -> bool:
    return True


def test_a_fact_is_answered_by_the_function_of_its_name_with_the_use() -> None:
    seen: list[Use] = []

    def applied(use: Use) -> bool:
        seen.append(use)
        return use.subject == "s1"

    gate = Gate(a_policy(**FACT), facts={"applied": applied}, clock=lambda: NOW)

    assert gate.check("email_address", "shipping", "carrier/ups", subject="s1")
    assert not gate.decide("email_address", "shipping", "carrier/ups", subject="s2")
    assert seen == [Use("email_address", "shipping", "carrier/ups", subject) for subject in ("s1", "s2")]


def test_a_fact_is_asked_anew_for_every_use() -> None:
    answers = iter([True, False, True])
    gate = Gate(a_policy(**FACT), facts={"applied": lambda _: next(answers)}, clock=lambda: NOW)

    given = [bool(gate.decide("email_address", "shipping", "carrier/ups")) for _ in range(3)]

    assert given == [True, False, True]


def _raises(_use: Use) -> bool:
    raise AnUnreachableDatabase("taro@example.com")


@pytest.mark.parametrize("answer", [_raises, lambda _: 1, lambda _: "no", lambda _: None, lambda _: object(), lambda: True])
def test_a_fact_that_raises_or_says_anything_but_true_is_not_shown(answer: Any, caplog: pytest.LogCaptureFixture) -> None:
    gate = Gate(a_policy(**FACT), facts={"applied": answer}, clock=lambda: NOW)

    decision = gate.decide("email_address", "shipping", "carrier/ups")

    assert (decision.reason, decision.unmet) == (Reason.UNMET_CONDITION, ("applied",))
    assert "taro" not in caplog.text


@pytest.mark.parametrize(("facts", "slug"), [({"aplied": lambda _: True}, "unknown-fact"), ({"applied": _awaited}, "async-fact")])
def test_a_fact_that_could_never_be_asked_is_refused_at_once(facts: Any, slug: str) -> None:
    with pytest.raises(PolicyError) as caught:
        Gate(a_policy(**FACT), facts=facts)

    assert [finding.slug for finding in caught.value.findings] == [slug]


def test_a_fact_that_nobody_answers_is_said_and_denied(caplog: pytest.LogCaptureFixture) -> None:
    gate = a_gate(**FACT)

    assert gate.decide("email_address", "shipping", "carrier/ups").reason is Reason.UNMET_CONDITION
    assert "no function answers the fact `applied`" in caplog.text


def test_observing_decides_and_records_the_same_and_only_does_not_raise() -> None:
    trail = MemorySink()
    observe = Observe(until=date(2026, 2, 1), reason="adopting")
    days = iter([NOW, NOW.replace(month=2, day=1)])
    gate = Gate(a_policy(), trail=trail, observe=observe, clock=lambda: next(days))

    decision = gate.check("email_address", "raffle")

    assert (bool(decision), decision.reason) == (False, Reason.UNKNOWN_PURPOSE)
    assert trail.records[0].mode is Mode.OBSERVED
    with pytest.raises(PurposeViolation):
        gate.check("email_address", "raffle")
    assert trail.records[1].mode is Mode.ENFORCED


def test_observing_ends_also_for_what_was_settled_before() -> None:
    days = iter([NOW, NOW, NOW.replace(month=3)])
    observe = Observe(until=date(2026, 2, 1), reason="adopting")
    gate = Gate(a_policy(provisions=[]), observe=observe, clock=lambda: next(days))

    assert not gate.check("email_address", "shipping", "carrier")
    assert not gate.check("email_address", "shipping", "carrier")
    with pytest.raises(PurposeViolation):
        gate.check("email_address", "shipping", "carrier")


@pytest.mark.parametrize(
    ("until", "reason", "message"),
    [
        (date(2026, 2, 1), " ", "needs a reason"),
        (NOW, "adopting", "ends on a day"),
        ("2026-02-01", "adopting", "ends on a day"),
    ],
)
def test_observing_without_a_reason_or_a_day_is_refused(until: Any, reason: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Observe(until=until, reason=reason)


@pytest.mark.parametrize(
    "record",
    [
        lambda: a_claim(conditions="claimed"),
        lambda: a_claim(subjects="s1"),
        lambda: a_claim(data="email_address"),
        lambda: a_claim(id="Taro Yamada, taro@example.com"),
        lambda: a_claim(approved=NOW.replace(tzinfo=None)),
        lambda: LodgedObjection("s1", "stop", NOW, data=()),
        lambda: LodgedObjection("s1", "stop", NOW, data=(name for name in ["email_address"])),  # type: ignore[arg-type]  # a mistake
        lambda: LodgedObjection("", "stop", NOW),
    ],
)
def test_a_record_that_would_be_misread_is_refused_when_it_is_made(record: Any) -> None:
    with pytest.raises(ValueError, match=" "):
        record()


def test_a_withdrawal_stays_where_it_was_and_a_later_objection_is_not_lifted() -> None:
    ledger = a_ledger()
    day = timedelta(days=1)
    ledger.enter(Consent("s1", "consent", "any", "any", "any", given=NOW - 9 * day))
    ledger.enter(Withdrawal("s1", "consent", NOW - 5 * day))
    ledger.enter(Withdrawal("s1", "consent", NOW + 5 * day))
    ledger.enter(LodgedObjection("s1", "stop", NOW - day))
    ledger.enter(Lifting("s1", "stop", NOW - 5 * day))

    records = ledger.consult(Use("email_address", "shipping", subject="s1"))

    assert [consent.withdrawn for consent in records.consents] == [NOW - 5 * day]
    assert [lodged.lifted for lodged in records.objections] == [None]


def test_a_claim_in_a_form_that_is_no_id_is_none_and_is_not_recorded() -> None:
    trail = MemorySink()
    gate = Gate(a_policy(), trail=trail, clock=lambda: NOW)

    gate.decide("email_address", "shipping", claim="Taro Yamada, taro@example.com")
    gate.decide("email_address", "shipping", claim="case-1")

    assert [record.claim for record in trail.records] == [None, "case-1"]


def test_a_reload_reads_the_file_that_was_loaded_whatever_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "theirs").mkdir()
    a_folder(tmp_path / "mine", provisions=[])
    a_folder(tmp_path / "theirs")
    monkeypatch.chdir(tmp_path / "mine")
    gate = Gate.load("shop.yaml")

    monkeypatch.chdir(tmp_path / "theirs")
    gate.reload()

    assert not gate.decide("email_address", "shipping", "carrier/ups")


def test_a_policy_is_in_force_from_the_beginning_of_its_day_in_its_own_zone() -> None:
    amendments = {"clause": "9", "quote": "amend", "window": "P7D", "silence": "never", "time_zone": "Asia/Tokyo"}
    policy = a_policy(policy={"effective": "2026-04-01"}, amendments=amendments)
    midnight = datetime(2026, 3, 31, 15, tzinfo=UTC)
    times = iter([midnight - timedelta(seconds=1), midnight, midnight])
    gate = Gate(policy, clock=lambda: next(times))

    assert gate.decide("email_address", "shipping").reason is Reason.NOT_IN_FORCE
    assert gate.decide("email_address", "shipping").reason is Reason.PERMITTED


def test_a_denial_that_raises_is_logged_and_a_question_is_not(caplog: pytest.LogCaptureFixture) -> None:
    gate = a_gate()
    caplog.set_level(logging.INFO, "purposegate")

    gate.decide("email_address", "raffle")
    assert caplog.text == ""
    with pytest.raises(PurposeViolation):
        gate.check("email_address", "raffle")
    assert "[unknown-purpose]" in caplog.text


def test_a_bound_gate_asks_with_its_purpose_and_recipient() -> None:
    bound = a_gate().bind("shipping", "carrier/ups")

    assert bound.check("email_address").recipient == "carrier/ups"
    assert bound("email_address") is bound.check("email_address", subject="s1") is bound.decide("email_address")
    with pytest.raises(PurposeViolation):
        bound.check("phone_number")
    with pytest.raises(PurposeViolation):
        bound.check("email_address", channel="pigeon")


def test_a_reload_puts_the_new_policy_in_force_also_for_bound_gates(tmp_path: Path) -> None:
    gate = Gate.load(a_folder(tmp_path))
    bound = gate.bind("shipping")
    assert bound.check("email_address")
    assert gate.check("email_address", "shipping")

    a_folder(tmp_path, uses=[], provisions=[], policy={"revision": "2"})
    gate.reload()

    assert gate.policy.revision == "2"
    for ask in (bound.check, bound, lambda name: gate.check(name, "shipping")):
        with pytest.raises(PurposeViolation):
            ask("email_address")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_text("purposegate: 1\n"),
        lambda path: path.write_bytes(path.read_bytes()[:-40]),
        lambda path: path.write_bytes(b""),
        lambda path: path.unlink(),
        lambda path: (path.parent / "shop.txt").write_text("We promise nothing."),
        lambda path: (path.parent / "shop.txt").unlink(),
        lambda path: a_folder(path.parent, policy={"id": "another"}),
        lambda path: a_folder(path.parent, never=[{"data": "any", "purposes": "any", "recipients": "any", "unless": []}]),
    ],
)
def test_a_bad_file_keeps_the_last_good_policy_in_force_and_says_so(
    spoil: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = a_folder(tmp_path)
    gate = Gate.load(path)
    good = gate.policy

    spoil(path)
    with pytest.raises(PolicyError) as caught:
        gate.reload()

    assert gate.policy is good
    assert gate.check("email_address", "shipping")
    assert caught.value.__notes__ == ["revision 1 of `shop` stays in force"]
    assert "stays in force" in caplog.text


def test_a_gate_from_memory_has_no_file_to_read_again() -> None:
    with pytest.raises(PurposegateError, match="no file"):
        a_gate().reload()


def test_every_decision_is_made_by_one_snapshot_while_another_thread_reloads(tmp_path: Path) -> None:
    """Law 6: the one revision opens the use and lists no carrier, the other lists the carrier and opens nothing."""
    opens = a_document(provisions=[], policy={"revision": "opens"})
    lists = a_document(
        uses=[a_use_clause(purposes=["other"])], purposes={"shipping": {}, "other": {}}, policy={"revision": "lists"}
    )
    gate = Gate.load(a_folder(tmp_path, opens))
    bound = gate.bind("shipping", "carrier/ups")
    digests = {gate.policy.digest: "opens"}
    explained = {("opens", Reason.UNLISTED_RECIPIENT), ("lists", Reason.UNDECLARED_PURPOSE)}
    seen: set[tuple[str, Reason]] = set()
    stop = Event()

    def ask() -> None:
        while not stop.is_set():
            for decision in (gate.decide("email_address", "shipping", "carrier/ups"), bound.decide("email_address")):
                assert decision.policy.digest
                seen.add((decision.policy.revision, decision.reason))

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    try:
        for turn in range(12):
            a_folder(tmp_path, lists if turn % 2 == 0 else opens)
            gate.reload()
            digests[gate.policy.digest] = gate.policy.revision
    finally:
        stop.set()
        for thread in threads:
            thread.join(10)

    assert seen == explained
    assert len(digests) == 2


def test_a_reload_half_way_through_a_decision_does_not_touch_it(tmp_path: Path) -> None:
    """Law 6, without luck: the fact that the decision waits for reloads the policy."""
    path = a_folder(tmp_path, **FACT)
    trail = MemorySink()

    def applied(use: Use) -> bool:
        a_folder(tmp_path, **FACT | {"uses": [], "channels": {}, "policy": {"revision": "2"}})
        gate.reload()
        return use.purpose == "shipping"

    gate = Gate.load(path, facts={"applied": applied}, trail=trail)

    decision = gate.check("email_address", "shipping", "carrier/ups", channel="post")

    assert (decision.policy.revision, decision.reason) == ("1", Reason.PERMITTED)
    assert [(record.decision, record.channel) for record in trail.records] == [(decision, "post")]
    assert gate.policy.revision == "2"
    assert not gate.decide("email_address", "shipping", "carrier/ups")


def test_no_permit_of_the_old_policy_is_given_after_a_reload_has_returned(tmp_path: Path) -> None:
    """Threads that fill the tables while they are swapped leave nothing behind."""
    permits, denies = a_document(), a_document(uses=[], provisions=[])
    gate = Gate.load(a_folder(tmp_path, permits))
    bound = gate.bind("shipping")
    stop = Event()

    def ask() -> None:
        while not stop.is_set():
            for check in (bound.check, lambda name: gate.check(name, "shipping")):
                try:
                    check("email_address")
                except PurposeViolation:
                    pass

    logging.getLogger("purposegate").setLevel(logging.CRITICAL)
    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    stale = 0
    try:
        for _ in range(6):
            a_folder(tmp_path, denies)
            gate.reload()
            stale += bool(gate.decide("email_address", "shipping")) + bool(bound.decide("email_address"))
            stale += _permitted(bound)
            a_folder(tmp_path, permits)
            gate.reload()
    finally:
        stop.set()
        for thread in threads:
            thread.join(10)
        logging.getLogger("purposegate").setLevel(logging.NOTSET)

    assert stale == 0


@pytest.fixture(autouse=True)
def _quiet_after() -> Iterator[None]:
    yield
    logging.getLogger("purposegate").setLevel(logging.NOTSET)


def _permitted(bound: Any) -> bool:
    try:
        return bool(bound.check("email_address"))
    except PurposeViolation:
        return False


def _together(function: Any, count: int) -> None:
    threads = [Thread(target=function) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)


def logged(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [(record.levelname, record.getMessage()) for record in caplog.records if record.name == "purposegate"]


def test_what_is_logged_says_what_happened_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    gate = a_gate()
    observing = Gate(a_policy(), observe=Observe(until=date(2026, 2, 1), reason="adopting"), clock=lambda: NOW)
    refusal = "`email_address` may not be used for `raffle` by `shop`: the policy knows no such purpose [unknown-purpose]"

    with pytest.raises(PurposeViolation):
        gate.check("email_address", "raffle")
    observing.check("email_address", "raffle")
    observing.decide("email_address", "raffle")

    assert logged(caplog) == [("WARNING", refusal), ("WARNING", f"observed, not blocked: {refusal}")]


def test_a_fact_that_raises_is_logged_by_its_name_and_the_kind_of_error(caplog: pytest.LogCaptureFixture) -> None:
    def applied(use: Use) -> bool:
        raise KeyError(f"taro@example.com, {use.purpose}")

    gate = Gate(a_policy(**FACT), facts={"applied": applied}, clock=lambda: NOW)

    gate.decide("email_address", "shipping", "carrier/ups")

    assert logged(caplog) == [("WARNING", "the fact `applied` was not answered: KeyError")]


def test_a_fact_that_no_rule_asks_for_is_not_asked() -> None:
    asked: list[str] = []

    def applied(use: Use) -> bool:
        asked.append(use.purpose)
        return True

    gate = Gate(a_policy(**FACT), facts={"applied": applied}, clock=lambda: NOW)

    assert gate.decide("email_address", "shipping")
    assert gate.decide("email_address", "shipping", "carrier/ups")

    assert asked == ["shipping"]


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("consulting", "the ledger gave no answer that can be used (AnUnreachableDatabase)"),
        ("recording", "the ledger did not record the release (AnUnreachableDatabase)"),
    ],
)
def test_a_ledger_that_fails_is_told_by_the_kind_of_its_error(part: str, message: str) -> None:
    watched = Watched()
    setattr(watched.ledger, part, AnUnreachableDatabase("row"))

    with pytest.raises(LedgerError) as caught:
        watched.release()

    assert str(caught.value) == message


def test_a_trail_that_fails_is_told_by_the_kind_of_its_error() -> None:
    watched = Watched()
    watched.sink.writing = AnUnreachableDatabase("row")

    with pytest.raises(TrailError) as caught:
        watched.release()

    assert str(caught.value) == "the decision was not recorded (AnUnreachableDatabase)"


def test_a_release_and_its_record_say_who_got_what_when_and_under_which_clause() -> None:
    ledger, trail = a_ledger(["carrier/ups"]), MemorySink()
    ledger.enter(a_claim())
    gate = Gate(a_policy(**LEDGER_PARTS | {"provisions": []}), ledger=ledger, trail=trail, clock=lambda: NOW)

    decision = gate.check("email_address", "shipping", "carrier/ups", subject="s1", channel="post", claim="case-1")

    [release], [record] = ledger.releases(), trail.records
    assert release == Release(
        id=release.id,
        at=NOW,
        data_category="email_address",
        purpose="shipping",
        recipient="carrier/ups",
        subject="s1",
        channel="post",
        clauses=("1", "3"),
        claim="case-1",
    )
    assert record == Record(
        id=record.id,
        at=NOW,
        decision=decision,
        asked=Asked.RELEASE,
        mode=Mode.ENFORCED,
        role=Role.THIRD_PARTY,
        subject="s1",
        channel="post",
        claim="case-1",
        shown=(Shown("claimed", ShownBy.CLAIM),),
        registered=True,
        provision=True,
        release=release.id,
        position=2,
    )
    assert len({release.id, record.id}) == 2


def test_records_of_two_decisions_are_told_apart_and_name_no_unknown_channel() -> None:
    trail = MemorySink()
    gate = Gate(a_policy(), trail=trail, clock=lambda: NOW)

    gate.decide("email_address", "shipping", "carrier/ups", subject="s1", channel="post")
    gate.decide("email_address", "shipping", "carrier/ups", subject="s1", channel="taro@example.com")

    first, second = trail.records
    assert first.id != second.id
    assert (first.channel, second.channel) == ("post", None)
    assert (first.subject, first.claim, first.release, first.shown) == ("s1", None, None, ())


def test_a_claim_that_the_controller_needed_is_spent_though_nothing_is_provided() -> None:
    """Whoever is told of a release without a recipient is told of the controller."""
    ledger = a_ledger()
    ledger.enter(a_claim(recipient="shop"))
    parts = LEDGER_PARTS | {"uses": [a_use_clause(conditions=["claimed"])]}
    gate = Gate(a_policy(**parts), ledger=ledger, clock=lambda: NOW)

    gate.check("email_address", "shipping", subject="s1", claim="case-1")

    assert [(release.recipient, release.channel, release.claim) for release in ledger.releases()] == [("shop", None, "case-1")]


def test_what_a_processor_or_the_controller_gets_is_no_provision() -> None:
    ledger = a_ledger(["printer/p1"])
    recipients = {"shop": {"role": "controller"}, "printer": {"role": "processor"}}
    gate = Gate(a_policy(recipients=recipients, provisions=[a_provision(recipients=["printer"])]), ledger=ledger, clock=lambda: NOW)

    gate.check("email_address", "shipping", "printer/p1", subject="s1")
    gate.check("email_address", "shipping", subject="s1")

    assert ledger.releases() == ()


def test_with_a_ledger_an_unknown_use_is_told_as_one_and_the_ledger_not_asked() -> None:
    watched = Watched()
    gate = watched.gate()

    decision = gate.decide("email_address", "raffle", "carrier/ups", subject="s1")

    assert (decision.reason, decision.standing) == (Reason.UNKNOWN_PURPOSE, Standing.CONSULTED)
    assert watched.calls == ["write"]


def test_a_bound_gate_passes_on_whose_data_they_are_how_they_go_out_and_the_claim() -> None:
    ledger = a_ledger(["carrier/ups"])
    ledger.enter(a_claim(uses=2))
    gate = Gate(a_policy(**LEDGER_PARTS | {"provisions": []}), ledger=ledger, clock=lambda: NOW)
    bound = gate.bind("shipping", "carrier/ups")
    use: dict[str, Any] = {"subject": "s1", "channel": "post", "claim": "case-1"}

    assert bound.decide("email_address", **use)
    assert bound.check("email_address", **use)
    assert [release.subject for release in ledger.releases()] == ["s1"]
    for missing in use:
        less = {key: value for key, value in use.items() if key != missing}
        assert not bound.decide("email_address", **less)
        with pytest.raises(PurposeViolation):
            bound.check("email_address", **less)


def test_a_settled_use_is_not_judged_again_however_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = a_gate()
    bound = gate.bind("shipping")
    asks: tuple[Callable[[], Decision], ...] = (
        lambda: gate.check("email_address", "shipping"),
        lambda: gate.decide("email_address", "shipping"),
        lambda: gate.check("email_address", "shipping", "carrier/ups"),
        lambda: gate.decide("email_address", "shipping", "carrier/ups"),
        lambda: bound.check("email_address"),
        lambda: bound.decide("email_address"),
    )
    first = [ask() for ask in asks]
    monkeypatch.setattr(Gate, "_judge", _never_called)

    assert [ask() for ask in asks] == first
    assert [decision.recipient for decision in first] == ["shop", "shop", "carrier/ups", "carrier/ups", "shop", "shop"]


def test_a_bound_gate_asks_its_gate_no_more_than_once(monkeypatch: pytest.MonkeyPatch) -> None:
    bound = a_gate().bind("shipping")
    first = bound.check("email_address")
    monkeypatch.setattr(Gate, "check", _never_called)

    assert bound.check("email_address") is first
    with pytest.raises(AssertionError):
        bound.check("email_address", channel="post")


def _never_called(*_: Any, **__: Any) -> Decision:
    raise AssertionError("it was asked again")


def test_instances_push_out_instances_and_declared_names_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("purposegate.gate.settled.INSTANCES_LIMIT", 3)
    monkeypatch.setattr("purposegate.gate.settled.DECLARED_LIMIT", 2)
    gate = a_gate(categories={"email_address": {}, "name": {}, "age": {}})

    for category in ("email_address", "name", "age"):
        gate.decide(category, "shipping")
    for number in range(5):
        gate.decide("email_address", "shipping", f"carrier/c{number}")

    assert list(gate._snapshot.settled) == [
        ("name", "shipping", None),
        ("age", "shipping", None),
        *(("email_address", "shipping", f"carrier/c{number}") for number in (2, 3, 4)),
    ]


def test_the_same_use_settled_by_two_threads_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them may put it into the queue; it goes out of the table once."""
    monkeypatch.setattr("purposegate.gate.settled.DECLARED_LIMIT", 1)
    settled, decision = Settled[Decision](), a_gate().decide("email_address", "shipping")

    for triple in [("a", "p", None), ("a", "p", None), ("b", "p", None), ("c", "p", None)]:
        settled.keep(triple, decision)

    assert settled.table == {("c", "p", None): decision}


def test_another_policy_in_the_file_is_refused_by_its_name(tmp_path: Path) -> None:
    gate = Gate.load(a_folder(tmp_path))
    a_folder(tmp_path, policy={"id": "another"})

    with pytest.raises(PolicyError) as caught:
        gate.reload()

    assert [(finding.slug, finding.severity, finding.message, finding.help) for finding in caught.value.findings] == [
        (
            "another-policy",
            Severity.ERROR,
            "the file now holds another policy than `shop`",
            "restart the service to change policies",
        )
    ]


def test_a_controller_of_another_name_is_another_policy(tmp_path: Path) -> None:
    gate = Gate.load(a_folder(tmp_path))
    a_folder(
        tmp_path, policy={"controller": "store"}, recipients={"store": {"role": "controller"}, "carrier": {"role": "third_party"}}
    )

    with pytest.raises(PolicyError, match="another policy"):
        gate.reload()


def test_what_a_reload_says_when_it_fails_and_when_there_is_no_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = a_folder(tmp_path)
    gate = Gate.load(path)
    path.write_bytes(b"")

    with pytest.raises(PolicyError) as caught:
        gate.reload()
    with pytest.raises(PurposegateError) as none:
        a_gate().reload()

    assert logged(caplog) == [
        ("ERROR", f"the policy was not reloaded, revision 1 of `shop` stays in force: {caught.value}"),
    ]
    assert gate.refused is caught.value
    assert str(none.value) == "the gate was made from a policy in memory; there is no file to read again"


@pytest.mark.parametrize(
    ("until", "reason", "message"),
    [
        (date(2026, 2, 1), " ", "observing instead of enforcing needs a reason"),
        (NOW, "adopting", "observing ends on a day, given as a date"),
    ],
)
def test_what_observing_asks_for_is_said(until: Any, reason: str, message: str) -> None:
    with pytest.raises(ValueError, match=" ") as caught:
        Observe(until=until, reason=reason)

    assert str(caught.value) == message


def test_the_day_on_which_observing_ends_begins_in_utc_wherever_the_machine_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    observe = Observe(until=date(2026, 2, 1), reason="adopting")
    tokyo, midnight = timezone(timedelta(hours=9)), datetime(2026, 2, 1, tzinfo=UTC)

    assert observe.active((midnight - timedelta(seconds=1)).astimezone(tokyo))
    assert not observe.active(midnight.astimezone(timezone(-timedelta(hours=9))))
    monkeypatch.undo()
    time.tzset()


def test_a_gate_that_is_loaded_is_given_all_that_one_from_memory_is(tmp_path: Path) -> None:
    path = a_folder(tmp_path, **FACT)
    ledger, trail = a_ledger(["carrier/ups"]), MemorySink()
    observe = Observe(until=NOW.date() + timedelta(days=1), reason="adopting")
    gate = Gate.load(path, facts={"applied": lambda _: True}, ledger=ledger, trail=trail, observe=observe, clock=lambda: NOW)

    assert gate.check("email_address", "shipping", "carrier/ups", subject="s1", channel="post")
    assert not gate.check("email_address", "raffle", subject="s1")

    assert [release.at for release in ledger.releases()] == [NOW]
    assert [(record.mode, record.shown) for record in trail.records] == [
        (Mode.OBSERVED, (Shown("applied", ShownBy.FACT),)),
        (Mode.OBSERVED, ()),
    ]


def interrupted_at(number: int, then: Callable[[], None]) -> Callable[..., Any]:
    """Trace what puts a policy in force, and do something before a line of it, counted from 1.

    The line that takes the lock and gives it back is left out: there, Python lets nothing come in between.
    """
    lines = 0

    def trace(frame: Any, event: str, _: Any) -> Any:
        nonlocal lines
        if frame.f_code.co_name != "_put_in_force":
            return None
        if event == "line" and frame.f_lineno != frame.f_code.co_firstlineno + 1:
            lines += 1
            if lines == number:
                then()
        return trace

    return trace


def a_loaded_gate(folder: Path) -> tuple[Gate, list[BoundGate]]:
    gate = Gate.load(a_folder(folder))
    bound = [gate.bind("shipping") for _ in range(3)]
    bound.append(copy.copy(bound[0]))
    assert all(each.check("email_address") for each in bound)
    a_folder(folder, uses=[], provisions=[], policy={"revision": "2"})
    return gate, bound


def agrees(gate: Gate, bound: list[BoundGate]) -> bool:
    in_force = gate.policy.revision == "1"
    return all(_permitted(each) is in_force for each in bound) and bool(gate.decide("email_address", "shipping")) is in_force


@pytest.mark.parametrize("line", range(1, 14))
def test_a_reload_that_is_interrupted_at_any_line_leaves_no_permit_of_another_policy(line: int, tmp_path: Path) -> None:
    gate, bound = a_loaded_gate(tmp_path)

    def interrupt() -> None:
        sys.settrace(None)
        raise KeyboardInterrupt

    before = sys.gettrace()
    sys.settrace(interrupted_at(line, interrupt))
    try:
        gate.reload()
    except KeyboardInterrupt:
        pass
    finally:
        sys.settrace(before)

    assert agrees(gate, bound)
    assert agrees(gate, bound)
    gate.reload()
    assert gate.policy.revision == "2"
    assert agrees(gate, bound)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize("line", range(1, 14))
def test_a_process_that_is_forked_at_any_line_of_a_reload_permits_nothing_of_another_policy(line: int, tmp_path: Path) -> None:
    gate, bound = a_loaded_gate(tmp_path)
    went_well: list[bool] = []

    def fork() -> None:
        went_well.append(in_a_child(lambda: agrees(gate, bound) and agrees(gate, bound)))

    before = sys.gettrace()
    sys.settrace(interrupted_at(line, fork))
    try:
        gate.reload()
    finally:
        sys.settrace(before)

    assert went_well in ([], [True])
    assert agrees(gate, bound)


def test_a_bound_gate_that_is_copied_is_bound_anew_and_a_gate_is_not_copied(tmp_path: Path) -> None:
    gate, bound = a_loaded_gate(tmp_path)

    gate.reload()

    assert agrees(gate, bound)
    with pytest.raises(TypeError, match=r"\Aa gate is shared, not copied: a copy would stay on its policy\Z"):
        copy.copy(gate)
    provided = copy.copy(a_gate().bind("shipping", "carrier/ups"))
    assert provided.check("email_address").recipient == "carrier/ups"
    with pytest.raises(TypeError):
        copy.deepcopy(gate)


def test_a_bound_gate_is_bound_while_another_thread_reads_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate, _ = a_loaded_gate(tmp_path)
    reading, read = Event(), Event()

    def slowly(*_: object, **__: object) -> None:
        reading.set()
        read.wait(10)
        raise MemoryError

    monkeypatch.setattr("purposegate.gate.gate.load_revisions", slowly)
    thread = Thread(target=lambda: _quietly(gate.reload))
    thread.start()
    assert reading.wait(10)

    assert gate.bind("shipping").check("email_address")

    read.set()
    thread.join(10)


def _quietly(call: Callable[[], None]) -> None:
    with contextlib.suppress(MemoryError):
        call()


@pytest.mark.parametrize("observe", [True, "2026-02-01", date(2026, 2, 1)])
def test_observing_is_asked_for_by_nothing_but_its_own_object(observe: Any) -> None:
    with pytest.raises(TypeError, match=r"\A`observe` is an `Observe`, which says until when and why\Z"):
        Gate(a_policy(), observe=observe)


@pytest.mark.parametrize(("part", "refusal"), [("ledger", LedgerError), ("trail", TrailError)])
def test_a_store_that_is_none_at_all_refuses(part: str, refusal: type[PurposegateError]) -> None:
    gate = Gate(a_policy(), clock=lambda: NOW, **{part: []})  # type: ignore[arg-type]  # a mistake

    with pytest.raises(refusal):
        gate.check("email_address", "shipping", subject="s1")


class _Changing(str):
    """A name that has another hash whenever it is looked at for the fifth time."""

    __slots__ = ("looks",)

    def __hash__(self) -> int:
        self.looks = getattr(self, "looks", 0) + 1
        return hash("salary" if self.looks == _Changing.AT else "email_address")

    def __eq__(self, other: object) -> bool:
        return other in ("email_address", "salary")

    AT = 1


@pytest.mark.parametrize("at", range(1, 12))
def test_a_name_that_changes_while_it_is_judged_settles_nothing_for_others(at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the judge itself is asked, which a gate hands out."""
    monkeypatch.setattr(_Changing, "AT", at)
    gate = a_gate(categories={"email_address": {}, "salary": {}})
    use = Use(_Changing("email_address"), "shipping")

    for ask in (gate.engine.conditions, gate.engine.knows, lambda each: gate.engine.decide(each, Context(NOW))):
        ask(use)

    assert not gate.decide("salary", "shipping")
    assert gate.decide("email_address", "shipping")


def test_a_function_for_no_fact_of_the_policy_and_one_that_nobody_awaits_are_refused_by_name() -> None:
    async def applied(use: Use) -> bool:
        return use.purpose == "shipping"

    with pytest.raises(PolicyError) as caught:
        Gate(a_policy(**FACT), facts={"aplied": lambda _: True, "applied": applied})  # type: ignore[dict-item]  # a mistake

    assert [(each.slug, each.severity, each.message, each.help) for each in caught.value.findings] == [
        ("unknown-fact", Severity.ERROR, "the policy declares no fact `aplied`", "did you mean `applied`?"),
        (
            "async-fact",
            Severity.ERROR,
            "the function for the fact `applied` is a coroutine function, whose answer nobody would await",
            "register a plain function",
        ),
    ]


def test_a_fact_without_a_function_is_told_when_the_gate_is_made(caplog: pytest.LogCaptureFixture) -> None:
    Gate(a_policy(**FACT))

    assert logged(caplog) == [("WARNING", "no function answers the fact `applied`: what needs it is denied")]
