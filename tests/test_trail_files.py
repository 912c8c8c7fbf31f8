"""A trail in files: what was acknowledged is there, sealed, and nothing else is released."""

from __future__ import annotations

import errno
import gc
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread, current_thread
from threading import enumerate as threads_running
from typing import Any

import pytest
from breaking import a_small_disk
from builders import NOW, a_policy, a_provision, a_use_clause
from trail_spec import ended, files_of, lines_of, records_of, sealed

from purposegate import Decision, Durability, FileSink, Gate, PurposeViolation, Record, TrailError
from purposegate.testing.together import in_a_child
from purposegate.trail import files
from purposegate.trail.mending import heads_in
from purposegate.trail.report import State
from purposegate.trail.verifying import verify

TO_CARRIER = ("email_address", "shipping", "carrier/ups")


@pytest.fixture
def opened() -> Iterator[Callable[..., FileSink]]:
    made: list[FileSink] = []

    def make(folder: Path, **options: Any) -> FileSink:
        made.append(FileSink(folder, **options))
        return made[-1]

    yield make
    for sink in made:
        sink.close()


Opened = Callable[..., FileSink]


def a_shop(trail: FileSink, **options: Any) -> Gate:
    return Gate(a_policy(provisions=[a_provision()]), trail=trail, **options)


def await_that(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)


def ids(folder: Path) -> list[str]:
    return [record["id"] for record in records_of(folder)]


# What is written, and when.


def test_a_use_stands_in_the_file_when_it_is_released(tmp_path: Path, opened: Opened) -> None:
    gate = a_shop(opened(tmp_path))
    digest = gate.policy.digest

    for subject in (None, "s1", None, "s%d\n\ud800\"'"):
        gate.check("email_address", "shipping", subject=subject)

        last = records_of(tmp_path)[-1]
        at = last.pop("at")
        assert abs(at - time.time_ns()) < 60_000_000_000
        assert last.pop("id")
        assert last.pop("subject", None) == subject
        assert last == {
            "asked": "release",
            "mode": "enforced",
            "data_category": "email_address",
            "purpose": "shipping",
            "recipient": "shop",
            "role": "controller",
            "reason": "permitted",
            "clauses": ["1"],
            "policy": {"id": "shop", "revision": "1", "digest": digest},
            "standing": "not-consulted",
        }
    assert len(set(ids(tmp_path))) == 4


def test_the_quick_way_writes_what_the_whole_way_writes(tmp_path: Path, opened: Opened) -> None:
    """The first use of a kind takes the whole way; those after it are written by what it prepared."""
    gate = a_shop(opened(tmp_path))

    for _ in range(3):
        gate.check("email_address", "shipping", subject="s1")

    first, *others = [{name: value for name, value in each.items() if name not in {"id", "at"}} for each in records_of(tmp_path)]
    assert others == [first, first]


def test_a_sink_that_writes_in_a_way_of_its_own_is_asked_to_write_every_record(tmp_path: Path) -> None:
    class Counting(FileSink):
        written = 0

        def write(self, records: Sequence[Record]) -> None:
            self.written += len(records)
            super().write(records)

    sink = Counting(tmp_path)
    gate = a_shop(sink)

    for _ in range(3):
        gate.check("email_address", "shipping")

    sink.close()
    assert sink.written == len(ids(tmp_path)) == 3


def test_denials_questions_and_what_another_clause_permits_are_recorded_as_what_they_are(tmp_path: Path, opened: Opened) -> None:
    gate = a_shop(opened(tmp_path))
    gate.check("email_address", "shipping")

    gate.decide("email_address", "shipping")
    with pytest.raises(PurposeViolation):
        gate.check("email_address", "raffle")
    gate.check(*TO_CARRIER)
    gate.check("email_address", "shipping", channel="post")
    gate.check("email_address", "shipping", claim="case-1")

    assert [
        (each["asked"], each["reason"], each["recipient"], each.get("provision"), each.get("channel"), each.get("claim"))
        for each in records_of(tmp_path)
    ] == [
        ("release", "permitted", "shop", None, None, None),
        ("question", "permitted", "shop", None, None, None),
        ("release", "unknown-purpose", "shop", None, None, None),
        ("release", "permitted", "carrier/ups", True, None, None),
        ("release", "permitted", "shop", None, "post", None),
        ("release", "permitted", "shop", None, None, "case-1"),
    ]


def test_a_reload_writes_under_the_new_policy_at_once(tmp_path: Path, opened: Opened) -> None:
    folder = tmp_path / "policy"
    folder.mkdir()
    (folder / "shop.txt").write_text("We use your email address to ship parcels. We may amend this policy.")
    path = folder / "shop.yaml"
    policy = a_policy_text()
    path.write_text(policy)
    gate = Gate.load(path, trail=opened(tmp_path / "trail"))
    gate.check("email_address", "shipping")
    gate.check("email_address", "shipping")

    path.write_text(policy.replace('"revision": "1"', '"revision": "2"'))
    gate.reload()
    gate.check("email_address", "shipping")

    assert [each["policy"]["revision"] for each in records_of(tmp_path / "trail")] == ["1", "1", "2"]


def a_policy_text() -> str:
    import json  # noqa: PLC0415 - only here

    from builders import a_document  # noqa: PLC0415 - only here

    return json.dumps(a_document(provisions=[a_provision()], uses=[a_use_clause()]))


@pytest.mark.parametrize("options", [{"durability": Durability.DISK}, {}])
def test_what_must_survive_a_loss_of_power_is_on_the_disk_before_it_is_released(
    tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]
) -> None:
    gate = a_shop(opened(tmp_path, **options))
    synced: list[int] = []
    fsync = os.fsync

    def told(fd: int) -> None:
        fsync(fd)
        synced.append(os.fstat(fd).st_size)

    monkeypatch.setattr(os, "fsync", told)

    gate.check(*TO_CARRIER)

    [path] = files_of(tmp_path)
    assert synced == [path.stat().st_size]
    assert sealed(path) >= path.read_bytes().index(b'"carrier/ups"')


def test_what_the_controller_does_waits_for_no_disk(tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = a_shop(opened(tmp_path))
    monkeypatch.setattr(os, "fsync", lambda _: pytest.fail("it was waited for"))

    for _ in range(3):
        gate.check("email_address", "shipping")

    monkeypatch.undo()
    assert len(ids(tmp_path)) == 3


def test_whatever_comes_is_sealed_by_itself(tmp_path: Path, opened: Opened) -> None:
    gate = a_shop(opened(tmp_path))
    for _ in range(100):
        gate.check("email_address", "shipping")
    [path] = files_of(tmp_path)

    await_that(lambda: sealed(path) > path.read_bytes().rindex(b'"id"'))

    seals = path.read_bytes().count(b'{"seal"')
    time.sleep(3 * files._IDLE)
    assert path.read_bytes().count(b'{"seal"') == seals  # while nothing comes nothing is written


def test_a_file_ends_when_the_sink_is_closed_and_another_one_begins_when_it_is_used_again(tmp_path: Path, opened: Opened) -> None:
    sink = opened(tmp_path)
    gate = a_shop(sink)
    gate.check("email_address", "shipping")
    gate.check("email_address", "shipping")
    sink.close()
    [first] = files_of(tmp_path)
    assert ended(first)

    gate.check("email_address", "shipping")
    sink.close()
    sink.close()

    second = next(path for path in files_of(tmp_path) if path != first)
    assert ended(first)
    assert ended(second)
    last = lines_of(first)[-1]
    header = lines_of(second)[0]
    head = {"chain": lines_of(first)[0]["chain"], "seal": last["seal"], "bytes": last["bytes"], "sha256": last["sha256"]}
    assert header["heads"] == [head]
    assert len(ids(tmp_path)) == 3


def test_a_head_that_another_file_holds_is_not_held_twice(tmp_path: Path, opened: Opened) -> None:
    for _ in range(4):
        opened(tmp_path).close()

    held = [head["chain"] for path in files_of(tmp_path) for head in lines_of(path)[0]["heads"]]
    chains = [lines_of(path)[0]["chain"] for path in files_of(tmp_path)]
    assert len(held) == len(set(held)) == 3
    assert set(held) < set(chains)


def test_a_file_that_has_grown_large_is_ended_and_another_one_begun(tmp_path: Path, opened: Opened) -> None:
    gate = a_shop(opened(tmp_path, largest=5_000))
    written = 0

    def grown() -> bool:
        nonlocal written
        for _ in range(20):
            gate.check("email_address", "shipping")
            written += 1
        return len(files_of(tmp_path)) >= 3

    await_that(grown)
    await_that(lambda: sum(map(ended, files_of(tmp_path))) >= 2)

    assert len(ids(tmp_path)) == len(set(ids(tmp_path))) == written


def test_a_sink_that_nobody_holds_ends_its_file_and_its_thread(tmp_path: Path) -> None:
    before = set(threads_running())
    sink = FileSink(tmp_path)
    thread = next(each for each in threads_running() if each not in before)

    def gone() -> bool:
        gc.collect()  # again and again: its thread may just be holding it
        return ended(files_of(tmp_path)[0])

    del sink

    await_that(gone)
    thread.join(20)
    assert not thread.is_alive()


def test_a_sink_is_given_up_also_where_its_thread_holds_the_lock_that_it_waits_by(tmp_path: Path) -> None:
    """The garbage collector comes in whatever thread, at whatever step of it."""
    sinks = [FileSink(tmp_path)]
    stopped: Any = sinks[0]._stopped

    def collected() -> None:
        with stopped._cond:
            time.sleep(0.2)  # its own thread waits by then, and does not hold it
            sinks.clear()
            gc.collect()

    collecting = Thread(target=collected, daemon=True)
    collecting.start()
    collecting.join(10)

    assert not collecting.is_alive()
    await_that(lambda: ended(files_of(tmp_path)[0]))


def test_a_process_that_ends_by_itself_ends_its_file(tmp_path: Path) -> None:
    run(WRITING, tmp_path, "for _ in range(5): check()")

    [path] = files_of(tmp_path)
    assert ended(path)
    assert len(ids(tmp_path)) == 5


# Threads, processes and forks.


def test_eight_threads_and_four_processes_write_each_record_once_and_whole(tmp_path: Path) -> None:
    program = """
    from concurrent.futures import ThreadPoolExecutor
    def work(number):
        for _ in range(200): check()
        for _ in range(5): provide()
    with ThreadPoolExecutor(8) as pool: list(pool.map(work, range(8)))
    """
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: run(WRITING, tmp_path, program), range(4))) == [""] * 4

    assert len(files_of(tmp_path)) == 4
    assert all(map(ended, files_of(tmp_path)))
    assert len(ids(tmp_path)) == len(set(ids(tmp_path))) == 4 * 8 * 205


def test_a_child_process_writes_a_file_of_its_own_and_ids_of_its_own(tmp_path: Path, opened: Opened) -> None:
    sink = opened(tmp_path)
    gate = a_shop(sink)
    gate.check("email_address", "shipping")
    gate.check("email_address", "shipping")
    prepared = next(iter(gate._snapshot.trailed.values()))[0]  # somebody may hold on to it

    def write_in_the_child() -> None:
        for _ in range(3):
            gate.check("email_address", "shipping")
            prepared(None)
        gate.check(*TO_CARRIER)
        sink.close()

    assert in_a_child(write_in_the_child)
    for _ in range(3):
        gate.check("email_address", "shipping")
        prepared(None)
    sink.close()

    assert len(files_of(tmp_path)) == 2
    assert sorted(sum("id" in line for line in lines_of(path)) for path in files_of(tmp_path)) == [7, 8]
    assert all(map(ended, files_of(tmp_path)))
    assert len(set(ids(tmp_path))) == 15


# What goes wrong.


def test_a_folder_that_cannot_be_made_is_refused_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(TrailError) as refused:
        FileSink(tmp_path / "file" / "trail")

    assert str(refused.value) == "the trail cannot be written (ENOTDIR)"


def test_a_full_disk_releases_nothing_and_is_written_again_when_there_is_room(tmp_path: Path, opened: Opened) -> None:
    with a_small_disk(tmp_path) as disk:
        sink = opened(disk / "trail")
        gate = a_shop(sink)
        (disk / "ballast").write_bytes(b"x" * 500_000)
        released = 0
        with pytest.raises(TrailError) as refused:
            while released < 100_000:
                gate.check("email_address", "shipping", subject="s1")
                released += 1
        for kind in (TO_CARRIER, ("email_address", "shipping"), ("email_address", "raffle")):
            with pytest.raises(TrailError):
                gate.check(*kind)
        assert str(refused.value) == "the trail cannot be written (ENOSPC)"
        whole = [line for path in files_of(disk / "trail") for line in path.read_bytes().splitlines() if line.endswith(b'"s1"}')]
        assert len(whole) == released

        (disk / "ballast").unlink()
        time.sleep(2 * files._AGAIN)
        gate.check("email_address", "shipping")
        gate.check(*TO_CARRIER)
        await_that(lambda: sum(map(ended, files_of(disk / "trail"))) == 1)
        sink.close()

        assert all(map(ended, files_of(disk / "trail")))
        assert len(ids(disk / "trail")) == released + 2


def test_what_may_only_be_read_is_refused_and_written_again_when_it_may(tmp_path: Path, opened: Opened) -> None:
    with a_small_disk(tmp_path) as disk:
        sink = opened(disk / "trail")
        gate = a_shop(sink)
        gate.check("email_address", "shipping")
        sink.close()  # a disk on which a file is open for writing cannot be made so
        mounted(disk, "ro")

        for use in (("email_address", "shipping"), TO_CARRIER, ("email_address", "raffle")):
            with pytest.raises(TrailError, match=r"EROFS|cannot be written"):
                gate.check(*use)
        with pytest.raises(TrailError, match="EROFS"):
            opened(disk / "trail")
        mounted(disk, "rw")
        time.sleep(2 * files._AGAIN)

        gate.check("email_address", "shipping")
        sink.close()
        assert len(ids(disk / "trail")) == 2


def test_what_the_disk_does_not_take_is_refused_for_all_who_wait(
    tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = a_shop(opened(tmp_path))
    gate.check(*TO_CARRIER)
    fsync = os.fsync
    broken = [True]

    def failing(fd: int) -> None:
        if broken[0]:
            raise OSError(errno.EIO, "hanako@example.com")
        fsync(fd)

    monkeypatch.setattr(os, "fsync", failing)
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: outcome(gate), range(8)))

    assert {type(each) for each in outcomes} == {TrailError}
    assert all("hanako" not in str(each) for each in outcomes)
    broken[0] = False
    time.sleep(2 * files._AGAIN)
    assert gate.check(*TO_CARRIER).permitted
    assert len(files_of(tmp_path)) >= 2  # nothing is written into a file of which the disk may have lost something


def mounted(disk: Path, how: str) -> None:
    subprocess.run([shutil.which("mount") or "", "-o", f"remount,{how}", disk], check=True, timeout=120)


def outcome(gate: Gate) -> Decision | TrailError:
    try:
        return gate.check(*TO_CARRIER)
    except TrailError as error:
        return error


def test_what_hangs_in_the_disk_is_refused_within_the_deadline(
    tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = a_shop(opened(tmp_path, deadline=0.2))
    gate.check(*TO_CARRIER)
    fsync = os.fsync
    leader: list[Thread] = []

    def slow(fd: int) -> None:
        if not leader:
            leader.append(current_thread())
            time.sleep(1)
        fsync(fd)

    monkeypatch.setattr(os, "fsync", slow)
    first = Thread(target=gate.check, args=TO_CARRIER)
    first.start()
    await_that(lambda: bool(leader))
    began = time.monotonic()

    with pytest.raises(TrailError, match="took too long"):
        gate.check(*TO_CARRIER)

    assert time.monotonic() - began < 0.9
    first.join()


def moved(path: Path) -> None:
    path.rename(path.with_name("trail.1"))


def copied_and_cut(path: Path) -> None:
    path.with_name("trail.1").write_bytes(path.read_bytes())
    os.truncate(path, 0)


@pytest.mark.parametrize("rotating", [moved, Path.unlink, copied_and_cut])
def test_rotation_by_an_outside_program_begins_another_file(
    tmp_path: Path, opened: Opened, rotating: Callable[[Path], None]
) -> None:
    gate = a_shop(opened(tmp_path))
    gate.check("email_address", "shipping")
    [path] = files_of(tmp_path)

    rotating(path)
    await_that(lambda: any(each != path for each in files_of(tmp_path)))
    gate.check("email_address", "shipping")
    gate.check(*TO_CARRIER)

    after = next(each for each in files_of(tmp_path) if each != path)
    assert sum("id" in line for line in lines_of(after)) == 2
    assert sealed(after)
    if rotating is moved:
        await_that(lambda: ended(path.with_name("trail.1")))


@pytest.mark.parametrize("rotating", [moved, Path.unlink, copied_and_cut])
def test_what_must_be_on_the_disk_is_refused_where_it_would_be_in_a_file_that_nobody_finds(
    tmp_path: Path, opened: Opened, rotating: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FileSink, "_tend", lambda _: False)  # nobody has noticed yet
    gate = a_shop(opened(tmp_path))
    gate.check(*TO_CARRIER)
    [path] = files_of(tmp_path)
    rotating(path)

    with pytest.raises(TrailError):
        gate.check(*TO_CARRIER)
    assert gate.check(*TO_CARRIER).permitted

    after = next(each for each in files_of(tmp_path) if each != path)
    assert sum("id" in line for line in lines_of(after)) == 1


def test_a_program_that_closes_all_files_has_nothing_written_into_its_own(tmp_path: Path) -> None:
    """As a daemon does when it is begun."""
    program = f"""
    check(); check()
    import os, time
    os.closerange(3, 200)
    others = [os.open({str(tmp_path / "other")!r}, os.O_RDWR | os.O_CREAT) for _ in range(20)]
    time.sleep(1)
    check(); check(); provide()
    print(os.path.getsize({str(tmp_path / "other")!r}))
    """

    done = run(WRITING, tmp_path / "trail", program)

    assert done == "0\n"
    assert len(ids(tmp_path / "trail")) == 5


def test_files_of_a_killed_process_are_ended_by_the_next_one_and_a_torn_line_is_cut_off(tmp_path: Path, opened: Opened) -> None:
    with started(WRITING, tmp_path, "check(); print('written', flush=True); sys.stdin.read()") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        process.send_signal(signal.SIGKILL)
    [killed] = files_of(tmp_path)
    torn = b'{"id":"0123456789abcdef-2","at":179'
    with killed.open("ab") as file:
        file.write(torn)
    assert not ended(killed)

    opened(tmp_path)

    assert ended(killed)
    *_, mend, _ = lines_of(killed)
    mender = next(path for path in files_of(tmp_path) if path != killed)
    assert (mend["by"], mend["cut"]) == (lines_of(mender)[0]["chain"], len(torn))
    assert len(ids(tmp_path)) == 1


def test_a_file_of_a_process_that_lives_is_left_alone(tmp_path: Path, opened: Opened) -> None:
    gate = a_shop(opened(tmp_path))
    gate.check("email_address", "shipping")

    other = a_shop(opened(tmp_path))
    gate.check("email_address", "shipping")
    other.check("email_address", "shipping")

    assert not any(map(ended, files_of(tmp_path)))
    assert not any("mended" in line for path in files_of(tmp_path) for line in lines_of(path))
    assert len(ids(tmp_path)) == 3


def test_a_file_that_is_none_of_a_trail_is_never_touched(tmp_path: Path, opened: Opened) -> None:
    names = ["notes.jsonl", "20260101T000000Z-0123456789abcdef.jsonl", "20260101T000000Z-0123456789abcdee.jsonl.1"]
    target = tmp_path / "elsewhere"
    target.write_bytes(b'{"purposegate_trail":1}\n')
    for name in names:
        (tmp_path / name).write_bytes(b"somebody's own")
    (tmp_path / "20260101T000000Z-0123456789abcded.jsonl").symlink_to(target)

    opened(tmp_path).close()

    assert [(tmp_path / name).read_bytes() for name in names] == [b"somebody's own"] * 3
    assert target.read_bytes() == b'{"purposegate_trail":1}\n'


def test_a_file_that_cannot_be_sealed_is_left_for_another_one(
    tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = a_shop(opened(tmp_path))
    gate.check("email_address", "shipping")

    def failing(*_: Any) -> bytes:
        raise OSError(errno.EIO, "hanako@example.com")

    monkeypatch.setattr(os, "pread", failing)
    gate.check("email_address", "shipping")
    await_that(lambda: gate_refuses(gate) or len(files_of(tmp_path)) > 1)
    monkeypatch.undo()
    time.sleep(2 * files._AGAIN)

    assert gate.check("email_address", "shipping").permitted
    assert len(files_of(tmp_path)) == 2


def gate_refuses(gate: Gate) -> bool:
    try:
        gate.check("email_address", "shipping")
    except TrailError:
        return True
    return False


def test_a_clock_of_ones_own_writes_the_time_that_it_tells(tmp_path: Path, opened: Opened) -> None:
    gate = a_shop(opened(tmp_path), clock=lambda: NOW)

    for _ in range(3):
        gate.check("email_address", "shipping")

    assert {each["at"] for each in records_of(tmp_path)} == {int(NOW.timestamp()) * 1_000_000_000}


# What was written, verified.


def test_every_byte_that_is_changed_every_line_that_is_gone_and_every_cut_is_found(tmp_path: Path, opened: Opened) -> None:
    folder = tmp_path / "trail"
    for _ in range(2):
        sink = opened(folder)
        gate = a_shop(sink)
        gate.check("email_address", "shipping", subject="s-1")
        gate.check(*TO_CARRIER)
        sink.close()
    heads = heads_in(folder)
    for path in files_of(folder):
        data = path.read_bytes()
        lines = data.splitlines(keepends=True)
        changed = [data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :] for at in range(len(data))]
        gone = [b"".join(lines[:at] + lines[at + 1 :]) for at in range(len(lines))]
        swapped = [b"".join([*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]) for at in range(len(lines) - 1)]
        cut = [data[:size] for size in range(len(data))]
        for spoilt in [*changed, *gone, *swapped, *cut]:
            path.write_bytes(spoilt)
            assert not sound(folder), spoilt
            # Who remembers the heads knows that it was no accident.
            assert {State.TAMPERED, State.MISSING} & {report.state for report in verify(folder, heads)}, spoilt
        path.write_bytes(data)
    assert sound(folder)


def sound(folder: Path) -> bool:
    return {report.state for report in verify(folder)} <= {State.WHOLE, State.MENDED, State.OPEN}


# Processes that write.

WRITING = """
import sys
sys.path.insert(0, "tests")
from builders import a_policy, a_provision
from purposegate import FileSink, Gate
gate = Gate(a_policy(provisions=[a_provision()]), trail=FileSink(sys.argv[1]))
def check(): gate.check("email_address", "shipping")
def provide(): gate.check("email_address", "shipping", "carrier/ups")
"""


def started(begin: str, folder: Path, program: str) -> subprocess.Popen[str]:
    lines = program.splitlines()
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    text = begin + "\n".join(line[margin:] for line in lines)
    return subprocess.Popen(
        [sys.executable, "-c", text, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
    )


def run(begin: str, folder: Path, program: str) -> str:
    with started(begin, folder, program) as process:
        told, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return told
