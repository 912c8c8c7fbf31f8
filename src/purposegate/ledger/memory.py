"""A ledger in memory: for tests, examples and programs that end with their data."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import RLock
from weakref import WeakSet

from purposegate.ledger.keeping import BEGINNING, Clock, Held, KeepingLedger, Writing, held_by, utc_now
from purposegate.ledger.protocol import AsOf
from purposegate.ledger.records import Entry, Kept, RegisteredRecipient, Release, in_utc


class MemoryLedger(KeepingLedger):
    """Keeps everything in lists; safe to share between threads."""

    def __init__(self, recipients: Iterable[str] = (), *, subject_key: bytes | None = None, clock: Clock = utc_now) -> None:
        """Register the instances that are known from the start, as `class/id`; `clock` gives when something is recorded."""
        super().__init__(subject_key, clock)
        self._topics: dict[str, list[Kept]] = {}
        self._kept_releases: dict[str, Release] = {}
        self._spends: dict[str, list[tuple[int, datetime]]] = {}
        self._position, self._latest = 0, BEGINNING
        self._lock = RLock()
        _ledgers.add(self)
        self.enter(*(RegisteredRecipient(each, each, "unknown", clock()) for each in recipients))

    def _read(self, topics: Collection[str], claim: str | None, as_of: AsOf) -> Held:
        with self._lock:
            kept = [
                each for topic in topics for each in self._topics.get(topic, ()) if held_by(each.position, each.recorded, as_of)
            ]
            spends = () if claim is None else self._spends.get(claim, ())
            spent = sum(1 for position, recorded in spends if held_by(position, recorded, as_of))
            return Held(kept, spent, self._position, self._latest)

    @contextmanager
    def _writing(self) -> Iterator[Writing]:
        with self._lock:
            draft = _Draft(self)
            yield draft
            for topic, kept in draft.entries:
                self._topics.setdefault(topic, []).append(kept)
            for release, position in draft.releases:
                self._kept_releases[release.id] = release
                if release.claim is not None:
                    self._spends.setdefault(release.claim, []).append((position, draft.recorded))
            if draft.entries or draft.releases:
                self._position, self._latest = draft.position, draft.recorded

    def _every(self, subject: str | None, as_of: AsOf) -> Iterable[Kept]:  # noqa: ARG002 - whoever asks looks for the person
        with self._lock:
            every = [each for kept in self._topics.values() for each in kept]
        return [each for each in every if held_by(each.position, each.recorded, as_of)]

    def _released(self, subject: str | None, recipient: str | None, claim: str | None) -> Iterable[Release]:
        with self._lock:
            return [
                each
                for each in self._kept_releases.values()
                if subject in (None, each.subject) and recipient in (None, each.recipient) and claim in (None, each.claim)
            ]


class _Draft:
    """What is being written into a ledger in memory."""

    def __init__(self, ledger: MemoryLedger) -> None:
        self._ledger = ledger
        self.entries: list[tuple[str, Kept]] = []
        self.releases: list[tuple[Release, int]] = []
        self.position = ledger._position  # noqa: SLF001 - a draft is a part of its ledger
        # INVARIANT: what is recorded later never bears an earlier time, whatever the clock says.
        self.recorded = max(in_utc(ledger._clock()), ledger._latest)  # noqa: SLF001 - as above

    def held(self, topics: Collection[str]) -> Iterable[Kept]:
        kept = self._ledger._topics  # noqa: SLF001 - as above
        return [
            *(each for topic in topics for each in kept.get(topic, ())),
            *(each for topic, each in self.entries if topic in topics),
        ]

    def spent(self, claims: Collection[str]) -> dict[str, int]:
        return {claim: len(self._ledger._spends.get(claim, ())) for claim in claims}  # noqa: SLF001 - as above

    def known(self, ids: Collection[str]) -> dict[str, Release]:
        kept = self._ledger._kept_releases  # noqa: SLF001 - as above
        return {each: kept[each] for each in ids if each in kept}

    def append(self, topic: str, entry: Entry) -> None:
        self.position += 1
        self.entries.append((topic, Kept(self.position, self.recorded, entry)))

    def keep(self, releases: Sequence[Release]) -> None:
        for each in releases:
            self.position += 1
            self.releases.append((each, self.position))


# Every ledger there is: a fork waits until none is being written, or its child would find it locked for ever.
_ledgers: WeakSet[MemoryLedger] = WeakSet()
_held: list[MemoryLedger] = []


def _before_fork() -> None:
    _held.extend(ledger for ledger in list(_ledgers) if ledger._lock.acquire(timeout=1.0))  # noqa: SLF001 - a ledger's own business


def _after_fork_in_parent() -> None:
    while _held:
        _held.pop()._lock.release()  # noqa: SLF001 - as above


def _after_fork() -> None:
    _held.clear()
    for ledger in list(_ledgers):
        ledger._lock = RLock()  # noqa: SLF001 - as above


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork)
