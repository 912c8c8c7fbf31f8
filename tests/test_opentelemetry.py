"""Decisions as OpenTelemetry tells of them, by the SDK itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from builders import NOW, a_ledger, a_policy, a_provision
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sinks import BrittleSink, a_decision, a_provision_record, a_record

from purposegate import Asked, Gate, MemorySink, Mode, Reason, Sink
from purposegate.integrations.opentelemetry import OpenTelemetrySink, trace_id
from purposegate.policy.terms import Role


class Telemetry:
    """An SDK of its own, which keeps what it is told."""

    def __init__(self) -> None:
        self.reader = InMemoryMetricReader()
        self.meters = MeterProvider([self.reader])
        self.exporter = InMemorySpanExporter()
        tracers = TracerProvider()
        tracers.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.tracer = tracers.get_tracer("test")

    def sink(self, inner: Sink) -> OpenTelemetrySink:
        return OpenTelemetrySink(inner, meter_provider=self.meters)

    def points(self) -> dict[str, list[Any]]:
        """Give the data points of each metric by its name."""
        data = self.reader.get_metrics_data()
        if data is None:
            return {}
        measured = [metric for resource in data.resource_metrics for scope in resource.scope_metrics for metric in scope.metrics]
        return {metric.name: list(metric.data.data_points) for metric in measured}

    def counted(self, name: str) -> list[tuple[dict[str, Any], int]]:
        return [(dict(point.attributes), point.value) for point in self.points().get(name, [])]

    def events(self) -> list[tuple[str, Mapping[str, Any]]]:
        return [(event.name, dict(event.attributes or {})) for span in self.exporter.get_finished_spans() for event in span.events]


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry()


PERMITTED = {
    "purposegate.reason": "permitted",
    "purposegate.asked": "release",
    "purposegate.mode": "enforced",
    "purposegate.policy.id": "shop",
}


def test_a_decision_is_an_event_of_the_current_span(telemetry: Telemetry) -> None:
    record = a_provision_record(channel="post", subject="s1")

    with telemetry.tracer.start_as_current_span("request"):
        telemetry.sink(MemorySink()).write([record])

    expected = PERMITTED | {
        "purposegate.data_category": "email_address",
        "purposegate.purpose": "shipping",
        "purposegate.recipient": "carrier",
        "purposegate.role": "third_party",
        "purposegate.channel": "post",
        "purposegate.clauses": ("1",),
        "purposegate.policy.revision": "1",
    }
    assert telemetry.events() == [("purposegate.decision", expected)]


def test_decisions_are_counted_by_reason_asking_and_mode(telemetry: Telemetry) -> None:
    denied = a_decision(reason=Reason.UNDECLARED_PURPOSE)
    sink = telemetry.sink(MemorySink())

    sink.write([a_record(), a_record(subject="s1")])
    sink.write([a_record(denied, asked=Asked.QUESTION, mode=Mode.OBSERVED)])

    other = {"purposegate.reason": "undeclared-purpose", "purposegate.asked": "question", "purposegate.mode": "observed"}
    assert telemetry.counted("purposegate.decisions") == [(PERMITTED, 2), (PERMITTED | other, 1)]


def test_denials_are_counted_under_each_clause_that_decided(telemetry: Telemetry) -> None:
    citations = a_decision().citations
    two = a_decision(reason=Reason.UNMET_CONDITION, citations=(*citations, *citations, a_citation("4(2)")))
    none = a_decision(reason=Reason.UNKNOWN_PURPOSE, citations=())

    telemetry.sink(MemorySink()).write([a_record(), a_record(two), a_record(none)])

    unmet = PERMITTED | {"purposegate.reason": "unmet-condition"}
    assert telemetry.counted("purposegate.denials") == [
        (unmet | {"purposegate.clause": "1"}, 1),
        (unmet | {"purposegate.clause": "4(2)"}, 1),
        (PERMITTED | {"purposegate.reason": "unknown-purpose"}, 1),
    ]


def a_citation(clause: str) -> Any:
    return type(a_decision().citations[0])(clause, "amend")


def test_what_stands_for_many_decisions_counts_as_many_and_is_no_event_of_this_span(telemetry: Telemetry) -> None:
    denied = a_decision(reason=Reason.UNDECLARED_PURPOSE)

    with telemetry.tracer.start_as_current_span("somebody else's request"):
        telemetry.sink(MemorySink()).write([a_record(denied, count=41, since=NOW)])

    [(_, decisions)], [(_, denials)] = telemetry.counted("purposegate.decisions"), telemetry.counted("purposegate.denials")
    assert (decisions, denials, telemetry.events()) == (41, 41, [])


def test_how_long_keeping_took_is_measured_in_seconds_and_by_what_it_failed(telemetry: Telemetry) -> None:
    telemetry.sink(MemorySink()).write([a_record(), a_record()])
    with pytest.raises(OSError, match="full"):
        telemetry.sink(BrittleSink(OSError("full"))).write([a_record()])

    points = telemetry.points()["purposegate.trail.write.duration"]
    assert [(dict(point.attributes), point.count) for point in points] == [({}, 1), ({"error.type": "OSError"}, 1)]
    assert all(0 <= point.sum < 1 for point in points)
    assert points[0].explicit_bounds[:2] == (0.00001, 0.0001)


def test_what_is_not_kept_inside_is_counted_as_no_decision(telemetry: Telemetry) -> None:
    with telemetry.tracer.start_as_current_span("request"), pytest.raises(OSError, match="full"):
        telemetry.sink(BrittleSink(OSError("full"))).write([a_record()])

    assert (telemetry.counted("purposegate.decisions"), telemetry.events()) == ([], [])


def test_the_metrics_are_named_and_measured_as_opentelemetry_does(telemetry: Telemetry) -> None:
    telemetry.sink(MemorySink()).write([a_record(a_decision(reason=Reason.UNDECLARED_PURPOSE))])

    data = telemetry.reader.get_metrics_data()
    assert data is not None
    [scope] = data.resource_metrics[0].scope_metrics
    assert scope.scope.name == "purposegate"
    assert {metric.name: metric.unit for metric in scope.metrics} == {
        "purposegate.decisions": "{decision}",
        "purposegate.denials": "{denial}",
        "purposegate.trail.write.duration": "s",
    }


PERSONAL = ("taro_yamada", "s1", "case-1", "ups", "acme")


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (("taro_yamada", "shipping", "carrier/ups"), ("(unknown)", "(unknown)", "carrier")),
        (("email_address", "taro_yamada", "carrier/ups"), ("email_address", "(unknown)", "carrier")),
        (("email_address", "shipping", "taro_yamada"), ("email_address", "shipping", "(unknown)")),
        (("email_address", "shipping", "taro_yamada/acme"), ("email_address", "shipping", "(unknown)")),
        (("email_address", "shipping", "carrier/acme"), ("email_address", "shipping", "carrier")),
        (("email_address", "shipping", "carrier/ups"), ("email_address", "shipping", "carrier")),
    ],
)
def test_an_attribute_holds_no_name_that_the_policy_does_not_declare(
    names: tuple[str, str, str], shown: tuple[str, str, str], telemetry: Telemetry
) -> None:
    """The gate repeats an unknown name that is spelt like one; there are as many of them as callers can think of."""
    gate = Gate(
        a_policy(provisions=[a_provision()]),
        ledger=a_ledger(["carrier/ups"]),
        trail=telemetry.sink(MemorySink()),
        clock=lambda: NOW,
    )

    with telemetry.tracer.start_as_current_span("request"):
        gate.decide(*names, subject="s1", channel="taro_yamada", claim="case-1")

    [(_, event)] = telemetry.events()
    attributes = [event, *(dict(point.attributes) for points in telemetry.points().values() for point in points)]
    said = repr([list(each.values()) for each in attributes])
    assert [each for each in PERSONAL if each in said] == []
    assert tuple(event[f"purposegate.{part}"] for part in ("data_category", "purpose", "recipient")) == shown


def test_a_policy_that_is_not_in_force_yet_declares_no_names(telemetry: Telemetry) -> None:
    gate = Gate(a_policy(policy={"effective": "2099-01-01"}), trail=telemetry.sink(MemorySink()), clock=lambda: NOW)

    with telemetry.tracer.start_as_current_span("request"):
        gate.decide("taro_yamada", "taro_yamada", "taro_yamada")

    assert "taro" not in repr(telemetry.events())


def test_nobody_who_declassifies_is_told_of_with_a_reason_in_their_own_words(telemetry: Telemetry) -> None:
    record = a_record(a_decision(), mode=Mode.DECLASSIFIED, justification="Taro Yamada moved house")

    with telemetry.tracer.start_as_current_span("request"):
        telemetry.sink(MemorySink()).write([record])

    assert "Taro" not in repr(telemetry.events())


class _Unreachable(MeterProvider):
    """An SDK whose instruments raise."""

    def get_meter(self, *args: Any, **kwargs: Any) -> Any:
        return self

    def _instrument(self, *args: Any, **kwargs: Any) -> Any:
        return self

    create_counter = create_histogram = _instrument

    def add(self, *args: Any, **kwargs: Any) -> None:
        raise RuntimeError("taro@example.com")

    record = add


def test_telemetry_that_fails_undoes_nothing_that_is_kept(caplog: pytest.LogCaptureFixture) -> None:
    inner = MemorySink()

    OpenTelemetrySink(inner, meter_provider=_Unreachable()).write([a_record()])

    assert len(inner.records) == 1
    assert [each.getMessage() for each in caplog.records] == ["a decision was not told of: RuntimeError"] * 2


def test_telemetry_that_fails_hides_nothing_that_was_not_kept() -> None:
    with pytest.raises(OSError, match="full"):
        OpenTelemetrySink(BrittleSink(OSError("full")), meter_provider=_Unreachable()).write([a_record()])


def test_telemetry_alone_is_no_trail() -> None:
    """What it is told may be sampled away or dropped, and then a use would have been released without a record."""
    with pytest.raises(TypeError):
        OpenTelemetrySink()  # type: ignore[call-arg]  # as whoever knows of no other sink writes it


def test_a_service_without_an_sdk_is_told_nothing_and_keeps_its_records() -> None:
    inner = MemorySink()

    OpenTelemetrySink(inner, meter_provider=metrics.NoOpMeterProvider()).write([a_record()])
    OpenTelemetrySink(inner).write([a_record()])

    assert inner.records == [a_record(), a_record()]
    assert trace_id() is None


def test_a_record_names_the_trace_in_which_it_happened(telemetry: Telemetry) -> None:
    trail = MemorySink()
    gate = Gate(a_policy(), trail=trail, trace_id=trace_id, clock=lambda: NOW)

    gate.check("email_address", "shipping")
    with telemetry.tracer.start_as_current_span("request") as span:
        gate.check("email_address", "shipping")

    expected = trace.format_trace_id(span.get_span_context().trace_id)
    assert [record.trace_id for record in trail.records] == [None, expected]
    assert len(expected) == 32


def test_a_record_tells_what_its_recipient_is() -> None:
    trail = MemorySink()
    gate = Gate(a_policy(), trail=trail, clock=lambda: NOW)

    for recipient in (None, "shop", "carrier", "carrier/ups", "nobody"):
        gate.decide("email_address", "shipping", recipient)

    roles = [record.role for record in trail.records]
    assert roles == [Role.CONTROLLER, Role.CONTROLLER, Role.THIRD_PARTY, Role.THIRD_PARTY, None]


def test_without_the_extra_the_import_says_how_to_get_it() -> None:
    code = "import sys; sys.modules['opentelemetry'] = None; import purposegate.integrations.opentelemetry"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True, timeout=120)

    assert done.stderr.splitlines()[-2:] == ["ImportError: telemetry needs an extra", "pip install 'purposegate[opentelemetry]'"]


def test_closing_it_closes_what_stands_inside() -> None:
    inner = BrittleSink()

    OpenTelemetrySink(inner).close()
    OpenTelemetrySink(MemorySink()).close()

    assert inner.closed
