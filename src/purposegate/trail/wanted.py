"""Which records of a trail are asked for: told by the bytes of a line where that is enough, and by its fields else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from purposegate.engine.decision import Reason
from purposegate.trail.lines import nanoseconds
from purposegate.trail.record import Asked, Mode

_FRONT: Final = re.compile(rb'\{"id":"[^"]*","at":([0-9]{1,19}),')


@dataclass(frozen=True)
class Wanted:
    """The records that fit everything that is said here; what is None is not asked about.

    `since` is the first instant and `until` the one behind the last, both with their zone; a record that stands for several
    decisions has the time of the last one. `recipient` is an instance, or a class with all its instances, and `clause` one of those
    that decided.
    """

    since: datetime | None = None
    until: datetime | None = None
    id: str | None = None
    asked: Asked | None = None
    mode: Mode | None = None
    data_category: str | None = None
    purpose: str | None = None
    recipient: str | None = None
    reason: Reason | None = None
    clause: str | None = None
    subject: str | None = None

    @cached_property
    def between(self) -> tuple[int, int]:
        """The first time, and the one behind the last, in nanoseconds since 1970."""
        since = 0 if self.since is None else nanoseconds(self.since)
        return since, 10**19 if self.until is None else nanoseconds(self.until)

    @cached_property
    def parts(self) -> tuple[bytes, ...]:
        """What stands in every line that is wanted, as `line_of` writes it."""
        named = {name: getattr(self, name) for name in ("id", "asked", "mode", "data_category", "purpose", "reason", "subject")}
        parts = [_part(f'"{name}":', value) for name, value in named.items() if value is not None]
        if self.recipient is not None:
            parts.append(_part('"recipient":', self.recipient)[:-1])  # without the quote at the end: an instance may follow
        if self.clause is not None:
            parts.append(_part("", self.clause))
        return tuple(parts)

    def may_fit(self, line: bytes) -> bool:
        """Tell of a line whether it may be a record that is wanted, before it is read."""
        return all(part in line for part in self.parts) and self._in_time(line)

    def fits(self, found: Mapping[str, Any]) -> bool:
        """Tell of the fields of a line that may fit whether it does; raise what reading a record of them raises."""
        wanted = (self.id, self.asked, self.mode, self.data_category, self.purpose, self.reason, self.subject)
        told = (found["id"], found["asked"], found["mode"], found["data_category"], found["purpose"], found["reason"])
        same = all(want is None or want == has for want, has in zip(wanted, (*told, found.get("subject")), strict=True))
        since, until = self.between
        return (
            same
            and since <= found["at"] < until
            and (self.recipient is None or self.recipient in (found["recipient"], found["recipient"].partition("/")[0]))
            and (self.clause is None or self.clause in found["clauses"])
        )

    def _in_time(self, line: bytes) -> bool:
        if self.since is None and self.until is None:
            return True
        front = _FRONT.match(line)
        since, until = self.between
        return front is None or since <= int(front[1]) < until


def _part(name: str, value: str) -> bytes:
    return f"{name}{json.dumps(str(value))}".encode()
