"""A trail in files under attack: by what happens around it, and by what is asked of it in the wrong moment."""

from __future__ import annotations

import errno
import gc
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from types import FrameType

import pytest
from builders import a_policy, a_provision
from sinks import a_record
from test_trail_files import WRITING, await_that, run
from trail_spec import ended, files_of, records_of

from purposegate import FileSink, Gate, PipeSink, TrailError
from purposegate.trail import files, sealing
from purposegate.trail.chain import LONGEST_RECORD, hidden_name
from purposegate.trail.mending import heads_in
from purposegate.trail.report import State
from purposegate.trail.verifying import verify

TO_CARRIER = ("email_address", "shipping", "carrier/ups")
KILLED = "20260101T000000Z-0123456789abcdef.jsonl"


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[FileSink]:
    made = FileSink(tmp_path / "trail")
    yield made
    made.close()


def a_shop(trail: FileSink) -> Gate:
    return Gate(a_policy(provisions=[a_provision()]), trail=trail)


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def states(folder: Path) -> set[State]:
    return {report.state for report in verify(folder)}


# What a process has no more of, or another part of it has taken.


def test_a_process_that_can_open_no_more_files_writes_nothing_behind_the_end_of_one(tmp_path: Path) -> None:
    program = """
    import os, resource, time
    from purposegate import TrailError
    trail = gate._procedure.trail
    trail._largest = 2_000
    for _ in range(3): check()
    resource.setrlimit(resource.RLIMIT_NOFILE, (600, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    others = []
    try:
        while True: others.append(os.open(os.devnull, os.O_RDONLY))
    except OSError: pass
    released = 3
    until = time.monotonic() + 1
    while time.monotonic() < until:
        try:
            check()
            released += 1
        except TrailError: pass
        time.sleep(0.005)
    for other in others: os.close(other)
    print(released)
    """

    released = int(run(WRITING, tmp_path, program))

    assert states(tmp_path) <= {State.WHOLE, State.MENDED, State.UNFINISHED}
    assert len(records_of(tmp_path)) >= released


def test_nothing_is_released_by_what_is_written_into_nothing(tmp_path: Path) -> None:
    """Another part of the program closes a number that is not its own, and opens a device that swallows everything."""
    program = """
    import os, time
    check(); check()
    trail = gate._procedure.trail
    device = os.open(os.devnull, os.O_RDWR)
    os.dup2(device, trail._number)
    from purposegate import TrailError
    try:
        provide()
        print("released")
    except TrailError: pass
    time.sleep(1)
    check()
    """

    assert run(WRITING, tmp_path, program) == ""
    assert len(records_of(tmp_path)) == 3


def test_after_all_files_were_closed_what_must_be_on_the_disk_is_soon_released_again(tmp_path: Path) -> None:
    program = """
    import os, time
    check(); check()
    os.closerange(3, 1000)
    others = [os.open(os.devnull, os.O_RDWR) for _ in range(20)]
    time.sleep(1.5)
    provide()
    """

    run(WRITING, tmp_path, program)

    assert len(records_of(tmp_path)) == 3
    assert states(tmp_path) <= {State.WHOLE, State.MENDED}


def test_a_sink_that_nobody_holds_gives_back_all_that_it_had_opened(tmp_path: Path) -> None:
    FileSink(tmp_path).close()
    gc.collect()
    before = open_files()

    for _ in range(5):
        FileSink(tmp_path).close()
    gc.collect()

    assert open_files() == before


def test_where_no_thread_can_be_started_that_seals_nothing_is_released(sink: FileSink, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = a_shop(sink)
    sink.close()

    def refused(_: Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(Thread, "start", refused)
        with pytest.raises(TrailError):
            gate.check("email_address", "shipping")
    time.sleep(2 * files._AGAIN)
    gate.check("email_address", "shipping")

    await_that(lambda: all(report.unsealed == 0 for report in verify(sink.folder)))


# What is written.


def test_no_record_is_longer_than_what_is_read(sink: FileSink) -> None:
    gate = a_shop(sink)
    for _ in range(2):  # the whole way, and the quick one
        with pytest.raises(TrailError) as refused:
            gate.check("email_address", "shipping", subject="x" * LONGEST_RECORD)
        gate.check("email_address", "shipping", subject="s1")
        assert str(refused.value) == "a record is longer than any may be"
    sink.close()

    assert [each["subject"] for each in records_of(sink.folder)] == ["s1", "s1"]


# What happens while a file is sealed, ended or begun.


def test_a_file_whose_end_the_disk_did_not_take_at_once_has_one_end(sink: FileSink, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = a_shop(sink)
    gate.check("email_address", "shipping")
    fsync = os.fsync
    broken = [True]

    def failing(fd: int) -> None:
        if broken[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(fd)

    monkeypatch.setattr(os, "fsync", failing)
    sink.close()
    broken[0] = False
    sink.close()

    assert states(sink.folder) == {State.WHOLE}


def test_a_line_that_is_just_being_written_is_not_taken_for_a_torn_one(sink: FileSink, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file grows while a long piece is written into it, and whoever looks then sees half of it."""
    gate = a_shop(sink)
    gate.check("email_address", "shipping")
    file = sink._file
    assert file is not None
    line = b'{"id":"' + b"f" * 16 + b'-1","at":1}\n'
    waited_for = os.fchmod

    def written(fd: int, mode: int) -> None:
        waited_for(fd, mode)
        os.write(fd, line[20:])

    monkeypatch.setattr(os, "fchmod", written)
    with sink._lock:  # its thread would seal the half of a line
        os.write(file.fd, line[:20])
        sink.close()

    assert records_of(sink.folder)[-1]["at"] == 1
    assert states(sink.folder) == {State.WHOLE}


class Interrupt(BaseException):
    """What a signal's handler raises, such as that of a worker's time-out."""


@pytest.mark.parametrize("step", ["update", "write", "fsync"])
@pytest.mark.parametrize("before", [True, False])
def test_an_interrupt_while_a_seal_is_written_leaves_no_wrong_one(
    sink: FileSink, monkeypatch: pytest.MonkeyPatch, step: str, before: bool
) -> None:
    gate = a_shop(sink)
    gate.check(*TO_CARRIER)
    real: Callable[..., object] = getattr(os, "pread" if step == "update" else step)
    interrupted: list[bool] = []

    def interrupting(*told: object) -> object:
        inside = step != "write" or bytes(told[1]).startswith(b'{"seal"')  # type: ignore[call-overload]  # what is written
        if interrupted or not inside:
            return real(*told)
        interrupted.append(True)
        if before:
            raise Interrupt
        real(*told)
        raise Interrupt

    with monkeypatch.context() as patched:
        patched.setattr(sink, "_tend", lambda: False)
        patched.setattr(os, "pread" if step == "update" else step, interrupting)
        with pytest.raises(Interrupt):
            gate.check(*TO_CARRIER)
    gate.check(*TO_CARRIER)
    sink.close()

    assert states(sink.folder) == {State.WHOLE}


def test_a_signal_that_asks_the_gate_while_a_file_is_begun_is_refused_and_not_left_waiting(
    sink: FileSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = a_shop(sink)
    sink.close()
    refused: list[TrailError] = []

    def asking(_: int, __: FrameType | None) -> None:
        try:
            gate.check("email_address", "shipping")
        except TrailError as error:
            refused.append(error)

    def create(*told: object) -> sealing.SealedFile:
        signal.raise_signal(signal.SIGUSR1)
        return real(*told)  # type: ignore[arg-type]  # what it was told

    real = sealing.SealedFile.create
    monkeypatch.setattr(sealing.SealedFile, "create", create)
    handled = signal.signal(signal.SIGUSR1, asking)
    try:
        gate.check("email_address", "shipping")
    finally:
        signal.signal(signal.SIGUSR1, handled)
    sink.close()

    assert [str(each) for each in refused] == ["the trail is asked to write in the midst of writing"]
    assert len(records_of(sink.folder)) == 1
    assert states(sink.folder) == {State.WHOLE}


# What stands in the folder.


def test_what_another_file_remembers_of_one_is_on_the_disk(sink: FileSink, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or a loss of power would leave a seal that is remembered and not there, as whoever cuts a file leaves."""
    synced: list[int] = []
    fsync = os.fsync

    def told(fd: int) -> None:
        fsync(fd)
        synced.append(os.fstat(fd).st_ino)

    monkeypatch.setattr(os, "fsync", told)
    [path] = files_of(sink.folder)

    heads = heads_in(sink.folder)

    assert len(heads) == 1
    assert synced == [path.stat().st_ino]


def test_a_file_that_vanishes_or_cannot_be_read_keeps_nobody_from_beginning_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (KILLED, KILLED.replace("0123", "4567")):
        (tmp_path / name).write_bytes(b"x")
    errors = iter([PermissionError, PermissionError, FileNotFoundError, FileNotFoundError])
    opened = os.open

    def opening(path: str, *told: int) -> int:
        if str(path).endswith("cdef.jsonl"):
            raise next(errors)
        return opened(path, *told)

    monkeypatch.setattr(os, "open", opening)
    sink = FileSink(tmp_path)
    sink.write([a_record(id=f"{'f' * 16}-1")])
    sink.close()

    assert sum(map(ended, [path for path in files_of(tmp_path) if path.stat().st_size > 1])) == 1


def test_a_file_without_end_in_the_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / KILLED).touch()
    os.truncate(tmp_path / KILLED, 1 << 40)
    began = time.monotonic()

    FileSink(tmp_path).close()

    assert time.monotonic() - began < 10


# What is verified while it is written, or was killed in the wrong moment.


def begun_and_killed(folder: Path) -> Path:
    FileSink(folder).close()
    [path] = files_of(folder)
    hidden = path.with_name(hidden_name(path.name))
    hidden.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:2]))
    path.unlink()
    return hidden


def test_a_file_whose_process_was_killed_before_it_could_be_seen_is_no_tampering(tmp_path: Path) -> None:
    hidden = begun_and_killed(tmp_path)
    data = hidden.read_bytes()

    for size in range(1, len(data) + 1):
        hidden.write_bytes(data[:size])
        assert states(tmp_path) <= {State.TORN, State.UNFINISHED, State.FOREIGN}


def test_a_file_with_records_that_is_hidden_is_tampering(tmp_path: Path) -> None:
    hidden = begun_and_killed(tmp_path)
    with hidden.open("ab") as file:
        file.write(b'{"id":"' + b"f" * 16 + b'-1","at":1}\n')

    assert states(tmp_path) == {State.TAMPERED}


def test_a_file_that_was_closed_never_closes_what_has_its_number_by_then(tmp_path: Path) -> None:
    """Not even where it is the same file, which somebody verifies."""
    file = sealing.SealedFile.create(tmp_path, "a" * 16, (), 1)
    number = file.fd
    file.close()
    other = os.open(file.path, os.O_RDONLY)
    assert other == number

    file.close()
    del file
    gc.collect()

    assert os.fstat(other).st_size
    os.close(other)


def test_a_trail_that_is_verified_while_files_are_begun_is_not_accused(tmp_path: Path) -> None:
    sink = FileSink(tmp_path, largest=1_000)
    gate = a_shop(sink)
    over = Event()

    def writing() -> None:
        while not over.is_set():
            gate.check("email_address", "shipping")
            time.sleep(0.002)

    writer = Thread(target=writing)
    writer.start()
    found: set[State] = set()
    try:
        until = time.monotonic() + 2
        while time.monotonic() < until:
            found |= states(tmp_path)
    finally:
        over.set()
        writer.join()
        sink.close()

    assert found <= {State.WHOLE, State.OPEN, State.UNFINISHED, State.TORN, State.FOREIGN}
    assert states(tmp_path) == {State.WHOLE}


# A pipe that is read slowly.


def test_a_signal_that_asks_while_a_pipe_is_full_is_refused_and_what_it_interrupts_stands_on_its_own_line() -> None:
    reading, writing = os.pipe()
    sink = PipeSink(writing)
    refused: list[TrailError] = []

    def asking(_: int, __: FrameType | None) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            sink.write([a_record(id="r-2")])
        except TrailError as error:
            refused.append(error)
        raise Interrupt

    read: list[bytes] = []

    def collecting() -> None:
        while piece := os.read(reading, 1 << 20):
            read.append(piece)

    collector = Thread(target=collecting)
    handled = signal.signal(signal.SIGALRM, asking)
    signal.setitimer(signal.ITIMER_REAL, 0.1, 0.1)  # again, where it came just before the write that it was to wake
    try:
        with pytest.raises(Interrupt):
            sink.write([a_record(id="r-1", subject="x" * 1_000_000)])
        collector.start()
        sink.write([a_record(id="r-3")])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handled)
        os.close(writing)
        collector.join()
        os.close(reading)

    assert [str(each) for each in refused] == ["the trail is asked to write in the midst of writing"]
    assert json.loads(b"".join(read).splitlines()[-1])["id"] == "r-3"
