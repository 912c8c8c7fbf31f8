"""Decisions as events of the current span and as metrics (extra `opentelemetry`).

    gate = Gate(policy, trail=OpenTelemetrySink(FileSink("trail")), trace_id=trace_id)

Each attribute begins with `purposegate.`, but for OpenTelemetry's own `error.type`:

- the event `purposegate.decision` of the current span has `reason`, `asked`, `mode`, `policy.id`, `policy.revision`,
  `data_category`, `purpose`, `recipient` (its class), `role`, `channel` and `clauses`;
- the counter `purposegate.decisions` has `reason`, `asked`, `mode` and `policy.id`;
- the counter `purposegate.denials` has these and `clause`; what several clauses denied is counted once under each;
- the histogram `purposegate.trail.write.duration`, in seconds, has `error.type` where the inner sink raised.

INVARIANT: an attribute holds a name that the policy declares, or a word of this package's; never a subject, a claim, the instance
of a recipient or a name that a caller made up. Attributes are kept by other systems for years, and each new value is a new series.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Final

from purposegate.engine.decision import Reason
from purposegate.trail.record import Record, Sink
from purposegate.trail.surrounding import close_inner

try:
    from opentelemetry import metrics, trace
    from opentelemetry.util.types import AttributeValue
except ImportError:
    missing = ImportError("telemetry needs an extra")
    missing.add_note("pip install 'purposegate[opentelemetry]'")
    raise missing from None

__all__ = ["OpenTelemetrySink", "trace_id"]

_log = logging.getLogger("purposegate")

_UNKNOWN: Final = "(unknown)"
# What a decision has when it is stopped before its data category, or its purpose, was found in the policy.
_NO_CATEGORY: Final = frozenset({Reason.NOT_IN_FORCE, Reason.UNKNOWN_CATEGORY})
_NO_PURPOSE: Final = _NO_CATEGORY | {Reason.UNKNOWN_PURPOSE}
# In seconds: what a write into memory takes, to a disk that hangs. The API's own buckets are for milliseconds.
_BUCKETS: Final = (0.00001, 0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class OpenTelemetrySink:
    """Tells OpenTelemetry of each decision once the inner sink has kept it.

    Telemetry is no evidence: spans are sampled, and exporters drop what they cannot send. What the inner sink raises refuses the
    decision; what the API raises after that is told of by its kind, and the decision stands. A record that stands for many
    decisions (`AggregatingSink`) adds as many to the counters, and is no event: the span that is current when it is written is not
    that of those decisions. The current span needs no tracer; `meter_provider` is the global one where none is passed.
    """

    def __init__(self, inner: Sink, *, meter_provider: metrics.MeterProvider | None = None) -> None:
        self._inner = inner
        meter = metrics.get_meter("purposegate", meter_provider=meter_provider)
        self._decisions = meter.create_counter("purposegate.decisions", "{decision}", "Decisions of the gate.")
        self._denials = meter.create_counter("purposegate.denials", "{denial}", "Denied uses, by the clause that decided.")
        self._duration = meter.create_histogram(
            "purposegate.trail.write.duration",
            "s",
            "How long the inner sink took to keep the records of one call of the gate.",
            explicit_bucket_boundaries_advisory=_BUCKETS,
        )

    def write(self, records: Sequence[Record]) -> None:
        """Keep records in the inner sink, and tell of them."""
        self._keep(records)
        _telling(lambda: self._tell(records))

    def close(self) -> None:
        """Close the inner sink; what exports belongs to the service."""
        close_inner(self._inner)

    def _keep(self, records: Sequence[Record]) -> None:
        began = perf_counter()
        try:
            self._inner.write(records)
        except BaseException as error:
            failed: dict[str, AttributeValue] = {"error.type": type(error).__qualname__}
            _telling(lambda: self._duration.record(perf_counter() - began, failed))
            raise
        _telling(lambda: self._duration.record(perf_counter() - began))

    def _tell(self, records: Sequence[Record]) -> None:
        span = trace.get_current_span()
        for record in records:
            counted = _counted(record)
            self._decisions.add(record.count, counted)
            if not record.decision.permitted:
                for clause in record.decision.clauses:
                    self._denials.add(record.count, {**counted, "purposegate.clause": clause})
                if not record.decision.clauses:
                    self._denials.add(record.count, counted)
            if record.since is None and span.is_recording():
                span.add_event("purposegate.decision", {**counted, **_named(record)})


def trace_id() -> str | None:
    """Give the trace that is going on, as W3C Trace Context writes it: for `Gate(..., trace_id=trace_id)`."""
    found = trace.get_current_span().get_span_context().trace_id
    return None if found == trace.INVALID_TRACE_ID else trace.format_trace_id(found)


def _telling(call: Callable[[], None]) -> None:
    try:
        call()
    except Exception as error:  # noqa: BLE001 - whatever an API raises, the evidence is kept, or its own failure is raised
        _log.warning("a decision was not told of: %s", type(error).__name__)


def _counted(record: Record) -> dict[str, AttributeValue]:
    return {
        "purposegate.reason": record.decision.reason.value,
        "purposegate.asked": record.asked.value,
        "purposegate.mode": record.mode.value,
        "purposegate.policy.id": record.decision.policy.id,
    }


def _named(record: Record) -> dict[str, AttributeValue]:
    decision = record.decision
    found: dict[str, AttributeValue | None] = {
        "purposegate.data_category": _UNKNOWN if decision.reason in _NO_CATEGORY else decision.data_category,
        "purposegate.purpose": _UNKNOWN if decision.reason in _NO_PURPOSE else decision.purpose,
        # Who has a role is declared; all else may be anybody's name.
        "purposegate.recipient": _UNKNOWN if record.role is None else decision.recipient.partition("/")[0],
        "purposegate.role": None if record.role is None else record.role.value,
        "purposegate.channel": record.channel,
        "purposegate.clauses": decision.clauses or None,
        "purposegate.policy.revision": decision.policy.revision,
    }
    return {name: value for name, value in found.items() if value is not None}
