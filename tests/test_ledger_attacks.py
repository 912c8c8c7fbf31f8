"""Attacks on a gate with a ledger: each of these is to be stopped by what DESIGN or README says, and is not."""

from __future__ import annotations

import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import pytest
from builders import NOW, PROSE, a_document, a_folder, a_policy, a_provision, a_use_clause, an_objection, as_yaml
from postgres import Databases

from purposegate import (
    Acceptance,
    Claim,
    Consent,
    Dissent,
    Engine,
    From,
    Gate,
    LedgerError,
    LodgedObjection,
    MemoryLedger,
    MemorySink,
    Notice,
    Observe,
    Policy,
    PolicyError,
    PurposegateError,
    PurposeViolation,
    Reason,
    ServiceUse,
    Use,
    Withdrawal,
)
from purposegate.gate.labels import Personal
from purposegate.ledger.keeping import LEDGER
from purposegate.ledger.records import Release
from purposegate.ledger.sql import SqlLedger
from purposegate.stores.deadlines import Deadlines
from purposegate.stores.grouping import Grouping
from purposegate.tools.amending import widened
from purposegate.tools.arriving import entries_for

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
JANUARY, FEBRUARY, MARCH, MAY = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3, 5))
TERMS = {"clause": "9", "quote": "amend", "window": "P7D", "silence": "accepts", "time_zone": "UTC"}
BOTH: dict[str, Any] = {"shipping": {}, "raffle": {}}
RAFFLE = [a_use_clause(), a_use_clause(clause="8", purposes=["raffle"])]
CONSENT: dict[str, Any] = {"conditions": {"consent": {"shown_by": "consent"}}, "uses": [a_use_clause(conditions=["consent"])]}


def a_revision(name: str, effective: datetime, **parts: Any) -> Policy:
    parts = {"amendments": TERMS, "purposes": BOTH, **parts}
    return a_policy(policy={"revision": name, "effective": effective.date().isoformat()}, **parts)


def write_revision(folder: Path, name: str, effective: datetime, **parts: Any) -> None:
    document = a_document(
        policy={"revision": name, "effective": effective.date().isoformat()}, **{"amendments": TERMS, "purposes": BOTH, **parts}
    )
    (folder / f"{name}.yaml").write_bytes(as_yaml(document))
    (folder / "shop.txt").write_text(PROSE)


@dataclass
class Customer:
    id: str
    email: Annotated[str, Personal("email_address")]


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
        "expires": NOW + DAY,
        "uses": 1,
        "reference": "file 12",
        "authority": "the court",
    }
    return Claim(**said | parts)


Opened = Callable[..., SqlLedger]


@pytest.fixture
def opened() -> Iterator[Opened]:
    """Open ledgers, and close them after the test."""
    ledgers: list[SqlLedger] = []

    def open_(*arguments: Any, **options: Any) -> SqlLedger:
        ledgers.append(SqlLedger(*arguments, **options, create=True))
        return ledgers[-1]

    yield open_
    for ledger in ledgers:
        ledger.close()


def a_release(number: str, subject: str = "s1") -> Release:
    return Release(number, NOW, "email_address", "shipping", "carrier/ups", subject, "post", ("2",))


# What was not accepted.


def test_silence_accepts_no_amendment_on_terms_that_the_person_did_not_accept() -> None:
    never = TERMS | {"silence": "never"}
    now = [JANUARY]
    ledger = MemoryLedger(clock=lambda: now[0])
    revisions = [
        a_revision("first", JANUARY, amendments=never),
        a_revision("second", FEBRUARY, amendments=TERMS),
        a_revision("third", MARCH, uses=RAFFLE),
    ]
    gate = Gate(revisions, ledger=ledger, clock=lambda: now[0])
    ledger.enter(Acceptance("s1", "first", JANUARY), Dissent("s1", "second", FEBRUARY), Notice("third", MARCH))
    now[0] = MARCH + DAY
    ledger.enter(ServiceUse("s1", MARCH + DAY))
    now[0] = MAY

    # The terms that the person accepted say that silence never accepts; those of `second` they refused.
    assert gate.decide("email_address", "raffle", subject="s1").reason is Reason.UNDECLARED_PURPOSE


def test_a_revision_that_is_gone_from_the_folder_opens_nothing_by_a_reload(tmp_path: Path) -> None:
    write_revision(tmp_path, "first", JANUARY)
    write_revision(tmp_path, "second", MARCH, uses=RAFFLE)
    ledger = MemoryLedger(clock=lambda: MAY)
    gate = Gate.load(tmp_path, ledger=ledger, clock=lambda: MAY)
    ledger.enter(Acceptance("s1", "first", JANUARY))
    assert not gate.decide("email_address", "raffle", subject="s1")

    (tmp_path / "first.yaml").unlink()  # as a copy of the folder does that is under way
    try:
        gate.reload()
    except PurposegateError:
        pass

    assert not gate.decide("email_address", "raffle", subject="s1")


def test_the_channels_that_an_amendment_adds_are_no_way_out_for_whoever_has_not_accepted_it() -> None:
    parts: dict[str, Any] = {
        "recipients": {"shop": {"role": "controller"}, "person": {"role": "data_subject"}},
        "channels": {"post": {}, "mail": {}},
    }
    to_person = a_provision(recipients=["person"])
    revisions = [
        a_revision("first", JANUARY, provisions=[to_person | {"channels": ["post"]}], **parts),
        a_revision("second", MARCH, provisions=[to_person | {"channels": ["post", "mail"]}], **parts),
    ]
    gate = Gate(revisions, ledger=MemoryLedger(clock=lambda: MAY), clock=lambda: MAY)
    assert not gate.decide("email_address", "shipping", "person", subject="s1", channel="mail")

    decision = gate.decide("email_address", "shipping", "person", subject="s1")

    assert decision.channels == ("post",)


def test_an_amendment_that_drops_one_of_two_conditions_is_told_as_one_that_widens() -> None:
    conditions = {"consent": {"shown_by": "consent"}, "applied": {"shown_by": "fact"}}
    before = a_revision("first", JANUARY, conditions=conditions, uses=[a_use_clause(conditions=["consent", "applied"])])
    after = a_revision("second", MARCH, conditions=conditions, uses=[a_use_clause(conditions=["applied"])])

    assert Use("email_address", "shipping") in list(widened(Engine(before), Engine(after)))


def test_an_amendment_that_takes_an_objection_away_is_told_as_one_that_widens() -> None:
    before = a_revision("first", JANUARY, objections={"stop": an_objection()})
    after = a_revision("second", MARCH, objections={"stop": an_objection(exempt=["1"])})

    assert Use("email_address", "shipping") in list(widened(Engine(before), Engine(after)))


# What is kept too long.


def test_a_disclosure_during_which_the_policy_is_reloaded_keeps_no_decision_of_the_old_one(tmp_path: Path) -> None:
    path = a_folder(tmp_path)
    gate = Gate.load(path, ledger=MemoryLedger(), facts_ttl=60)
    seen: list[str] = []

    def whose(record: Customer) -> str:
        if seen:
            a_folder(tmp_path, uses=[], provisions=[])
            gate.reload()
        seen.append(record.id)
        return record.id

    gate.disclose([Customer("s1", "a@x"), Customer("s2", "b@x")], "shipping", subject=From(whose))

    assert gate.decide("email_address", "shipping", subject="s3").reason is Reason.UNDECLARED_PURPOSE
    assert gate.decide("email_address", "shipping", subject="s2").reason is Reason.UNDECLARED_PURPOSE


def test_nothing_is_kept_across_the_end_of_a_consent_where_the_clock_leaps() -> None:
    """A machine that was asleep, or whose clock was put right: monotonic time has not gone on."""
    now = [NOW]
    ledger = MemoryLedger(clock=lambda: NOW)
    gate = Gate(a_policy(**CONSENT), ledger=ledger, clock=lambda: now[0], facts_ttl=10)
    ledger.enter(Consent("s1", "consent", "any", "any", "any", NOW, expires=NOW + 60 * SECOND))
    assert gate.check("email_address", "shipping", subject="s1")
    now[0] = NOW + 3600 * SECOND

    assert gate.decide("email_address", "shipping", subject="s1").reason is Reason.UNMET_CONDITION


def test_a_withdrawal_is_known_at_once_whatever_another_listener_raises() -> None:
    ledger = MemoryLedger(clock=lambda: NOW)

    def leaving(_: str | None) -> None:
        raise SystemExit

    ledger.on_change(leaving)
    gate = Gate(a_policy(**CONSENT), ledger=ledger, clock=lambda: NOW, facts_ttl=60)
    with pytest.raises(SystemExit):
        ledger.enter(Consent("s1", "consent", "any", "any", "any", NOW - DAY))
    assert gate.decide("email_address", "shipping", subject="s1")
    with pytest.raises(SystemExit):
        ledger.enter(Withdrawal("s1", "consent", NOW - SECOND))

    assert gate.decide("email_address", "shipping", subject="s1").reason is Reason.UNMET_CONDITION


# Times.


def test_a_naive_time_is_refused_and_not_taken_for_local_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        ledger = MemoryLedger(clock=lambda: NOW - DAY)
        ledger.enter(Consent("s1", "consent", "any", "any", "any", NOW - DAY, expires=NOW - SECOND))
        gate = Gate(a_policy(**CONSENT), ledger=ledger, clock=lambda: NOW.replace(tzinfo=None))  # as `utcnow` gives it
        with pytest.raises((ValueError, LedgerError)):
            gate.check("email_address", "shipping", subject="s1")
    finally:
        monkeypatch.undo()
        time.tzset()


def test_observing_that_is_over_by_the_ledgers_time_lets_nothing_through() -> None:
    trail = MemorySink()
    ledger = MemoryLedger(clock=lambda: NOW + 2 * DAY)
    observe = Observe(until=(NOW + DAY).date(), reason="adopting")
    gate = Gate(a_policy(uses=[]), ledger=ledger, trail=trail, observe=observe, clock=lambda: NOW)
    ledger.enter(ServiceUse("s1", NOW))  # recorded after the day: it is later than the gate's clock says

    try:
        gate.check("email_address", "shipping", subject="s1")
        passed = "observed"
    except PurposeViolation:
        passed = "enforced"

    assert trail.records[0].at == NOW + 2 * DAY
    assert (trail.records[0].mode, passed) == ("enforced", "enforced")


def test_a_clock_that_goes_backwards_brings_no_earlier_revision_back_without_a_ledger() -> None:
    now = [MARCH - DAY]
    narrower = a_revision("second", MARCH, uses=[a_use_clause(clause="8", purposes=["raffle"])], provisions=[])
    later = a_revision("third", MAY, uses=[a_use_clause(clause="8", purposes=["raffle"])], provisions=[])
    gate = Gate([a_revision("first", JANUARY), narrower, later], clock=lambda: now[0])
    assert gate.decide("email_address", "shipping")
    now[0] = MARCH
    assert not gate.decide("email_address", "shipping")
    now[0] = MARCH - SECOND

    assert not gate.decide("email_address", "shipping")


# A replay.


def test_a_replay_takes_no_condition_that_a_ledger_showed_for_a_fact_of_another_revision() -> None:
    def told(shown_by: str) -> dict[str, Any]:
        return {"conditions": {"agreed": {"shown_by": shown_by}}, "uses": [a_use_clause(conditions=["agreed"])]}

    ledger, trail = MemoryLedger(clock=lambda: MARCH), MemorySink()
    revisions = [a_revision("first", JANUARY, **told("fact")), a_revision("second", MARCH, **told("consent"))]
    gate = Gate(revisions, ledger=ledger, trail=trail, clock=lambda: MARCH, facts={"agreed": lambda _: False})
    ledger.enter(Consent("s1", "agreed", "any", "any", "any", JANUARY))
    made = gate.decide("email_address", "shipping", subject="s1")
    assert made.reason is Reason.UNMET_CONDITION

    assert gate.decide("email_address", "shipping", subject="s1", at=trail.records[0]) == made


# Claims.


@pytest.mark.parametrize(
    ("requested_by", "approved_by"),
    [
        pytest.param("andré", "andre\N{COMBINING ACUTE ACCENT}", id="the same letters, composed and not"),
        pytest.param("k.ito", "\N{FULLWIDTH LATIN SMALL LETTER K}.ito", id="full width"),
        pytest.param("k.ito", "k.ito\N{ZERO WIDTH SPACE}", id="a character of no width"),
        pytest.param("Keiko Ito", "Keiko  Ito", id="white space within"),
        pytest.param("Keiko Ito", "Keiko\N{NO-BREAK SPACE}Ito", id="another space"),
        pytest.param("k.ito", "k.i\N{SOFT HYPHEN}to", id="a soft hyphen"),
        pytest.param("k.ito", "k.it\N{CYRILLIC SMALL LETTER O}", id="a letter that looks the same"),
    ],
)
def test_nobody_approves_their_own_claim_by_another_spelling_of_their_name(requested_by: str, approved_by: str) -> None:
    with pytest.raises(ValueError, match="another person"):
        a_claim(requested_by=requested_by, approved_by=approved_by)


# Whose key.


def test_an_objection_is_seen_whoever_gave_the_ledger_its_key_first(tmp_path: Path, opened: Opened) -> None:
    """A process that opened the ledger without the key, before the first one came, goes on under people's own ids."""
    keyless = opened(tmp_path / "ledger.db")
    keyed = opened(tmp_path / "ledger.db", subject_key=b"a secret of at least sixteen bytes")
    gate = Gate(a_policy(objections={"stop": an_objection()}), ledger=keyed)
    kept = True
    try:
        keyless.enter(LodgedObjection("s1", "stop", datetime.now(UTC) - DAY))
    except LedgerError:
        kept = False

    assert not kept or gate.decide("email_address", "shipping", subject="s1").reason is Reason.OBJECTION_IN_FORCE


# What hangs.


def test_a_thread_that_is_interrupted_while_it_waits_to_record_keeps_no_other_from_it() -> None:
    """As a signal handler does that raises: of a worker's time-out, or of Ctrl-C."""
    begun, go_on = threading.Event(), threading.Event()

    def write(batch: Any) -> list[None]:
        begun.set()
        go_on.wait(5)
        return [None] * len(batch)

    def raising(*_: object) -> None:
        raise TimeoutError

    group = Grouping(write, 1.0, LEDGER)
    leader = threading.Thread(target=group.write, args=(1,))
    leader.start()
    begun.wait(5)
    before = signal.signal(signal.SIGALRM, raising)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with pytest.raises(TimeoutError):
            group.write(2)
    finally:
        signal.signal(signal.SIGALRM, before)
        go_on.set()
    leader.join()

    group.write(3)  # it is nobody's turn, for ever: LedgerError("the ledger took too long")


def test_a_deadline_holds_though_its_thread_could_not_be_started_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    cut = threading.Event()
    deadlines: Deadlines[None] = Deadlines(0.1, lambda _: cut.set(), LEDGER)

    def failing(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", failing)
        with pytest.raises(RuntimeError), deadlines.within(None):
            pass
    with pytest.raises(LedgerError), deadlines.within(None):
        cut.wait(1)

    assert cut.is_set()


def test_a_ledger_in_a_file_is_not_held_beyond_the_deadline_by_what_is_no_statement(tmp_path: Path, opened: Opened) -> None:
    """To interrupt SQLite between two statements is nothing, and it is done once: the writer goes on, and all others wait."""

    def slow() -> datetime:
        time.sleep(1)
        return NOW

    ledger = opened(tmp_path / "ledger.db", deadline=0.2)
    ledger._clock = slow  # as a process that is stopped for a moment; many entries at once do it too

    with pytest.raises(LedgerError):
        ledger.enter(ServiceUse("s1", NOW))


def test_whoever_waits_to_record_waits_for_the_turn_and_the_work_a_deadline_each(tmp_path: Path, opened: Opened) -> None:
    ledger = opened(tmp_path / "ledger.db", deadline=1)
    took: list[float] = []

    def record(number: int) -> None:
        began = time.monotonic()
        with pytest.raises(LedgerError):
            ledger.record([a_release(str(number))])
        took.append(time.monotonic() - began)

    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        threads = [threading.Thread(target=record, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
            time.sleep(0.02)
        for thread in threads:
            thread.join()

    assert max(took) < 2.5


def test_a_person_who_changes_their_mind_often_makes_no_decision_take_longer_than_the_deadline() -> None:
    """Each withdrawal is worked out anew for every consent before it: two thousand of each take five seconds a decision."""

    def seconds(times: int) -> float:
        ledger = MemoryLedger(clock=lambda: NOW)
        gate = Gate(a_policy(**CONSENT), ledger=ledger, clock=lambda: NOW)
        given = [NOW - DAY + number * SECOND for number in range(times)]
        for at in given:
            ledger.enter(Consent("s1", "consent", "any", "any", "any", at), Withdrawal("s1", "consent", at))
        began = time.process_time()
        gate.decide("email_address", "shipping", subject="s1")
        return time.process_time() - began

    few, many = (min(seconds(times) for _ in range(3)) for times in (200, 800))
    assert many < 8 * few  # sixteen times as long it would take with the square


def test_what_one_thread_cannot_record_refuses_nothing_of_another(tmp_path: Path, opened: Opened) -> None:
    ledger = opened(tmp_path / "ledger.db")

    bad, good = ledger._commit([[a_release("1", subject="\ud800")], [a_release("2")]])

    assert isinstance(bad, LedgerError)
    assert good is None


def test_what_another_process_withdraws_counts_at_once_while_nobody_listens(databases: Databases, opened: Opened) -> None:
    """Between the loss of the listener and its return, what is read must not be kept: nobody would tell of what ends it."""
    url = databases.make()
    here, there = opened(url), opened(url)
    gate = Gate(a_policy(**CONSENT), ledger=here, facts_ttl=60)
    there.enter(Consent("s1", "consent", "any", "any", "any", NOW - DAY))
    assert here._listener is not None
    assert here._listener.listening.wait(5)
    databases.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'", url)
    while here._listener.listening.is_set():
        time.sleep(0.001)
    time.sleep(0.05)

    assert gate.decide("email_address", "shipping", subject="s1")
    there.enter(Withdrawal("s1", "consent", NOW - SECOND))

    assert gate.decide("email_address", "shipping", subject="s1").reason is Reason.UNMET_CONDITION


def test_what_another_process_withdraws_counts_at_once_after_the_ledger_was_closed(databases: Databases, opened: Opened) -> None:
    url = databases.make()
    here, there = opened(url), opened(url)
    gate = Gate(a_policy(**CONSENT), ledger=here, facts_ttl=60)
    there.enter(Consent("s1", "consent", "any", "any", "any", NOW - DAY))
    assert here._listener is not None
    assert here._listener.listening.wait(5)
    time.sleep(0.2)  # what was entered has been told
    assert gate.decide("email_address", "shipping", subject="s1")
    here.close()  # it opens again when it is used
    there.enter(Withdrawal("s1", "consent", NOW - SECOND))

    assert gate.decide("email_address", "shipping", subject="s1").reason is Reason.UNMET_CONDITION


# What is lost, or taken for another.


def test_a_provision_to_whom_the_person_knows_as_a_third_party_is_recorded() -> None:
    def to(role: str) -> dict[str, Any]:
        return {"recipients": {"shop": {"role": "controller"}, "carrier": {"role": role}}}

    ledger = MemoryLedger(["carrier/ups"], clock=lambda: MAY)
    revisions = [a_revision("first", JANUARY, **to("third_party")), a_revision("second", MARCH, **to("processor"))]
    gate = Gate(revisions, ledger=ledger, clock=lambda: MAY)

    gate.check("email_address", "shipping", "carrier/ups", subject="s1", channel="post")  # who has not accepted `second`

    assert [each.recipient for each in ledger.releases()] == ["carrier/ups"]


def test_a_provision_that_is_only_observed_is_recorded_before_the_data_go_out() -> None:
    ledger = MemoryLedger(["carrier/ups"], clock=lambda: NOW)
    observe = Observe(until=(NOW + DAY).date(), reason="adopting")
    gate = Gate(a_policy(provisions=[]), ledger=ledger, observe=observe, clock=lambda: NOW)

    assert not gate.check("email_address", "shipping", "carrier/ups", subject="s1", channel="post")  # it passes

    assert [each.recipient for each in ledger.releases()] == ["carrier/ups"]


def test_what_is_only_observed_is_recorded_also_where_nobody_said_whose_it_is() -> None:
    ledger = MemoryLedger(["carrier/ups"], clock=lambda: NOW)
    observe = Observe(until=(NOW + DAY).date(), reason="adopting")
    gate = Gate(a_policy(), ledger=ledger, observe=observe, clock=lambda: NOW)

    assert gate.check("email_address", "shipping", "carrier/ups", channel="post").reason is Reason.SUBJECT_REQUIRED

    assert [(each.subject, each.clauses) for each in ledger.releases()] == [("(not said)", ())]


def test_a_revision_that_is_missing_from_the_beginning_opens_nothing_to_whoever_lives_under_it() -> None:
    ledger = MemoryLedger(clock=lambda: MAY)
    ledger.enter(Acceptance("s1", "first", JANUARY), Acceptance("s2", "first", JANUARY), Acceptance("s2", "second", MARCH))
    gate = Gate(a_revision("second", MARCH, uses=RAFFLE), ledger=ledger, clock=lambda: MAY)

    with pytest.raises(LedgerError, match="not known here"):
        gate.check("email_address", "raffle", subject="s1")
    assert gate.check("email_address", "raffle", subject="s2")
    assert gate.check("email_address", "raffle", subject="s3")  # of whom no acceptance is recorded
    assert gate.ledger_failures == 1


def test_a_denial_that_is_kept_is_observed_and_recorded_as_one_that_is_read() -> None:
    """Also where the ledger's time is past the day until which denials are only observed."""
    ledger = MemoryLedger(["carrier/ups"], clock=lambda: NOW)
    observe = Observe(until=(NOW + DAY).date(), reason="adopting")
    now = [NOW]
    gate = Gate(a_policy(provisions=[]), ledger=ledger, observe=observe, clock=lambda: now[0], facts_ttl=3600)
    for _ in range(3):
        assert not gate.check("email_address", "shipping", "carrier/ups", subject="s1", channel="post")  # it passes
    assert len(ledger.releases()) == 3
    ahead = MemoryLedger(clock=lambda: NOW + 2 * DAY)
    ahead.enter(ServiceUse("s2", NOW))
    behind = Gate(a_policy(uses=[]), ledger=ahead, observe=observe, clock=lambda: NOW, facts_ttl=3600)

    for _ in range(3):
        with pytest.raises(PurposeViolation):
            behind.check("email_address", "shipping", subject="s1")


def test_what_is_no_entry_is_not_entered(tmp_path: Path, opened: Opened) -> None:
    for ledger in (MemoryLedger(), opened(tmp_path / "ledger.db")):
        with pytest.raises(TypeError, match="is an entry"):
            ledger.enter("a text")  # type: ignore[arg-type]  # a mistake


def test_a_revision_is_not_passed_over_for_the_case_of_its_ending(tmp_path: Path) -> None:
    write_revision(tmp_path, "first", JANUARY)
    (tmp_path / "first.yaml").rename(tmp_path / "first.YAML")
    write_revision(tmp_path, "second", MARCH, uses=RAFFLE)
    try:
        gate = Gate.load(tmp_path, ledger=MemoryLedger(clock=lambda: MAY), clock=lambda: MAY)
    except PolicyError:
        return

    assert not gate.decide("email_address", "raffle", subject="s1")


def test_a_withdrawal_in_a_consent_record_is_not_lost_where_it_names_the_same_data_in_another_order() -> None:
    ledger = MemoryLedger(clock=lambda: NOW)
    held = Consent("s1", "consent", ("email_address", "name"), "any", "any", NOW - 2 * DAY, text_version="1")
    ledger.enter(held)
    arriving = Consent(
        "s1", "consent", ("name", "email_address"), "any", "any", NOW - 2 * DAY, withdrawn=NOW - DAY, text_version="1"
    )

    ledger.enter(*entries_for([arriving], ledger.entries(subject="s1")))

    records = ledger.consult(Use("email_address", "shipping", subject="s1"))
    assert all(each.withdrawn is not None for each in records.consents)


def test_a_blank_id_is_no_person() -> None:
    """No entry can be about one: nobody could object, or withdraw."""
    gate = Gate(a_policy(), ledger=MemoryLedger(clock=lambda: NOW), clock=lambda: NOW)
    with pytest.raises(ValueError, match="not blank"):
        LodgedObjection(" ", "stop", NOW)

    assert gate.decide("email_address", "shipping", subject=" ").reason is Reason.SUBJECT_REQUIRED
