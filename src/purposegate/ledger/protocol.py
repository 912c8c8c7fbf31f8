"""What a gate asks of a ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from purposegate.engine.use import Use
from purposegate.ledger.records import Records, Release


class Ledger(Protocol):
    """A store of consents, objections, claims, agreements and provisions.

    Whatever it raises reaches the caller of the gate as a `LedgerError`, and nothing is released.
    """

    def consult(self, use: Use, at: datetime) -> Records:
        """Give all that is held about the use's subject, recipient and claim."""
        ...

    def record(self, release: Release) -> None:
        """Keep a release before it happens, and spend its claim; raise if either cannot be done."""
        ...
