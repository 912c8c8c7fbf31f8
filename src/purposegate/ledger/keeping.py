"""What every ledger does in the same way, whatever keeps its journal."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, NamedTuple, Protocol

from purposegate.engine.use import Use
from purposegate.errors import LedgerError
from purposegate.ledger.journal import (
    EVERYBODY,
    Refused,
    admitted,
    claim_topic,
    kept_as,
    named,
    person_of,
    recipient_topic,
    records_of,
    subject_topic,
    topic_of,
    topics_of,
)
from purposegate.ledger.protocol import AsOf
from purposegate.ledger.pseudonyms import Pseudonyms
from purposegate.ledger.records import ENTRIES, Claim, Entry, Kept, Records, Release, ServiceUse, in_utc
from purposegate.stores.kind import Kind

_log = logging.getLogger("purposegate")

Clock = Callable[[], datetime]
BEGINNING = datetime.min.replace(tzinfo=UTC)


def utc_now() -> datetime:
    """Give the present instant in UTC."""
    return datetime.now(UTC)


class LostError(LedgerError):
    """The connection was lost: what was being kept may have been, or not."""


LEDGER: Final = Kind("ledger", LedgerError, LostError)


class Held(NamedTuple):
    """What a journal holds about some topics, and its last place and time; `spent` is how often one claim has been used."""

    kept: Iterable[Kept]
    spent: int
    position: int
    latest: datetime


class Writing(Protocol):
    """A journal that is open for writing to this caller alone; what is written is kept when it is closed, or none of it."""

    def held(self, topics: Collection[str]) -> Iterable[Kept]:
        """Give what is held about topics, with what was appended here."""
        ...

    def spent(self, claims: Collection[str]) -> dict[str, int]:
        """Give how often claims have been used."""
        ...

    def known(self, ids: Collection[str]) -> dict[str, Release]:
        """Give the releases that are kept already."""
        ...

    def append(self, topic: str, entry: Entry) -> None:
        """Keep an entry."""
        ...

    def keep(self, releases: Sequence[Release]) -> None:
        """Keep releases."""
        ...


class KeepingLedger(ABC):
    """A ledger over a journal; people are kept under their ids or, with a key, under a keyed hash of them."""

    def __init__(self, subject_key: bytes | None, clock: Clock) -> None:
        """Take the key for the ids of people, and what gives the time at which something is recorded."""
        self._pseudonyms = Pseudonyms(subject_key)
        self._clock = clock
        self._listeners: list[Callable[[str | None], None]] = []

    @abstractmethod
    def _read(self, topics: Collection[str], claim: str | None, as_of: AsOf) -> Held:
        """Give what the journal holds about topics, and how often a claim was used: one consistent answer."""

    @abstractmethod
    def _writing(self) -> AbstractContextManager[Writing]:
        """Open the journal for writing."""

    @abstractmethod
    def _every(self, subject: str | None, as_of: AsOf) -> Iterable[Kept]:
        """Give every entry, or every claim that a person, as they are kept, may be named in."""

    @abstractmethod
    def _released(self, subject: str | None, recipient: str | None, claim: str | None) -> Iterable[Release]:
        """Give releases, in order; a person as they are kept."""

    def consult(self, use: Use, as_of: AsOf = None) -> Records:
        """Give all that is held about the use's subject, recipient and claim, as one consistent answer."""
        held = self._read(topics_of(use, self._pseudonyms), use.claim, as_of)
        return records_of(held.kept, use, self._pseudonyms, spent=held.spent, position=held.position, latest=held.latest)

    def record(self, releases: Sequence[Release]) -> None:
        """Keep releases before they happen, and spend their claims: all of them, or none and raise."""
        with self._writing() as journal:
            (refused,) = self._record(journal, [self._as_kept(releases)])
        if refused is not None:
            raise refused

    def enter(self, *entries: Entry) -> None:
        """Keep entries, all of them or none; raise `LedgerError` where one contradicts what is held."""
        if not all(isinstance(each, ENTRIES) for each in entries):
            raise TypeError("what is entered is an entry, as `Consent`")
        stated = [entry for each in entries if self._says_something(entry := kept_as(each, self._pseudonyms))]
        if not stated:
            return
        topics: list[str] = []
        try:
            with self._writing() as journal:
                for entry in stated:
                    topic = topic_of(entry)
                    if admitted(entry, journal.held({topic, EVERYBODY})):
                        topics.append(topic)
                        journal.append(topic, entry)
        except LostError:
            self._tell(topics)  # they may have been kept
            raise
        self._tell(topics)

    def _says_something(self, entry: Entry) -> bool:
        """Look without waiting for other writers whether a use of the service is worth keeping: there is one with every visit."""
        if not isinstance(entry, ServiceUse):
            return True
        return admitted(entry, self._read({topic_of(entry), EVERYBODY}, None, None).kept)

    def entries(
        self, *, subject: str | None = None, recipient: str | None = None, claim: str | None = None, as_of: AsOf = None
    ) -> tuple[Kept, ...]:
        """Give the entries about a person, a recipient or a claim, or all of them, in the order in which they were recorded."""
        if sum(each is not None for each in (subject, recipient, claim)) > 1:
            raise ValueError("entries are about a person, a recipient or a claim: ask for one of them")
        known_as = None if subject is None else self._pseudonyms(subject)
        topics = [
            *([] if known_as is None else [subject_topic(known_as)]),
            *([] if recipient is None else [recipient_topic(recipient)]),
            *([] if claim is None else [claim_topic(claim)]),
        ]
        found = {each.position: each for each in (self._read(topics, None, as_of).kept if topics else self._every(None, as_of))}
        if subject is not None and known_as is not None:
            found |= {each.position: each for each in self._every(known_as, as_of) if _names(each.entry, known_as)}
            found = {each.position: each for each in named(found.values(), known_as, subject)}
        return tuple(found[position] for position in sorted(found))

    def releases(
        self, *, subject: str | None = None, recipient: str | None = None, claim: str | None = None
    ) -> tuple[Release, ...]:
        """Give the releases of a person's data, to a recipient, or under a claim, in the order in which they were recorded."""
        known_as = None if subject is None else self._pseudonyms(subject)
        found = self._released(known_as, recipient, claim)
        return tuple(found if subject is None else (replace(each, subject=subject) for each in found))

    def on_change(self, changed: Callable[[str | None], None]) -> None:
        """Have a function told of each person about whom something was entered; of None where it may concern anybody."""
        self._listeners.append(changed)

    def hears(self) -> bool:
        """Tell whether listeners are told now of everything that they can be told of."""
        return True

    def known_as(self, subject: str) -> str:
        """Give the id under which a person is kept."""
        return self._pseudonyms(subject)

    def _tell(self, topics: Iterable[str]) -> None:
        """Tell every listener, whatever another one raises; what ends the process or a task is raised when all are told."""
        ending: BaseException | None = None
        for topic in topics:
            for changed in list(self._listeners):
                try:
                    changed(person_of(topic))
                except Exception as error:  # noqa: BLE001 - what was entered is kept, and the others are still to be told
                    _log.error("a listener of the ledger failed: %s", type(error).__name__)
                except BaseException as error:  # noqa: BLE001 - as above
                    ending = error
        if ending is not None:
            raise ending

    def _as_kept(self, releases: Sequence[Release]) -> list[Release]:
        # In UTC, so that the same release is equal to itself: where summer time ends, Python calls a time equal to none elsewhere.
        return [replace(each, subject=self._pseudonyms(each.subject), at=in_utc(each.at)) for each in releases]

    @staticmethod
    def _record(journal: Writing, batch: Sequence[Sequence[Release]]) -> list[LedgerError | None]:
        """Keep what several callers record, each all or nothing; give for each why it was refused, or None."""
        known = journal.known([each.id for releases in batch for each in releases])
        claims = {each.claim for releases in batch for each in releases if each.claim is not None}
        left = _uses_left(journal, claims) if claims else {}
        outcomes: list[LedgerError | None] = []
        admitted: list[Release] = []
        for releases in batch:
            try:
                new = _new(releases, known, left)
            except LedgerError as refused:
                outcomes.append(refused)
                continue
            known |= new
            left = {claim: uses - sum(1 for each in new.values() if each.claim == claim) for claim, uses in left.items()}
            admitted += new.values()
            outcomes.append(None)
        if admitted:
            journal.keep(admitted)
        return outcomes


def _uses_left(journal: Writing, claims: Collection[str]) -> dict[str, int]:
    """Give how many uses claims have left; none for one that nobody approved."""
    spent = journal.spent(claims)
    approved = [each.entry for each in journal.held([claim_topic(claim) for claim in claims]) if isinstance(each.entry, Claim)]
    return {each.id: each.uses - spent.get(each.id, 0) for each in approved}


def _new(releases: Sequence[Release], known: Mapping[str, Release], left: Mapping[str, int]) -> dict[str, Release]:
    """Give those releases that are not kept yet; raise where one is another than what is kept, or its claim has no use left."""
    new: dict[str, Release] = {}
    for each in releases:
        if known.get(each.id, each) != each or new.setdefault(each.id, each) != each:
            raise Refused("another release was recorded under the same id")
    new = {key: each for key, each in new.items() if key not in known}
    wanted = Counter(each.claim for each in new.values() if each.claim is not None)
    if any(left.get(claim, 0) < uses for claim, uses in wanted.items()):
        raise Refused("the claim has fewer uses left than this release needs")
    return new


def _names(entry: Entry, known_as: str) -> bool:
    return isinstance(entry, Claim) and known_as in entry.subjects


def held_by(position: int, recorded: datetime, as_of: AsOf) -> bool:
    """Tell whether something had been recorded by then."""
    if as_of is None:
        return True
    return recorded <= as_of if isinstance(as_of, datetime) else position <= as_of
