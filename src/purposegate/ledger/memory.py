"""A ledger in memory: for tests, examples and programs that end with their data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from threading import Lock

from purposegate.engine.use import Use
from purposegate.errors import LedgerError
from purposegate.ledger.records import Agreement, Claim, Consent, LodgedObjection, Records, Release


class MemoryLedger:
    """Keeps every record in lists; safe to share between threads."""

    def __init__(self, recipients: Iterable[str] = ()) -> None:
        """Register the instances that are known from the start, as `class/id`."""
        self.releases: list[Release] = []
        self._recipients = set(recipients)
        self._consents: list[Consent] = []
        self._objections: list[LodgedObjection] = []
        self._claims: dict[str, Claim] = {}
        self._agreements: list[Agreement] = []
        self._lock = Lock()

    def register(self, recipient: str) -> None:
        """Make an instance known under its class."""
        with self._lock:
            self._recipients.add(recipient)

    def consent(self, consent: Consent) -> None:
        """Keep a consent."""
        with self._lock:
            self._consents.append(consent)

    def withdraw(self, subject: str, condition: str, at: datetime) -> None:
        """End all that a person consented to under a condition; what ended before stays so."""
        with self._lock:
            self._consents = [
                replace(kept, withdrawn=_earliest(kept.withdrawn, at))
                if (kept.subject, kept.condition) == (subject, condition)
                else kept
                for kept in self._consents
            ]

    def lodge(self, objection: LodgedObjection) -> None:
        """Keep an objection."""
        with self._lock:
            self._objections.append(objection)

    def lift(self, subject: str, objection: str, at: datetime) -> None:
        """End what a person objected to by then; an objection lodged later stays."""
        with self._lock:
            self._objections = [
                replace(kept, lifted=_earliest(kept.lifted, at))
                if (kept.subject, kept.objection) == (subject, objection) and kept.lodged <= at
                else kept
                for kept in self._objections
            ]

    def approve(self, claim: Claim) -> None:
        """Keep an approved case."""
        with self._lock:
            self._claims[claim.id] = claim

    def agree(self, agreement: Agreement) -> None:
        """Keep an agreement."""
        with self._lock:
            self._agreements.append(agreement)

    def consult(self, use: Use, at: datetime) -> Records:  # noqa: ARG002 - what holds at the instant is judged by the gate
        """Give all that is held about the use's subject, recipient and claim."""
        with self._lock:
            return Records(
                registered=use.recipient if use.recipient in self._recipients else None,
                consents=tuple(consent for consent in self._consents if consent.subject == use.subject),
                objections=tuple(lodged for lodged in self._objections if lodged.subject == use.subject),
                claim=self._claims.get(use.claim) if use.claim is not None else None,
                agreements=tuple(agreement for agreement in self._agreements if agreement.recipient == use.recipient),
            )

    def record(self, release: Release) -> None:
        """Keep a release once, and spend its claim; raise where the claim has no use left."""
        with self._lock:
            if any(kept.id == release.id for kept in self.releases):
                return
            if release.claim is not None:
                claim = self._claims.get(release.claim)
                if claim is None or claim.uses_left <= 0:
                    raise LedgerError("the claim has no use left")
                self._claims[release.claim] = replace(claim, uses_left=claim.uses_left - 1)
            self.releases.append(release)


def _earliest(before: datetime | None, at: datetime) -> datetime:
    return at if before is None else min(before, at)
