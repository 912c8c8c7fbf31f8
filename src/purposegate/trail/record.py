"""One decision as it is kept: names, clauses and the subject's id, never a data value."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple, Protocol, runtime_checkable

from purposegate.engine.decision import Decision
from purposegate.policy.terms import Role, ShownBy

# A trace as W3C Trace Context writes it.
TRACE_ID: Final = re.compile(r"[0-9a-f]{32}\Z")


class Asked(StrEnum):
    """What the gate was asked for: to let a use happen, or only whether it may."""

    RELEASE = "release"
    QUESTION = "question"


class Mode(StrEnum):
    """Whether a denial blocked the use, was only observed, or was overridden where a sealed value was declassified."""

    ENFORCED = "enforced"
    OBSERVED = "observed"
    DECLASSIFIED = "declassified"


class Durability(StrEnum):
    """What a record survives once it is written: the end of its process, however it ends, or a loss of power too."""

    PROCESS = "process"
    DISK = "disk"


class Shown(NamedTuple):
    """A condition that was shown to be true, and by what: a consent, a claim or an agreement of the ledger, or a fact."""

    condition: str
    by: ShownBy


@dataclass(frozen=True, slots=True)
class Record:
    """A decision with its time and circumstances.

    - `role`: what the recipient is to the person, in the policy that was in force; None for an unknown one.
    - `shown`: the conditions that were shown, each with by what; `hit`: the objections in force that hit the use; `registered`:
      whether the ledger knew the recipient's instance.
    - `position`: the place in the ledger's order up to which it was read. With it and what was shown by facts the decision can be
      made again (`Gate.decide(..., at=record)`).
    - `provision`: the data go to a third party or a joint user by it; `release` is the id of the ledger's record, if there is one.
    - `justification` says why something was declassified.
    - `count`: how many decisions that are alike it stands for, the first of them made at `since` and the last one at `at`
      (`AggregatingSink`); its id is that of none of them.
    - `trace_id`: the trace in which it happened, where the service has one (W3C Trace Context: 32 hexadecimal digits).
    """

    id: str
    at: datetime
    decision: Decision
    asked: Asked
    mode: Mode
    role: Role | None = None
    subject: str | None = None
    channel: str | None = None
    claim: str | None = None
    shown: tuple[Shown, ...] = ()
    hit: tuple[str, ...] = ()
    registered: bool = False
    position: int | None = None
    provision: bool = False
    release: str | None = None
    justification: str | None = None
    trace_id: str | None = None
    count: int = 1
    since: datetime | None = None

    @property
    def facts(self) -> frozenset[str]:
        """The conditions that were shown by functions of the service."""
        return frozenset(each.condition for each in self.shown if each.by is ShownBy.FACT)

    @property
    def durability(self) -> Durability:
        """What the record has to survive at least: what tells of a provision or a declassification, a loss of power too."""
        return Durability.DISK if self.provision or self.mode is Mode.DECLASSIFIED else Durability.PROCESS


class Sink(Protocol):
    """Where records go. Whatever it raises reaches the caller of the gate as a `TrailError`, and nothing is released.

    A sink keeps a record as durably as the record demands (`Record.durability`), or raises.
    """

    def write(self, records: Sequence[Record]) -> None:
        """Keep the records of one call of the gate before the uses that they describe happen: all of them, or raise."""
        ...


@runtime_checkable
class PreparingSink(Sink, Protocol):
    """A sink that writes decisions which are alike faster when it is told of them beforehand."""

    def prepared(self, record: Record) -> Callable[[str | None], None] | None:
        """Give what keeps a record like this one, of now, with an id of its own and for the subject passed; None where it cannot.

        It is called for releases that were permitted by the policy alone: everything else in the record stays the same until the
        policy changes. What it gives keeps a record as durably as the record demands, raises as `write` does, and goes on in a
        child process after a fork.
        """
        ...
