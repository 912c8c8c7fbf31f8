"""Observing: denied uses pass until a day, while they are decided and recorded all the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime


@dataclass(frozen=True, slots=True)
class Observe:
    """Let denied uses pass until a day (UTC), while they are decided and recorded all the same.

    For adopting the gate in a running service; it says why, and it ends by itself.
    """

    until: date
    reason: str

    def __post_init__(self) -> None:
        if type(self.until) is not date:
            raise ValueError("observing ends on a day, given as a date")
        if not isinstance(self.reason, str) or not self.reason.strip():
            raise ValueError("observing instead of enforcing needs a reason")

    def active(self, at: datetime) -> bool:
        """Tell whether the day has not come yet."""
        return at.astimezone(UTC).date() < self.until
