"""One decision as it is kept: names, clauses and the subject's id, never a data value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from purposegate.engine.decision import Decision


class Asked(StrEnum):
    """What the gate was asked for: to let a use happen, or only whether it may."""

    RELEASE = "release"
    QUESTION = "question"


class Mode(StrEnum):
    """Whether a denial blocked the use, was only observed, or was overridden where a sealed value was declassified."""

    ENFORCED = "enforced"
    OBSERVED = "observed"
    DECLASSIFIED = "declassified"


@dataclass(frozen=True, slots=True)
class Record:
    """A decision with its time and circumstances.

    `release` is the id of the ledger's record, where there is one; `reason` says why something was declassified. `position` is the
    place in the ledger's order up to which it was read, `facts` are those of what was shown that functions of the service answered:
    with them the decision can be made again (`Gate.decide(..., at=record)`).
    """

    id: str
    at: datetime
    decision: Decision
    asked: Asked
    mode: Mode
    subject: str | None = None
    channel: str | None = None
    claim: str | None = None
    shown: tuple[str, ...] = ()
    release: str | None = None
    reason: str | None = None
    position: int | None = None
    facts: tuple[str, ...] = ()


class Sink(Protocol):
    """Where records go. Whatever it raises reaches the caller of the gate as a `TrailError`, and nothing is released."""

    def write(self, record: Record) -> None:
        """Keep a record before the use that it describes happens."""
        ...
