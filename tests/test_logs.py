"""Decisions as messages of Python's logging."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from builders import NOW, a_policy
from sinks import BrittleSink, a_decision, a_provision_record, a_record

from purposegate import Asked, Gate, LoggingSink, MemorySink, Mode, PurposeViolation, Reason, Record
from purposegate.trail.lines import fields


@pytest.fixture(autouse=True)
def _heard(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "purposegate")


def test_a_permitted_use_is_logged_with_its_fields(caplog: pytest.LogCaptureFixture) -> None:
    record = a_record(subject="s1")

    LoggingSink(MemorySink()).write([record])

    [logged] = caplog.records
    use = "`email_address` for `shipping` by `shop` [permitted], clause 1"
    said = f"permitted (to be released, enforced): {use}, subject 's1', record r-1"
    assert (logged.name, logged.levelno, logged.getMessage()) == ("purposegate.trail", logging.INFO, said)
    assert logged.__dict__["purposegate"] == fields(record)


def test_a_message_is_put_together_only_by_who_reads_it(caplog: pytest.LogCaptureFixture) -> None:
    """Tools that group messages group them by their text before the names are set in."""
    LoggingSink(MemorySink()).write([a_record(), a_record(id="r-2", subject="s1")])

    first, second = caplog.records
    assert first.msg == second.msg
    assert first.getMessage() != second.getMessage()


def test_one_message_stands_for_each_record_of_a_call(caplog: pytest.LogCaptureFixture) -> None:
    LoggingSink(MemorySink()).write([a_record(id="r-1"), a_record(id="r-2")])

    assert [logged.__dict__["purposegate"]["id"] for logged in caplog.records] == ["r-1", "r-2"]


_DENIED = a_decision(purpose="raffle", reason=Reason.UNKNOWN_PURPOSE, citations=())


@pytest.mark.parametrize(
    ("record", "level", "verdict"),
    [
        (a_record(), logging.INFO, "permitted (to be released, enforced)"),
        (a_record(asked=Asked.QUESTION), logging.INFO, "permitted (asked, enforced)"),
        (a_record(_DENIED), logging.WARNING, "denied (to be released, enforced)"),
        (a_record(_DENIED, mode=Mode.OBSERVED), logging.WARNING, "denied (to be released, observed)"),
        (a_record(_DENIED, asked=Asked.QUESTION), logging.INFO, "denied (asked, enforced)"),
        (a_record(_DENIED, mode=Mode.DECLASSIFIED, justification="moved house"), logging.WARNING, "declassified"),
        (a_record(count=12, since=NOW), logging.INFO, "permitted (to be released, enforced, 12 times)"),
    ],
)
def test_what_was_denied_or_declassified_is_a_warning_and_an_answer_is_none(
    record: Record, level: int, verdict: str, caplog: pytest.LogCaptureFixture
) -> None:
    LoggingSink(MemorySink()).write([record])

    [logged] = caplog.records
    assert (logged.levelno, logged.getMessage().partition(": ")[0]) == (level, verdict)


def test_a_level_above_warning_is_that_of_denials_too(caplog: pytest.LogCaptureFixture) -> None:
    LoggingSink(MemorySink(), level=logging.ERROR).write([a_record(), a_record(_DENIED)])

    assert [logged.levelno for logged in caplog.records] == [logging.ERROR, logging.ERROR]


def test_an_id_with_a_line_break_looks_like_no_other_message(caplog: pytest.LogCaptureFixture) -> None:
    LoggingSink(MemorySink()).write([a_record(subject="s1\nINFO permitted")])

    [logged] = caplog.records
    assert "subject 's1\\nINFO permitted', record" in logged.getMessage()


@pytest.mark.parametrize("logger", ["audit.privacy", logging.getLogger("audit.privacy")])
def test_the_logger_is_named_or_passed(logger: logging.Logger | str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "audit.privacy")

    LoggingSink(MemorySink(), logger=logger).write([a_record()])

    assert [logged.name for logged in caplog.records] == ["audit.privacy"]


def test_a_record_is_kept_inside_before_it_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    inner, record = MemorySink(), a_provision_record()

    LoggingSink(inner).write([record])

    assert inner.records == [record]
    assert len(caplog.records) == 1


def test_what_is_not_kept_inside_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(OSError, match="full"):
        LoggingSink(BrittleSink(OSError("full"))).write([a_record()])

    assert caplog.records == []


def test_with_a_sink_inside_a_logger_that_is_switched_off_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR, "purposegate")
    inner = MemorySink()

    LoggingSink(inner).write([a_record()])

    assert len(inner.records) == 1
    assert caplog.records == []


class _RaisingFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        raise RuntimeError("taro@example.com")


@pytest.fixture
def broken() -> Iterator[str]:
    logger, raising = logging.getLogger("audit.broken"), _RaisingFilter()
    logger.setLevel(logging.INFO)
    logger.addFilter(raising)
    yield "audit.broken"
    logger.removeFilter(raising)


def test_a_filter_that_raises_does_not_undo_what_is_kept(broken: str, caplog: pytest.LogCaptureFixture) -> None:
    inner = MemorySink()

    LoggingSink(inner, logger=broken).write([a_record()])

    assert len(inner.records) == 1
    assert [logged.getMessage() for logged in caplog.records] == ["a decision that is kept was not logged: RuntimeError"]


def test_nothing_that_a_caller_made_up_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    gate = Gate(a_policy(), trail=LoggingSink(MemorySink()), clock=lambda: NOW)

    with pytest.raises(PurposeViolation):
        gate.check("taro@example.com", "Taro Yamada", "carrier/Taro Yamada", channel="Taro Yamada", claim="Taro Yamada")

    logged = next(each for each in caplog.records if each.name == "purposegate.trail")
    assert "`(not a name)` for `(not a name)` by `carrier/…` [unknown-category]" in logged.getMessage()
    assert "aro" not in repr(logged.__dict__)


def test_closing_it_closes_what_stands_inside() -> None:
    inner = BrittleSink()

    LoggingSink(inner).close()
    LoggingSink(MemorySink()).close()

    assert inner.closed


def test_a_log_alone_is_no_trail() -> None:
    """A handler whose disk is full says so to nobody, and then a use would have been released without a record."""
    with pytest.raises(TypeError):
        LoggingSink()  # type: ignore[call-arg]  # as whoever knows of no other sink writes it
