"""Records and sinks for tests of what stands around another sink."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from builders import NOW

from purposegate import Asked, Citation, Decision, MemorySink, Mode, PolicyStamp, Reason, Record
from purposegate.policy.terms import Role

STAMP = PolicyStamp("shop", "1", "5f3a", "shop.yaml")


def a_decision(**parts: Any) -> Decision:
    """Give a permitted use by the controller, with what a test replaces."""
    decision: dict[str, Any] = {
        "data_category": "email_address",
        "purpose": "shipping",
        "recipient": "shop",
        "reason": Reason.PERMITTED,
        "policy": STAMP,
        "citations": (Citation("1", "ship parcels"),),
    }
    return Decision(**decision | parts)


def a_record(decision: Decision | None = None, **parts: Any) -> Record:
    """Give a record of a permitted release by the controller, with what a test replaces."""
    record: dict[str, Any] = {
        "id": "r-1",
        "at": NOW,
        "decision": a_decision() if decision is None else decision,  # one that denies is false
        "asked": Asked.RELEASE,
        "mode": Mode.ENFORCED,
        "role": Role.CONTROLLER,
    }
    return Record(**record | parts)


def a_provision_record(**parts: Any) -> Record:
    """Give a record that must survive a loss of power."""
    return a_record(a_decision(recipient="carrier/ups"), role=Role.THIRD_PARTY, provision=True, **parts)


class BrittleSink(MemorySink):
    """A sink that keeps everything, or raises what it is told to; and knows whether it was closed."""

    def __init__(self, raising: BaseException | None = None) -> None:
        super().__init__()
        self.raising = raising
        self.closed = False

    def write(self, records: Sequence[Record]) -> None:
        if self.raising is not None:
            raise self.raising
        super().write(records)

    def close(self) -> None:
        self.closed = True
