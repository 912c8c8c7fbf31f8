"""The world as the library makes it: the real gate on the shipped policy, and whatever it wrote down."""

from __future__ import annotations

from datetime import UTC, datetime
from types import ModuleType

from builders import SHIPPED
from leaks.world import ACME, AD_NETWORK, OBJECTOR

from purposegate import Gate, LodgedObjection, MemoryLedger, MemorySink


class Protected:
    """The library's own. Without a trail decisions are settled once and remembered; with one, each is made and recorded."""

    name = "protected"

    def __init__(self, trail: MemorySink | None) -> None:
        ledger = MemoryLedger([ACME, AD_NETWORK])
        ledger.enter(LodgedObjection(OBJECTOR, "suspend_use", lodged=datetime(2020, 4, 1, tzinfo=UTC)))
        self._trail = trail
        self.gate = Gate.load(SHIPPED, trail=trail)
        self.gate_with_ledger = Gate.load(SHIPPED, ledger=ledger, trail=trail)
        self.modules: dict[str, ModuleType] = {}

    def records(self) -> list[object]:
        """Give what either gate recorded."""
        return [] if self._trail is None else [*self._trail.records]
