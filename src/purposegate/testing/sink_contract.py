"""What every sink must do, as classes of tests that any implementation derives from."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event, Thread
from typing import Any, Final, Protocol

from purposegate.engine.decision import Citation, Decision, PolicyStamp, Reason
from purposegate.engine.use import Standing
from purposegate.errors import TrailError
from purposegate.policy.terms import ShownBy
from purposegate.testing.together import at_once, in_a_child
from purposegate.trail.lines import fields, record_of
from purposegate.trail.record import Asked, Mode, Record, Shown, Sink


class ClosingSink(Sink, Protocol):
    """A sink that keeps something open, and opens it again when it is used."""

    def close(self) -> None:
        """Close what is open."""
        ...


class SinkContract:
    """What every sink must do: a class of tests, for any runner that collects methods named `test_…`.

    Derive from it, make a new, empty sink in `make_sink`, and give in `kept` what one has kept. Of a sink that keeps its records
    beyond the end of the process, derive from `DurableSinkContract` instead, which asks for all of this and more.
    """

    def make_sink(self) -> Sink:
        """Make a new, empty sink."""
        raise NotImplementedError

    def kept(self, sink: Sink) -> list[Record]:
        """Give what a sink of this kind has kept, in the order in which it was written."""
        raise NotImplementedError

    def test_a_new_sink_has_kept_nothing(self) -> None:
        assert self.kept(self.make_sink()) == []

    def test_what_is_written_together_is_kept_together_in_its_order(self) -> None:
        sink = self.make_sink()
        first, second = [a_record(f"1-{number}") for number in range(50)], [a_record("2-1"), a_record("2-0")]

        sink.write(first)
        sink.write([])
        sink.write(second)

        assert self.kept(sink) == [*first, *second]

    def test_every_field_of_a_record_is_kept(self) -> None:
        sink = self.make_sink()

        sink.write(EVERYTHING)

        assert self.kept(sink) == list(EVERYTHING)

    def test_every_name_is_kept_as_it_is_whatever_stands_in_it(self) -> None:
        sink = self.make_sink()
        written = [a_record(f"r-{number}{name}", name, subject=name, claim=name) for number, name in enumerate(STRANGE)]

        sink.write(written)
        sink.write([a_record("last")])

        assert self.kept(sink) == [*written, a_record("last")]

    def test_what_several_threads_write_is_kept_once_and_each_one_s_in_its_order(self) -> None:
        sink = self.make_sink()

        def write(thread: int) -> None:
            for turn in range(_TURNS):
                sink.write([a_record(f"{thread}-{turn}-{part}", subject=str(thread)) for part in range(2)])

        at_once([partial(write, thread) for thread in range(8)])

        kept = self.kept(sink)
        assert len(kept) == 8 * _TURNS * 2
        for thread in range(8):
            ids = [each.id for each in kept if each.subject == str(thread)]
            assert ids == [f"{thread}-{turn}-{part}" for turn in range(_TURNS) for part in range(2)]


class DurableSinkContract(SinkContract):
    """What a sink must do that keeps its records beyond the end of the process, beside what every sink does."""

    def make_sink(self) -> ClosingSink:
        """Make a new, empty sink."""
        raise NotImplementedError

    def test_what_cannot_be_written_is_refused_with_all_that_goes_with_it(self) -> None:
        sink = self.make_sink()
        for wrong in UNWRITABLE:
            error = refused(partial(sink.write, [a_record("good", subject=_SUBJECT), wrong, a_record("last")]))
            assert _SUBJECT not in "".join(map(str, (error, error.__cause__, error.__context__)))

        assert self.kept(sink) == []
        sink.write([a_record()])
        assert self.kept(sink) == [a_record()]

    def test_it_is_used_again_after_it_was_closed(self) -> None:
        sink = self.make_sink()
        sink.write([a_record("1")])

        sink.close()
        sink.close()
        sink.write([a_record("2")])

        assert self.kept(sink) == [a_record("1"), a_record("2")]

    def test_what_a_child_process_and_its_parent_write_is_all_kept_whatever_the_parent_was_doing(self) -> None:
        sink = self.make_sink()
        over, written = Event(), [0]

        def write() -> None:
            while not over.is_set():
                sink.write([a_record(f"parent-{written[0]}")])
                written[0] += 1
                time.sleep(0.001)  # or nobody else might ever have a turn

        writer = Thread(target=write)
        writer.start()
        try:
            went_well = [in_a_child(partial(sink.write, [a_record(f"child-{child}")])) for child in range(3)]
        finally:
            over.set()
            writer.join()
        sink.write([a_record("last")])

        assert went_well == [True] * 3
        ids = sorted(each.id for each in self.kept(sink))
        assert ids == sorted([*(f"child-{each}" for each in range(3)), "last", *(f"parent-{each}" for each in range(written[0]))])


def refused(call: Callable[[], object]) -> TrailError:
    """Give the `TrailError` that a call raises; raise `AssertionError` where it raises none."""
    __tracebackhide__ = True
    try:
        call()
    except TrailError as error:
        return error
    raise AssertionError("expected a trail error")


_TURNS: Final = 10
_SUBJECT: Final = "person-in-no-message"
NOW: Final = datetime(2026, 1, 15, 12, 0, 0, 123456, tzinfo=UTC)


def a_record(id_: str = "r-1", data_category: str = "email_address", **parts: Any) -> Record:  # noqa: ANN401 - fields of a record
    """Make a record as a sink gives it back."""
    policy = PolicyStamp("shop", "1", "0" * 64, "")
    decision = Decision(data_category, "shipping", "shop", Reason.PERMITTED, policy, (Citation("4(2)A", ""),))
    told: dict[str, Any] = {"at": NOW, "decision": decision, "asked": Asked.RELEASE, "mode": Mode.ENFORCED}
    return Record(id_, **told | parts)


def a_full_record() -> Record:
    """Make a record in which no field is left out."""
    decision = replace(
        a_record().decision,
        recipient="carrier/acme",
        reason=Reason.OBJECTION_IN_FORCE,
        citations=(Citation("1", ""), Citation("4(2)A", "")),
        unmet=("consent", "other"),
        objections=("suspend", "stop"),
        standing=Standing.CONSULTED,
        unaccepted="2",
    )
    told: dict[str, Any] = {name: name for name in ("subject", "channel", "claim", "release", "justification")}
    told |= {"shown": (Shown("consent", ShownBy.CONSENT), Shown("weather", ShownBy.FACT)), "hit": ("stop",), "registered": True}
    told |= {"position": 7, "provision": True, "trace_id": "0af7651916cd43dd8448eb211c80319c", "count": 12}
    told |= {"since": NOW - timedelta(hours=1)}
    return replace(a_record("full"), decision=decision, asked=Asked.QUESTION, mode=Mode.DECLASSIFIED, **told)


# Records in which every field is filled and in which none is, at the ends of the calendar that a file and a database share.
EVERYTHING: Final[Sequence[Record]] = (
    record_of(fields(a_full_record())),
    a_record("plain"),
    a_record("observed", mode=Mode.OBSERVED),
    *(a_record(f"{reason}", decision=replace(a_record().decision, reason=reason, citations=())) for reason in Reason),
    a_record("before", at=datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
    a_record("late", at=datetime(2262, 1, 1, tzinfo=UTC)),
)

# What may stand in a name that somebody asked for, or in an id of a person.
STRANGE: Final = (
    "氏名",
    "e\N{COMBINING ACUTE ACCENT}",
    "\N{GRINNING FACE}",
    "line\nbreak\r\n\u2028\x85",
    "\"quoted\" 'twice' `thrice`",
    "100 %s %(name)s :name ? $1 {}",
    "back\\slash \\u0000 \\n",
    "\x00\x01\x1b[31m\x7f",
    "\ud800 alone \udfff",
    "null",
    " ",
    "x" * 10_000,
)

# Records that are none: of what no type allows, and of an instant of which nobody knows when it is.
UNWRITABLE: Final[Sequence[Record]] = (
    a_record("bad", subject=object()),
    a_record("bad", subject=b"bytes"),
    a_record("bad", at=NOW.replace(tzinfo=None)),
    a_record("bad", claim={_SUBJECT}),
)
