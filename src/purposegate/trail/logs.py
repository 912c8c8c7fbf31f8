"""Each decision as a message of Python's logging, after a durable sink has kept it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from purposegate.trail.lines import fields
from purposegate.trail.record import Asked, Mode, Record, Sink
from purposegate.trail.surrounding import close_inner

_log = logging.getLogger("purposegate")

_MESSAGE: Final = "%s: `%s` for `%s` by `%s` [%s], %s, subject %s, record %s"


class LoggingSink:
    """Logs each decision once the inner sink has kept it: a line to read, and the record's fields as `record.purposegate`.

    Logged at `level` are permitted uses and the answers to questions; at WARNING, where `level` is no higher, releases that were
    denied, also those that were only observed, and what was declassified. The gate itself says of a denied release on the logger
    `purposegate` why, and not whose data they were.

    A log is no evidence: handlers swallow what goes wrong in them. What a filter or a handler raises is told of by its kind, and
    the decision, whose record is kept inside, stands.
    """

    def __init__(self, inner: Sink, *, logger: logging.Logger | str = "purposegate.trail", level: int = logging.INFO) -> None:
        self._inner = inner
        self._logger = logging.getLogger(logger) if isinstance(logger, str) else logger
        self._level = level

    def write(self, records: Sequence[Record]) -> None:
        """Keep records in the inner sink, and log them."""
        self._inner.write(records)
        try:
            for each in records:
                self._say(each)
        except Exception as error:  # noqa: BLE001 - whatever a filter or a handler raises, the evidence is kept
            _log.warning("a decision that is kept was not logged: %s", type(error).__name__)

    def close(self) -> None:
        """Close the inner sink."""
        close_inner(self._inner)

    def _say(self, record: Record) -> None:
        level = self._level_of(record)
        if not self._logger.isEnabledFor(level):
            return
        decision = record.decision
        said = (
            _verdict(record),
            decision.data_category,
            decision.purpose,
            decision.recipient,
            decision.reason.value,
            f"clause {', '.join(decision.clauses)}" if decision.clauses else "no clause",
            # As Python writes text: an id with a line break in it would look like another message.
            "not said" if record.subject is None else repr(record.subject),
            record.id,
        )
        self._logger.log(level, _MESSAGE, *said, extra={"purposegate": fields(record)})

    def _level_of(self, record: Record) -> int:
        denied = record.asked is Asked.RELEASE and not record.decision.permitted
        return max(self._level, logging.WARNING) if denied or record.mode is Mode.DECLASSIFIED else self._level


def _verdict(record: Record) -> str:
    if record.mode is Mode.DECLASSIFIED:
        return "declassified"
    verdict = "permitted" if record.decision.permitted else "denied"
    asked = "asked" if record.asked is Asked.QUESTION else "to be released"
    counted = "" if record.count == 1 else f", {record.count} times"
    return f"{verdict} ({asked}, {record.mode.value}{counted})"
