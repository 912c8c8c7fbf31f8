"""Decisions that are alike, counted: none lost, none counted twice, none without evidence before it."""

from __future__ import annotations

import contextlib
import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from threading import Barrier, Event, Thread, current_thread
from types import FrameType
from typing import Any

import pytest
from builders import NOW, a_ledger, a_policy, a_provision
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sinks import BrittleSink, a_decision, a_provision_record, a_record

from purposegate import (
    AggregatingSink,
    Asked,
    Citation,
    Gate,
    MemorySink,
    Mode,
    PolicyStamp,
    PurposeViolation,
    Reason,
    Record,
    Shown,
    ShownBy,
    Sink,
    Standing,
    TrailError,
)
from purposegate.policy.terms import Role
from purposegate.testing.together import in_a_child
from purposegate.trail import aggregating, tallies
from purposegate.trail.record import PreparingSink


class Ticking:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticking() -> Ticking:
    return Ticking()


@pytest.fixture
def made() -> Iterator[Callable[..., AggregatingSink]]:
    """Make sinks which stand still but for what a test moves, and stop their threads at the end."""
    sinks: list[AggregatingSink] = []

    def make(inner: Sink, **parts: Any) -> AggregatingSink:
        given: dict[str, Any] = {"window": 60.0, "clock": lambda: NOW}
        sinks.append(AggregatingSink(inner, **given | parts))
        return sinks[-1]

    yield make
    for sink in sinks:
        sink._over.set()


Make = Callable[..., AggregatingSink]
SECOND = timedelta(seconds=1)


def counted(inner: MemorySink) -> int:
    """Give for how many decisions the records stand."""
    return sum(record.count for record in inner.records)


def test_the_first_is_written_at_once_and_those_that_follow_when_the_window_is_over(ticking: Ticking, made: Make) -> None:
    inner = MemorySink()
    sink = made(inner, monotonic=ticking)
    first, second, third = (a_record(id=f"r-{n}", at=NOW + n * SECOND, subject=f"s{n}", trace_id="a" * 32) for n in range(3))

    sink.write([first])
    assert inner.records == [first]
    sink.write([second])
    sink.write([third])
    ticking.now += 59.9
    sink.write([second])
    assert inner.records == [first]
    ticking.now += 0.1
    sink.write([first])

    _, summed, again = inner.records
    assert again == first
    assert summed == replace(a_record(id=summed.id), since=NOW + SECOND, at=NOW + 2 * SECOND, count=3)
    assert summed.id not in {"r-0", "r-1", "r-2"}


def test_a_window_tells_of_its_own_time_and_not_of_the_one_before(ticking: Ticking, made: Make) -> None:
    inner = MemorySink()
    sink = made(inner, monotonic=ticking)

    for hours in range(2):
        for second in range(3):
            sink.write([a_record(at=NOW + timedelta(hours=hours, seconds=second))])
        ticking.now += 60
    sink.flush()

    hour = timedelta(hours=1)
    assert [(each.since, each.at, each.count) for each in inner.records if each.since is not None] == [
        (NOW + SECOND, NOW + 2 * SECOND, 2),
        (NOW + hour + SECOND, NOW + hour + 2 * SECOND, 2),
    ]


def test_a_window_begins_when_its_first_record_is_kept(ticking: Ticking, made: Make) -> None:
    """An inner sink that takes longer than a window lasts would else have nothing counted."""

    class Slow(MemorySink):
        def write(self, records: Sequence[Record]) -> None:
            ticking.now += 61
            super().write(records)

    inner = Slow()
    sink = made(inner, monotonic=ticking)

    for _ in range(3):
        sink.write([a_record()])

    assert inner.records == [a_record()]


def test_a_window_in_which_nothing_followed_leaves_one_record(ticking: Ticking, made: Make) -> None:
    inner = MemorySink()
    sink = made(inner, monotonic=ticking)

    sink.write([a_record()])
    ticking.now += 61
    sink.write([a_record()])
    sink.flush()

    assert inner.records == [a_record(), a_record()]


@pytest.mark.parametrize(
    "other",
    [
        a_record(a_decision(data_category="name")),
        a_record(a_decision(purpose="raffle")),
        a_record(a_decision(recipient="shop_abroad")),
        a_record(a_decision(policy=PolicyStamp("shop", "1", "ffff", "shop.yaml"))),
        a_record(a_decision(citations=(Citation("7", "ship"),))),
        a_record(asked=Asked.QUESTION),
        a_record(channel="post"),
    ],
)
def test_what_differs_in_more_than_the_person_is_counted_for_itself(other: Record, made: Make) -> None:
    inner = MemorySink()
    sink = made(inner)

    for _ in range(3):
        sink.write([a_record()])
        sink.write([other])
    sink.flush()

    assert inner.records[:2] == [a_record(), other]
    assert [(replace(each, id="r-1", since=None, count=1), each.count) for each in inner.records[2:]] == [
        (a_record(), 2),
        (other, 2),
    ]


def test_the_person_and_the_trace_make_no_difference(made: Make) -> None:
    inner = MemorySink()
    sink = made(inner)

    for number in range(4):
        sink.write([a_record(subject=f"s{number}", trace_id=f"{number:032x}")])
    sink.flush()

    assert [record.count for record in inner.records] == [1, 3]


@pytest.mark.parametrize(
    "record",
    [
        a_record(a_decision(reason=Reason.UNDECLARED_PURPOSE)),
        a_record(a_decision(reason=Reason.UNDECLARED_PURPOSE), asked=Asked.QUESTION),
        a_record(a_decision(standing=Standing.CONSULTED)),
        a_record(a_decision(unaccepted="2")),
        a_provision_record(),
        a_record(role=Role.PROCESSOR),
        a_record(role=Role.JOINT_USER),
        a_record(role=Role.THIRD_PARTY),
        a_record(role=Role.DATA_SUBJECT),
        a_record(role=None),
        a_record(mode=Mode.OBSERVED),
        a_record(mode=Mode.DECLASSIFIED, justification="moved house"),
        a_record(claim="case-1"),
        a_record(shown=(Shown("applied", ShownBy.FACT),)),
        a_record(hit=("stop",)),
        a_record(registered=True),
        a_record(position=0),
        a_record(provision=True),
        a_record(release="x"),
        a_record(justification="moved house"),
        a_record(since=NOW),
        a_record(count=2),
    ],
)
def test_everything_else_goes_through_at_once_and_unchanged(record: Record, made: Make) -> None:
    inner = MemorySink()
    sink = made(inner)

    for _ in range(3):
        sink.write([record])

    assert inner.records == [record, record, record]
    assert sink.prepared(record) is None


def test_of_one_call_what_is_counted_is_left_out_and_the_rest_is_written_together(made: Make) -> None:
    calls: list[list[Record]] = []

    class Noting(MemorySink):
        def write(self, records: Sequence[Record]) -> None:
            calls.append(list(records))

    sink = made(Noting())
    mail, name, denied = a_record(), a_record(a_decision(data_category="name")), a_provision_record()

    sink.write([mail, denied, mail, mail, denied])
    sink.write([mail, denied, name])
    sink.write([mail, name])
    sink.flush()

    assert calls[:2] == [[mail, denied, denied], [denied, name]]
    assert [(each.decision.data_category, each.count) for each in calls[2]] == [("email_address", 4), ("name", 1)]
    assert len(calls) == 3


def test_a_call_whose_rest_is_not_kept_counts_nothing(made: Make) -> None:
    inner = BrittleSink()
    sink = made(inner)
    sink.write([a_record()])

    inner.raising = OSError("full")
    with pytest.raises(OSError, match="full"):
        sink.write([a_record(), a_provision_record()])
    inner.raising = None
    sink.flush()

    assert inner.records == [a_record()]


def test_a_first_one_that_is_not_kept_opens_no_window(made: Make) -> None:
    inner = BrittleSink(OSError("full"))
    sink = made(inner)

    for _ in range(2):
        with pytest.raises(OSError, match="full"):
            sink.write([a_record()])
    inner.raising = None
    sink.write([a_record()])
    sink.flush()

    assert inner.records == [a_record()]


class SummingSink(BrittleSink):
    """Raises only for what was counted, and tells when some of it was written."""

    def __init__(self) -> None:
        super().__init__()
        self.summed = Event()

    def write(self, records: Sequence[Record]) -> None:
        if all(record.since is None for record in records):
            MemorySink.write(self, records)
            return
        super().write(records)
        self.summed.set()


@pytest.mark.parametrize("raised", [OSError("taro@example.com"), TrailError("the disk is full"), KeyboardInterrupt()])
def test_counts_that_cannot_be_written_are_kept_and_nothing_more_is_counted(
    raised: BaseException, ticking: Ticking, made: Make
) -> None:
    inner = SummingSink()
    sink = made(inner, monotonic=ticking)
    mail, name, denied = a_record(), a_record(a_decision(data_category="name")), a_provision_record()
    for record in (mail, mail, name, name, name):
        sink.write([record])
    keep_name = sink.prepared(name)
    assert keep_name is not None

    inner.raising, refused = raised, (KeyboardInterrupt if isinstance(raised, KeyboardInterrupt) else TrailError)
    for call in (sink.flush, lambda: sink.write([mail]), lambda: sink.write([name, denied]), lambda: keep_name("s1")):
        with pytest.raises(refused):
            call()
    inner.raising = None
    before = len(inner.records)
    sink.write([mail])

    assert [(each.decision.data_category, each.count) for each in inner.records[:before]] == [("email_address", 1), ("name", 1)]
    assert [(each.decision.data_category, each.count) for each in inner.records[before:]] == [
        ("email_address", 1),
        ("name", 2),
        ("email_address", 1),
    ]


def test_a_refusal_says_what_is_not_written_and_not_why_another_library_says_so(made: Make) -> None:
    inner = SummingSink()
    sink = made(inner)
    sink.write([a_record()])
    sink.write([a_record()])

    inner.raising = OSError("taro@example.com")
    with pytest.raises(TrailError) as refused:
        sink.flush()

    assert str(refused.value) == "what was counted is not written (OSError)"
    assert refused.value.__notes__ == ["until it is, nothing more is counted, and what would be is refused"]
    assert refused.value.__context__ is None


def test_a_refusal_of_the_inner_sink_reaches_the_caller_as_it_is(made: Make) -> None:
    inner = SummingSink()
    sink = made(inner)
    sink.write([a_record()])
    sink.write([a_record()])

    inner.raising = TrailError("the disk is full")
    with pytest.raises(TrailError, match=r"^the disk is full$"):
        sink.flush()


class Meanwhile(SummingSink):
    """Does something else while it writes what stands for one decision, as another thread might."""

    def __init__(self) -> None:
        super().__init__()
        self.doing: Callable[[], None] | None = None

    def write(self, records: Sequence[Record]) -> None:
        super().write(records)
        doing, self.doing = self.doing, None
        if doing is not None:
            doing()


def test_no_window_opens_after_counts_could_not_be_written_meanwhile(made: Make) -> None:
    inner, name = Meanwhile(), a_record(a_decision(data_category="name"))
    sink = made(inner)
    sink.write([a_record()])
    sink.write([a_record()])

    def fail() -> None:
        inner.raising = OSError("full")
        with pytest.raises(TrailError):
            sink.flush()

    inner.doing = fail
    sink.write([name])

    with pytest.raises(TrailError):
        sink.write([name])
    inner.raising = None
    sink.flush()
    assert [(each.decision.data_category, each.count) for each in inner.records] == [
        ("email_address", 1),
        ("name", 1),
        ("email_address", 1),
    ]


def test_no_window_opens_after_the_trail_was_closed_meanwhile(made: Make) -> None:
    inner = Meanwhile()
    sink = made(inner)
    inner.doing = sink.close

    sink.write([a_record()])

    with pytest.raises(TrailError, match=r"^the trail is closed$"):
        sink.write([a_record()])
    assert inner.records == [a_record()]


def test_a_window_that_was_opened_meanwhile_goes_on(ticking: Ticking, made: Make) -> None:
    inner = Meanwhile()
    sink = made(inner, monotonic=ticking)

    def ask_twice() -> None:
        sink.write([a_record(id="r-2")])
        sink.write([a_record(id="r-3", at=NOW + SECOND)])
        ticking.now += 30

    inner.doing = ask_twice
    sink.write([a_record()])
    ticking.now += 30
    sink.write([a_record(id="r-4", at=NOW + 60 * SECOND)])

    first, second, summed, again = inner.records
    assert [first.id, second.id, again.id] == ["r-1", "r-2", "r-4"]
    assert (summed.since, summed.at, summed.count) == (NOW + SECOND, NOW + SECOND, 1)


def test_what_is_not_counted_passes_while_counts_cannot_be_written(made: Make) -> None:
    inner = SummingSink()
    sink = made(inner)
    sink.write([a_record()])
    sink.write([a_record()])
    inner.raising = OSError("full")
    with pytest.raises(TrailError):
        sink.flush()

    sink.write([a_provision_record()])

    assert inner.records == [a_record(), a_provision_record()]


def test_counts_that_are_written_late_bear_the_id_that_they_were_to_be_written_under(made: Make) -> None:
    """An inner sink that failed after it had written knows them again."""
    written: list[str] = []

    class Unsure(MemorySink):
        def write(self, records: Sequence[Record]) -> None:
            written.extend(record.id for record in records)
            if len(written) == 2:
                raise OSError

    sink = made(Unsure())
    sink.write([a_record()])
    sink.write([a_record()])
    with pytest.raises(TrailError):
        sink.flush()
    sink.flush()

    assert written == ["r-1", written[1], written[1]]


def test_a_decision_waits_for_no_other_thread_that_writes_counts(ticking: Ticking, made: Make) -> None:
    class Hanging(SummingSink):
        def write(self, records: Sequence[Record]) -> None:
            if any(record.since is not None for record in records) and self.raising is None:
                begun.set()
                assert go_on.wait(10)
                raise OSError
            MemorySink.write(self, records)

    begun, go_on, inner = Event(), Event(), Hanging()
    sink = made(inner, monotonic=ticking)
    sink.write([a_record()])
    sink.write([a_record()])
    refused: list[str] = []

    def flush() -> None:
        try:
            sink.flush()
        except TrailError as error:
            refused.append(str(error))

    flushing = Thread(target=flush)
    flushing.start()
    assert begun.wait(10)
    sink.write([a_record(id="r-2")])
    sink.write([a_record(id="r-3")])
    go_on.set()
    flushing.join()
    inner.raising = OSError()  # it hangs no more
    sink.write([a_record(id="r-4")])
    sink.flush()

    assert refused == ["what was counted is not written (OSError)"]
    assert [(each.id, each.count) for each in inner.records if each.since is None] == [("r-1", 1), ("r-2", 1), ("r-4", 1)]
    assert counted(inner) == 5


def test_a_window_ends_also_if_no_more_decisions_come(made: Make) -> None:
    inner = SummingSink()
    sink = made(inner, window=0.02)
    keep = sink.prepared(a_record())
    assert keep is not None

    while not inner.summed.is_set():
        keep("s1")
        sink.write([a_record()])
    assert inner.summed.wait(10)
    sink.flush()

    assert max(record.count for record in inner.records) > 1


def test_counts_that_could_not_be_written_are_tried_again_without_another_decision(
    made: Make, caplog: pytest.LogCaptureFixture
) -> None:
    inner = SummingSink()
    sink = made(inner, window=0.02)
    inner.raising = OSError("taro@example.com")
    with pytest.raises(TrailError):
        for _ in range(1_000_000):
            sink.write([a_record()])
    until = time.monotonic() + 10
    while not caplog.records and time.monotonic() < until:
        time.sleep(0.001)
    inner.raising = None

    assert inner.summed.wait(10)
    assert {each.getMessage() for each in caplog.records} == {"what was counted is not written: TrailError"}


def test_counts_that_could_not_be_written_are_tried_again_though_the_thread_had_just_looked(
    ticking: Ticking, made: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While they are being written nothing seems to be owed; a thread that looks just then, late on a busy machine, goes."""
    looks = Event()
    late: list[Thread] = []

    class Late(Thread):
        def run(self) -> None:
            late.append(self)
            assert looks.wait(10)
            super().run()

    class Meanwhile(SummingSink):
        def write(self, records: Sequence[Record]) -> None:
            if self.raising is not None and any(record.since is not None for record in records):
                looks.set()
                late[0].join(0.5)
            super().write(records)

    monkeypatch.setattr(aggregating, "Thread", Late)
    inner = Meanwhile()
    sink = made(inner, window=0.02, monotonic=ticking)
    inner.raising = OSError("full")
    sink.write([a_record()])
    sink.write([a_record()])
    with pytest.raises(TrailError):
        sink.flush()
    inner.raising = None

    assert inner.summed.wait(10)
    assert counted(inner) == 2


def test_a_thread_waits_only_while_something_is_counted(made: Make) -> None:
    sink = made(MemorySink(), window=0.01)

    threads = [sink._thread]
    sink.write([a_record()])
    threads.append(sink._thread)
    assert threads[1] is not None
    threads[1].join(10)
    threads.append(sink._thread)
    sink.write([a_record()])
    threads.append(sink._thread)

    first, waiting, after, again = threads
    assert (first, after) == (None, None)
    assert None is not again is not waiting


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_was_ended_is_started_again(made: Make) -> None:
    inner = SummingSink()
    sink = made(inner, window=0.02)
    inner.raising = SystemExit()
    waiting = None
    try:
        while True:
            sink.write([a_record()])
            waiting = waiting or sink._thread
    except SystemExit:
        pass
    assert waiting is not None
    waiting.join(10)
    inner.raising = None

    sink.write([a_record()])
    inner.summed.clear()
    again = None
    while not inner.summed.is_set():
        sink.write([a_record()])
        again = sink._thread or again  # one that has nothing more to wait for is gone
    assert again is not None
    again.join(10)

    assert not again.is_alive()
    assert again is not waiting


def test_closing_ends_the_thread_that_waits(made: Make) -> None:
    begun = Event()

    def monotonic() -> float:
        if current_thread().name == "purposegate-trail":
            begun.set()
        return 0.0

    sink = made(MemorySink(), monotonic=monotonic)
    sink.write([a_record()])
    waiting = sink._thread
    assert waiting is not None
    assert begun.wait(10)

    sink.close()
    waiting.join(10)

    assert not waiting.is_alive()


def test_closing_waits_for_counts_that_another_thread_is_writing(made: Make) -> None:
    class Hanging(SummingSink):
        def write(self, records: Sequence[Record]) -> None:
            if any(record.since is not None for record in records):
                begun.set()
                assert go_on.wait(10)
            super().write(records)

    begun, go_on, inner = Event(), Event(), Hanging()
    sink = made(inner)
    sink.write([a_record()])
    sink.write([a_record()])
    flushing, closing = Thread(target=sink.flush), Thread(target=sink.close)

    flushing.start()
    assert begun.wait(10)
    closing.start()
    closing.join(0.05)
    meanwhile = (closing.is_alive(), inner.closed)
    go_on.set()
    flushing.join()
    closing.join()

    assert meanwhile == (True, False)
    assert (counted(inner), inner.closed) == (2, True)


def test_without_a_thread_nothing_is_counted(made: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_thread: Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Thread, "start", refuse)
    inner = MemorySink()
    sink = made(inner)

    sink.write([a_record()])
    sink.write([a_record()])

    assert inner.records == [a_record(), a_record()]


def test_closing_writes_what_was_counted_and_closes_what_stands_inside(made: Make) -> None:
    inner = BrittleSink()
    sink = made(inner)
    keep = sink.prepared(a_record())
    assert keep is not None
    keep("s1")
    keep("s1")

    sink.close()

    assert (counted(inner), inner.closed) == (2, True)
    calls: list[Callable[[], None]] = [
        lambda: sink.write([a_record()]),
        lambda: sink.write([a_provision_record()]),
        lambda: keep("s1"),
    ]
    for call in calls:
        with pytest.raises(TrailError, match=r"^the trail is closed$"):
            call()
    sink.close()
    assert counted(inner) == 2


def test_what_cannot_be_written_when_it_is_closed_is_written_when_it_is_closed_again(made: Make) -> None:
    inner = SummingSink()
    sink = made(inner)
    for _ in range(3):
        sink.write([a_record()])

    inner.raising = OSError("full")
    with pytest.raises(TrailError, match=r"^what was counted is not written \(OSError\)"):
        sink.close()
    with pytest.raises(TrailError, match=r"^the trail is closed$"):
        sink.write([a_record()])
    before = (counted(inner), inner.closed)
    inner.raising = None
    sink.close()

    assert before == (1, False)
    assert (counted(inner), inner.closed) == (3, True)


@pytest.mark.parametrize("window", [0.0, -1.0, float("nan"), float("inf"), 86_401.0])
def test_a_window_is_a_time_of_at_most_a_day(window: float) -> None:
    with pytest.raises(ValueError, match=r"^`window` is a number of seconds, at most those of a day$"):
        AggregatingSink(MemorySink(), window=window)


def test_what_is_prepared_writes_the_first_with_an_id_a_time_and_a_person_of_its_own(ticking: Ticking, made: Make) -> None:
    inner, later = MemorySink(), NOW + 100 * SECOND
    sink = made(inner, monotonic=ticking, clock=lambda: later)
    keep = sink.prepared(a_record(subject="s1"))
    assert keep is not None
    assert inner.records == []

    keep("s2")
    ticking.now += 3
    keep("s3")
    ticking.now += 4
    keep(None)
    sink.flush()

    first, summed = inner.records
    assert first == a_record(id=first.id, at=later, subject="s2")
    assert summed == a_record(id=summed.id, since=later + 3 * SECOND, at=later + 7 * SECOND, count=2)
    assert len({first.id, summed.id, "r-1"}) == 3


def test_what_is_prepared_and_what_is_written_are_counted_together(ticking: Ticking, made: Make) -> None:
    inner = MemorySink()
    sink = made(inner, monotonic=ticking)
    keep, again = sink.prepared(a_record()), sink.prepared(a_record())
    assert keep is not None
    assert again is not None

    sink.write([a_record()])
    keep("s1")
    again("s1")
    sink.write([a_record(at=NOW - SECOND)])
    sink.flush()

    _, summed = inner.records
    assert (summed.count, summed.since, summed.at) == (3, NOW - SECOND, NOW)


def test_what_is_prepared_and_not_counted_is_what_stands_inside_prepares(made: Make) -> None:
    kept: list[str | None] = []

    class Preparing(MemorySink):
        def prepared(self, record: Record) -> Callable[[str | None], None]:
            return kept.append

    sink = made(Preparing())
    keep = sink.prepared(a_record(role=Role.PROCESSOR))
    assert keep is not None
    keep("s1")

    assert kept == ["s1"]
    assert isinstance(sink, PreparingSink)


def test_what_is_not_counted_any_more_is_not_held(ticking: Ticking, made: Make) -> None:
    """A policy that is read again has another digest, and its decisions are of another kind."""
    sink = made(MemorySink(), monotonic=ticking)
    for number in range(50):
        sink.write([a_record(a_decision(policy=PolicyStamp("shop", "1", str(number), "shop.yaml")))])
    keep = sink.prepared(a_record())
    assert len(sink._tallies) == 51

    sink.flush()
    gc.collect()

    assert len(sink._tallies) == 1
    del keep
    gc.collect()
    assert len(sink._tallies) == 0


def test_a_sink_that_nobody_holds_is_gone(made: Make) -> None:
    before = len(aggregating._sinks)
    AggregatingSink(MemorySink())
    gc.collect()

    assert len(aggregating._sinks) <= before


@pytest.mark.parametrize("prepared", [True, False])
def test_of_eight_threads_no_count_is_lost_or_doubled(prepared: bool, made: Make) -> None:
    inner = MemorySink()
    sink = made(inner, window=0.002)
    threads, each = 8, 3_000
    together = Barrier(threads)
    keep = sink.prepared(a_record())
    assert keep is not None

    def ask() -> None:
        together.wait(10)
        for _ in range(each):
            if prepared:
                keep("s1")
            else:
                sink.write([a_record(), a_record()])

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        running = [Thread(target=ask) for _ in range(threads)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    sink.flush()

    assert counted(inner) == threads * each * (1 if prepared else 2)
    assert len(inner.records) > 2
    assert len(inner.records) < threads * each


def test_of_eight_threads_and_a_sink_that_often_fails_what_was_let_through_is_counted_once(made: Make) -> None:
    class Failing(MemorySink):
        def write(self, records: Sequence[Record]) -> None:
            if next(writes) % 3 == 0:
                raise OSError("full")
            super().write(records)

    writes, inner = count(), Failing()
    sink = made(inner, window=0.001)
    keep = sink.prepared(a_record())
    assert keep is not None
    let_through: list[int] = []
    together = Barrier(8)

    def ask() -> None:
        together.wait(10)
        passed = 0
        for turn in range(2_000):
            try:
                if turn % 3:
                    keep("s1")
                else:
                    sink.write([a_record()])
            except (TrailError, OSError):
                continue
            passed += 1
        let_through.append(passed)

    running = [Thread(target=ask) for _ in range(8)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    for _ in range(2):
        with contextlib.suppress(TrailError):
            sink.flush()

    assert counted(inner) == sum(let_through)
    assert 0 < sum(let_through) < 16_000


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_begins_without_counts_and_its_parent_goes_on_with_them(made: Make) -> None:
    inner, name = SummingSink(), a_record(a_decision(data_category="name"))
    sink = made(inner)
    keep = sink.prepared(a_record())
    assert keep is not None
    sink.write([name])
    sink.write([name])
    inner.raising = OSError("full")
    with pytest.raises(TrailError):
        sink.flush()
    inner.raising = None
    owed = list(sink._owed)
    sink._owed.clear()  # so that windows open beside what is owed, as another thread might be about to owe it
    for _ in range(5):
        keep("s1")
    sink._owed.extend(owed)

    def begin_without_counts() -> None:
        inner.records.clear()
        sink.flush()
        nothing = list(inner.records)
        keep("s1")
        keep("s1")
        watched = sink._thread is not None and sink._thread.is_alive()
        sink.flush()
        assert (nothing, [record.count for record in inner.records], watched) == ([], [1, 1], True)

    went_well = in_a_child(begin_without_counts)
    sink.flush()

    assert went_well
    assert [record.count for record in inner.records] == [1, 1, 1, 4]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_child_that_is_forked_while_a_thread_holds_the_locks_does_not_wait_for_it(made: Make) -> None:
    inner = MemorySink()
    sink = made(inner)
    held, go_on = Event(), Event()

    def hold() -> None:
        with sink._paying, sink._lock:
            held.set()
            go_on.wait(60)

    def count_in_the_child() -> None:
        sink.write([a_record()])
        sink.write([a_record()])
        sink.flush()
        assert counted(inner) == 2

    holding = Thread(target=hold)
    holding.start()
    assert held.wait(10)
    went_well = in_a_child(count_in_the_child)
    go_on.set()
    holding.join()

    assert went_well


_PROGRAM = """
import sys
sys.path.insert(0, "tests")
from purposegate import AggregatingSink
from sinks import a_record

class Printing:
    def write(self, records):
        if sys.argv[1] == "raising" and any(record.since for record in records):
            raise OSError("taro@example.com")
        print([(record.id if record.since is None else "", record.count) for record in records])

def late():
    if sys.argv[1] == "raising":
        return
    sink.write([a_record(id="late")])
    sink.write([a_record(id="later")])

import atexit
atexit.register(late)
sink = AggregatingSink(Printing())
for number in range(5):
    sink.write([a_record(id=f"r-{number}")])
import logging
logging.basicConfig()
"""


@pytest.mark.parametrize(
    ("how", "out", "error"),
    [
        ("writing", ["[('r-0', 1)]", "[('', 4)]", "[('late', 1)]", "[('later', 1)]"], ""),
        ("raising", ["[('r-0', 1)]"], "ERROR:purposegate:4 decisions that were counted are lost: TrailError"),
    ],
)
def test_what_was_counted_is_written_when_the_interpreter_ends(how: str, out: list[str], error: str) -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM, how], capture_output=True, check=True, text=True, timeout=120)

    assert (done.stdout.splitlines(), done.stderr.strip()) == (out, error)


def test_a_gate_writes_its_first_decision_and_counts_the_others(made: Make) -> None:
    inner = MemorySink()
    sink = made(inner)
    gate = Gate(a_policy(provisions=[a_provision()]), trail=sink, clock=lambda: NOW)

    for number in range(4):
        gate.check("email_address", "shipping", subject=f"s{number}")
        gate.check("email_address", "shipping", "carrier/ups", subject=f"s{number}")
        with pytest.raises(PurposeViolation):
            gate.check("email_address", "raffle", subject=f"s{number}")
    sink.flush()

    told = [(each.decision.purpose, each.decision.recipient, each.subject, each.count) for each in inner.records]
    through = [each for n in range(4) for each in (("shipping", "carrier/ups", f"s{n}", 1), ("raffle", "shop", f"s{n}", 1))]
    assert told == [("shipping", "shop", "s0", 1), *through, ("shipping", "shop", None, 3)]


def test_of_a_gate_with_a_ledger_every_decision_is_written(made: Make) -> None:
    inner = MemorySink()
    gate = Gate(a_policy(), ledger=a_ledger(), trail=made(inner), clock=lambda: NOW)

    for _ in range(3):
        gate.check("email_address", "shipping", subject="s1")

    assert [(each.subject, each.count) for each in inner.records] == [("s1", 1)] * 3


OURS = (aggregating.__file__, tallies.__file__)


@pytest.mark.parametrize("call", ["write", "flush", "keep"])
def test_an_interrupt_at_any_line_loses_no_count(call: str, ticking: Ticking, made: Make) -> None:
    """What is interrupted may be counted though its use did not happen; what happened is."""
    for line in count(1):
        inner = MemorySink()
        sink = made(inner, monotonic=ticking)
        keep = sink.prepared(a_record())
        assert keep is not None
        for _ in range(3):
            keep("s1")
        ticking.now += 61
        calls: dict[str, Callable[[], None]] = {
            "write": lambda sink=sink: sink.write([a_record()]),  # type: ignore[misc]  # the sink of this turn
            "flush": sink.flush,
            "keep": lambda keep=keep: keep("s1"),  # type: ignore[misc]  # as above
        }
        ended = interrupted(line, calls[call])
        sink.write([a_record()])
        sink.flush()

        assert counted(inner) >= 4 + (ended and call != "flush"), line
        if ended:
            assert counted(inner) == 4 + (call != "flush")
            return


def interrupted(line: int, call: Callable[[], None]) -> bool:
    """Interrupt a call at a line of the sink's, and tell whether it ended before that."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    try:
        stepped(line, interrupt, call)
    except KeyboardInterrupt:
        return False
    return True


@pytest.mark.parametrize("line", range(1, 8))
def test_a_window_that_is_ended_while_a_decision_is_counted_counts_it(line: int, ticking: Ticking, made: Make) -> None:
    """Whether its window is open and that it is one more is one step: between them nobody ends the window."""
    inner = MemorySink()
    sink = made(inner, monotonic=ticking)
    keep = sink.prepared(a_record())
    assert keep is not None
    keep("s1")
    flushing = Thread(target=sink.flush)

    def flush() -> None:
        flushing.start()
        flushing.join(0.05)

    stepped(line, flush, lambda: keep("s1"))
    if flushing.ident is not None:
        flushing.join()
    sink.flush()

    assert counted(inner) == 2


def stepped(line: int, doing: Callable[[], None], call: Callable[[], None]) -> None:
    """Do something at a line of the sink's while something is called."""
    left = line

    def trace(frame: FrameType, event: str, _arg: object) -> Any:
        nonlocal left
        if frame.f_code.co_filename not in OURS:
            return None
        left -= event == "line"
        if left == 0:
            sys.settrace(None)
            left -= 1
            doing()
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)


class Counting(RuleBasedStateMachine):
    """Whatever comes in which order, the records stand for the decisions that were let through: no more, no fewer."""

    @initialize()
    def begin(self) -> None:
        self.ticking = Ticking()
        self.inner = BrittleSink()
        self.sink = AggregatingSink(self.inner, window=10.0, clock=lambda: NOW, monotonic=self.ticking)
        kinds = [a_record(), a_record(asked=Asked.QUESTION), a_record(channel="post")]
        self.records = [*kinds, a_provision_record(), a_record(a_decision(reason=Reason.UNDECLARED_PURPOSE))]
        prepared = [self.sink.prepared(record) for record in kinds]
        self.keeps = [keep for keep in prepared if keep is not None]
        self.made = 0

    @rule(chosen=st.lists(st.integers(0, 4), min_size=1, max_size=4))
    def written(self, chosen: list[int]) -> None:
        self.told(lambda: self.sink.write([self.records[each] for each in chosen]), len(chosen))

    @rule(chosen=st.integers(0, 2), times=st.integers(1, 5))
    def kept(self, chosen: int, times: int) -> None:
        for _ in range(times):
            self.told(lambda: self.keeps[chosen]("s1"), 1)

    @rule(seconds=st.sampled_from([1.0, 9.0, 10.0, 60.0]))
    def later(self, seconds: float) -> None:
        self.ticking.now += seconds

    @rule(failing=st.booleans())
    def fails(self, failing: bool) -> None:
        self.inner.raising = OSError() if failing else None

    @rule()
    def flushed(self) -> None:
        self.told(self.sink.flush, 0)

    @rule()
    def ended(self) -> None:
        self.told(self.sink._write_ended, 0)

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        with self.sink._paying, self.sink._lock:  # what its thread is just writing is nowhere else
            in_windows = sum(tally.count for tally in self.sink._open)
            owed = sum(record.count for record in self.sink._owed)
            assert counted(self.inner) + in_windows + owed == self.made
            # Where a count cannot be written, nothing more is counted.
            assert not (owed and self.sink._open)

    @invariant()
    def no_kind_is_without_evidence_before_it_happens(self) -> None:
        with self.sink._paying, self.sink._lock:  # as above
            kept = {(each.decision.data_category, each.asked, each.channel) for each in self.inner.records if each.since is None}
            for tally in self.sink._open:
                assert (tally.like.decision.data_category, tally.like.asked, tally.like.channel) in kept

    def told(self, call: Callable[[], None], decisions: int) -> None:
        try:
            call()
        except (TrailError, OSError):
            return
        self.made += decisions

    def teardown(self) -> None:
        if hasattr(self, "sink"):
            self.inner.raising = None
            self.sink.close()
            assert counted(self.inner) == self.made
            ids = [each.id for each in self.inner.records if each.since is not None]
            assert len(ids) == len(set(ids))


TestCounting = Counting.TestCase
TestCounting.settings = settings(stateful_step_count=40)
