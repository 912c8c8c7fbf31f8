"""Decisions that are alike are counted: for services that ask the gate so often that a record of each is too many."""

from __future__ import annotations

import atexit
import logging
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from threading import Event, RLock, Thread
from time import monotonic as since_boot
from typing import Final
from weakref import WeakSet, WeakValueDictionary, ref

from purposegate.errors import TrailError
from purposegate.trail.ids import IDS
from purposegate.trail.record import PreparingSink, Record, Sink
from purposegate.trail.surrounding import close_inner
from purposegate.trail.tallies import Kind, Tally, kind_of

_log = logging.getLogger("purposegate")

_LONGEST: Final = 86_400.0  # seconds


def _utc_now() -> datetime:
    return datetime.now(UTC)


class AggregatingSink:
    """Writes the first of decisions that are alike at once, and how many followed it when the window is over.

    Counted are permitted uses by the controller itself that nothing was looked up for: enforced, without a claim, a fact or a
    position in a ledger. They are alike where data category, purpose, recipient, channel, policy and clauses are the same, and
    whether it was a release or a question. The first one in a window of so many seconds goes to the inner sink as it is, before it
    happens; those that follow are one record, with `count`, `since` and `at`, and without subjects and traces. Where the first is
    asked for by several threads at once, each of theirs is written. Everything else goes through at once, unchanged: denials, what
    processors, third parties and the persons themselves get, what is observed or declassified, and every decision of a gate with a
    ledger.

    What this trades: of the uses that were counted the trail tells how many there were, and not whose data they were of; and where
    the process is killed, also by a signal that it does not handle, the counts of the windows that are open are lost. They are
    written when a window is over, also if no more decisions come, by `flush` and `close`, and when the interpreter ends, but for a
    child of `multiprocessing`, which ends without (close it there). A forked child begins without any. Counts that cannot be
    written are kept, and what would be counted next raises `TrailError` until they are: an inner sink that failed half-way may keep
    such a record twice, under one id.
    """

    def __init__(
        self,
        inner: Sink,
        *,
        window: float = 60.0,
        clock: Callable[[], datetime] = _utc_now,
        monotonic: Callable[[], float] = since_boot,
    ) -> None:
        """Count within windows of so many seconds, at most a day's; raise `ValueError` where they are no time.

        `monotonic` gives the seconds that windows are measured in, `clock` the time of decisions that come without a record.
        """
        if not 0 < window <= _LONGEST:
            raise ValueError("`window` is a number of seconds, at most those of a day")
        self._inner = inner
        self._window = window
        self._clock = clock
        self._monotonic = monotonic
        self._counting = True
        self._closed = False
        # Whoever counts, or is about to, holds its tally; else it is gone, with the policy that it was of.
        self._tallies: WeakValueDictionary[Kind, Tally] = WeakValueDictionary()
        self._begin_again()
        self._at_exit = partial(_end_at_exit, ref(self))
        atexit.register(self._at_exit)
        _sinks.add(self)

    def write(self, records: Sequence[Record]) -> None:
        """Count what is counted in an open window, and keep the rest in the inner sink: all of it, or raise."""
        now = self._monotonic()
        kept = [(each, self._tally_of(each)) for each in records]
        if self._counted(kept, now):
            return
        # Of the alike records of one call the first one is evidence for the others, too.
        first: set[Tally] = set()
        at_once, following = [], []
        for record, tally in kept:
            if tally is None or (now >= tally.ends and tally not in first):
                at_once.append((record, tally))
                first.update(() if tally is None else (tally,))
            else:
                following.append((record, tally))
        if at_once:
            self._write_through(at_once, now)
        # INVARIANT: counted is only what is kept for certain: the rest of the call is in the trail by now.
        if following and not self._counted(following, now):
            self._write_through(following, now)

    def prepared(self, record: Record) -> Callable[[str | None], None] | None:
        """Give what counts a decision like this one; of what is not counted, what the inner sink gives."""
        tally = self._tally_of(record)
        if tally is None:
            return self._inner.prepared(record) if isinstance(self._inner, PreparingSink) else None
        monotonic = self._monotonic

        def keep(subject: str | None) -> None:
            now = monotonic()
            # `+=` is several steps of the interpreter. An `itertools.count` would take half of the time, and lose what a thread
            # counts that saw the window open while another one was ending it.
            with self._lock:
                if now < tally.ends:
                    if tally.first_tick is None:
                        tally.first_tick = now
                    tally.last_tick = now
                    tally.count += 1
                    return
            self._write_through([(replace(record, id=IDS.next(), at=self._clock(), subject=subject), tally)], now)

        return keep

    def flush(self) -> None:
        """End every window, and write what was counted; raise `TrailError`, and keep it, where that fails."""
        with self._lock:
            self._end(list(self._open))
        self._pay(())

    def close(self) -> None:
        """Write what was counted, and close the inner sink; where that is not written, raise `TrailError` and leave it open."""
        self._stop_counting()
        self._closed = True
        self.flush()
        self._over.set()
        atexit.unregister(self._at_exit)
        close_inner(self._inner)

    def _begin_again(self) -> None:
        """Begin with nothing counted: at first, and in a child process, where another thread may have held the locks."""
        # The lock of the counts is held for some steps only; that of paying while the inner sink writes what was counted. Both may
        # be taken again by a signal's handler that asks the gate.
        self._lock = RLock()
        self._paying = RLock()
        self._over = Event()
        self._thread: Thread | None = None
        self._owed: list[Record] = []
        # INVARIANT: in the order in which they end, for all of them last as long.
        self._open: dict[Tally, None] = {}
        for tally in list(self._tallies.values()):
            tally.forget()

    def _tally_of(self, record: Record) -> Tally | None:
        """Give the tally in which a record is counted; None where it is not."""
        kind = kind_of(record)
        if kind is None:
            return None
        found = self._tallies.get(kind)
        if found is not None:
            return found
        with self._lock:
            return self._tallies.setdefault(kind, Tally(record))

    def _counted(self, kept: Sequence[tuple[Record, Tally | None]], now: float) -> bool:
        """Count records if the windows of all of them are open; else none of them."""
        with self._lock:
            if any(tally is None or now >= tally.ends for _, tally in kept):
                return False
            for record, tally in kept:
                if tally is not None:
                    tally.add(record.at)
            return True

    def _write_through(self, kept: Sequence[tuple[Record, Tally | None]], now: float) -> None:
        """Keep records in the inner sink as they are, with what is owed where they begin windows, and begin those."""
        begun = {tally: record.at for record, tally in kept if tally is not None}
        with self._lock:
            if self._closed:
                raise TrailError("the trail is closed")
            self._end([tally for tally in begun if now >= tally.ends])
            owing = bool(begun and self._owed)
        records = [record for record, _ in kept]
        if owing:
            self._pay(records)
        else:
            self._inner.write(records)
        with self._lock:
            # What another thread could not write meanwhile is owed first.
            if begun and self._counting and not self._owed and self._is_watched():
                for tally, began in begun.items():
                    if tally not in self._open:
                        tally.open(self._monotonic() + self._window, now, began)
                        self._open[tally] = None

    def _end(self, tallies: Iterable[Tally]) -> None:
        """End windows; what was counted in them is owed to the inner sink."""
        for tally in tallies:
            # In this order: what is interrupted half-way is counted twice rather than not at all.
            if tally.count:
                self._owed.append(tally.summed())
            self._open.pop(tally, None)
            tally.forget()

    def _pay(self, records: Sequence[Record]) -> None:
        """Write what is owed, and records with it; where that fails it is owed still, and nothing is counted any more."""
        owed: list[Record] = []
        with self._paying:
            try:
                with self._lock:
                    owed, self._owed = self._owed, owed
                if owed or records:
                    self._inner.write([*owed, *records])
            except BaseException as error:
                with self._lock:
                    self._owed[:0] = owed
                    self._end(list(self._open))
                    # The thread may have looked while nothing seemed to be owed, and have gone.
                    if self._counting and self._owed:
                        self._is_watched()
                if isinstance(error, TrailError) or not isinstance(error, Exception):
                    raise
                cause = type(error).__name__
            else:
                return
        refused = TrailError(f"what was counted is not written ({cause})")
        refused.add_note("until it is, nothing more is counted, and what would be is refused")
        raise refused

    def _is_watched(self) -> bool:
        """Tell whether a thread waits for the ends of windows, and start it; without one nothing is counted."""
        if self._thread is None or not self._thread.is_alive():
            thread = Thread(target=self._watch, name="purposegate-trail", daemon=True)
            try:
                thread.start()
            except RuntimeError:  # there can be no more threads, or the interpreter is ending
                return False
            self._thread = thread
        return True

    def _watch(self) -> None:
        """Write what was counted as windows end, for as long as there is anything to wait for."""
        over = self._over
        while not over.is_set():
            with self._lock:
                now = self._monotonic()
                if not self._open and not self._owed:
                    self._thread = None
                    return
                ends = next(iter(self._open)).ends if self._open else now + self._window
            if over.wait(max(0.0, ends - now)):
                return
            try:
                self._write_ended()
            except Exception as error:  # noqa: BLE001 - whatever the inner sink raises, the counts are kept for another time
                _log.error("what was counted is not written: %s", type(error).__name__)

    def _write_ended(self) -> None:
        with self._lock:
            now = self._monotonic()
            self._end([tally for tally in self._open if now >= tally.ends])
        self._pay(())

    def _stop_counting(self) -> None:
        with self._lock:
            self._counting = False


def _end_at_exit(sink: ref[AggregatingSink]) -> None:
    """Write what was counted when the interpreter ends; what is decided after that is written at once."""
    found = sink()
    if found is None:
        return
    found._stop_counting()  # noqa: SLF001 - a sink's own business
    try:
        found.flush()
    except Exception as error:  # noqa: BLE001 - the interpreter ends, whatever the inner sink raises
        lost = sum(each.count for each in found._owed)  # noqa: SLF001 - as above
        _log.error("%s decisions that were counted are lost: %s", lost, type(error).__name__)


_sinks: WeakSet[AggregatingSink] = WeakSet()


def _after_fork() -> None:
    for sink in list(_sinks):
        sink._begin_again()  # noqa: SLF001 - a sink's own business


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
