"""A watched policy: whichever way its files change, the new one comes into force or the last good one stays; also after a fork."""

from __future__ import annotations

import gc
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import PROSE, a_document, a_folder, a_policy, as_yaml

from purposegate import Gate, PolicyError
from purposegate.gate import watcher
from purposegate.gate.gate import _after_fork
from purposegate.policy.compiled import compiled
from purposegate.policy.files import Files
from purposegate.testing.together import in_a_child

DENIES: dict[str, Any] = {"uses": [], "provisions": [], "policy": {"revision": "2"}}


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watcher, "EVERY", 0.01)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Gate]:
    gate = Gate.load(a_folder(tmp_path), watch=True)
    yield gate
    gate.close()


def comes_true(condition: Callable[[], bool], seconds: float = 10) -> bool:
    """Wait for something that another thread brings about."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.005)
    return True


def stays(condition: Callable[[], bool], seconds: float = 0.15) -> bool:
    return not comes_true(lambda: not condition(), seconds)


def revision(gate: Gate, expected: str) -> bool:
    return comes_true(lambda: gate.policy.revision == expected)


def in_place(path: Path, text: bytes) -> None:
    path.write_bytes(text)


def by_renaming(path: Path, text: bytes) -> None:
    new = path.with_name("new")
    new.write_bytes(text)
    new.replace(path)


def by_deleting_first(path: Path, text: bytes) -> None:
    path.unlink()
    time.sleep(0.05)
    path.write_bytes(text)


@pytest.mark.parametrize("write", [in_place, by_renaming, by_deleting_first])
def test_a_file_that_changes_comes_into_force(watched: Gate, tmp_path: Path, write: Any) -> None:
    bound = watched.bind("shipping")
    assert bound.check("email_address")

    write(tmp_path / "shop.yaml", as_yaml(a_document(**DENIES)))

    assert revision(watched, "2")
    assert not watched.decide("email_address", "shipping")
    assert not bound.decide("email_address")
    assert comes_true(lambda: watched.refused is None)


def test_a_folder_that_is_swapped_beneath_a_link_comes_into_force(tmp_path: Path) -> None:
    """As a ConfigMap is mounted: policy.yaml -> ..data/policy.yaml, ..data -> ..1, and one renaming swaps ..data."""
    for name, parts in (("..1", {}), ("..2", DENIES)):
        (tmp_path / name).mkdir()
        a_folder(tmp_path / name, **parts)
    (tmp_path / "..data").symlink_to("..1")
    for name in ("shop.yaml", "shop.txt"):
        (tmp_path / name).symlink_to(f"..data/{name}")
    gate = Gate.load(tmp_path / "shop.yaml", watch=True)

    (tmp_path / "..data_tmp").symlink_to("..2")
    (tmp_path / "..data_tmp").replace(tmp_path / "..data")

    assert revision(gate, "2")
    gate.close()


def test_a_compiled_policy_is_watched_too(tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_bytes(compiled(a_policy()))
    gate = Gate.load(path, watch=True)

    path.write_bytes(compiled(a_policy(**DENIES)))

    assert revision(gate, "2")
    gate.close()


def test_a_bad_file_leaves_the_last_good_policy_in_force_and_is_reported_once(
    watched: Gate, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "purposegate")

    (tmp_path / "shop.yaml").write_bytes(b"purposegate: 1\n")

    assert comes_true(lambda: watched.refused is not None)
    assert stays(lambda: watched.policy.revision == "1")
    assert isinstance(watched.refused, PolicyError)
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "revision 1 of `shop` stays in force" in caplog.text

    (tmp_path / "shop.yaml").write_bytes(as_yaml(a_document(**DENIES)))

    assert revision(watched, "2")
    assert comes_true(lambda: watched.refused is None)
    assert comes_true(lambda: caplog.records[-1].getMessage() == "revision 2 of `shop` is in force")  # said a moment after it is so


def test_the_prose_is_watched_with_the_policy(watched: Gate, tmp_path: Path) -> None:
    (tmp_path / "shop.txt").write_text("We promise nothing.")
    assert comes_true(lambda: watched.refused is not None)

    (tmp_path / "shop.txt").write_text(PROSE)
    assert comes_true(lambda: watched.refused is None)


def test_a_prose_that_arrives_after_its_policy_is_waited_for(watched: Gate, tmp_path: Path) -> None:
    document = a_document(policy={"revision": "2", "prose": "new.txt"})
    (tmp_path / "shop.yaml").write_bytes(as_yaml(document))
    assert comes_true(lambda: watched.refused is not None)

    (tmp_path / "new.txt").write_text(PROSE)

    assert revision(watched, "2")


def test_a_file_that_is_still_being_written_is_not_taken_for_a_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of this one would be in order, and say less than the whole."""
    monkeypatch.setattr(watcher, "EVERY", 0.1)
    gate = Gate.load(a_folder(tmp_path), watch=True)
    lines = [*(f"# {number}\n".encode() for number in range(30)), as_yaml(a_document(**DENIES))]

    with (tmp_path / "shop.yaml").open("wb", buffering=0) as file:
        for line in lines:
            file.write(line)
            time.sleep(0.02)

    assert gate.refused is None
    assert revision(gate, "2")
    gate.close()


def test_a_change_within_one_tick_of_the_clock_and_of_the_same_length_is_seen(watched: Gate, tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    text = path.read_bytes()
    stamp = path.stat()
    assert stays(lambda: watched.policy.revision == "1", 0.05)

    path.write_bytes(text.replace(b'"revision": "1"', b'"revision": "7"'))
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))

    assert revision(watched, "7")


def test_a_closed_gate_goes_on_and_watches_no_more(watched: Gate, tmp_path: Path) -> None:
    watched.close()
    watched.close()

    a_folder(tmp_path, **DENIES)

    assert stays(lambda: watched.policy.revision == "1")
    watched.reload()
    assert watched.policy.revision == "2"


def test_watching_keeps_no_process_from_ending(watched: Gate) -> None:
    assert watched.refused is None
    assert {thread.daemon for thread in threading.enumerate() if thread.name == "purposegate-watch"} == {True}


def watching() -> int:
    return sum(thread.name == "purposegate-watch" for thread in threading.enumerate())


def test_a_gate_that_nobody_holds_is_watched_no_more(tmp_path: Path) -> None:
    assert comes_true(lambda: watching() == 0)
    gate = Gate.load(a_folder(tmp_path), watch=True)
    assert watching() == 1

    del gate
    gc.collect()

    assert comes_true(lambda: watching() == 0)


def test_a_gate_is_given_up_also_where_its_thread_holds_the_lock_that_it_waits_by(tmp_path: Path) -> None:
    """The garbage collector comes in whatever thread, at whatever step of it."""
    gates = [Gate.load(a_folder(tmp_path), watch=True)]
    assert gates[0]._watcher is not None
    stopped: Any = gates[0]._watcher._stopped

    def collected() -> None:
        with stopped._cond:
            gates.clear()
            gc.collect()

    collecting = threading.Thread(target=collected, daemon=True)
    collecting.start()
    collecting.join(10)

    assert not collecting.is_alive()
    assert comes_true(lambda: watching() == 0)


def test_a_gate_that_is_not_asked_to_watch_does_not(tmp_path: Path) -> None:
    assert comes_true(lambda: watching() == 0)

    gate = Gate.load(a_folder(tmp_path))

    assert (watching(), gate.refused) == (0, None)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_watches_for_itself_and_waits_for_no_lock(watched: Gate, tmp_path: Path) -> None:
    """The parent forks while another thread is reloading: the child must not wait for a lock that nobody will give back."""

    def watch_in_the_child() -> bool:
        watched.bind("shipping")
        a_folder(tmp_path, **DENIES)
        return revision(watched, "2")

    with watched._lock:
        went_well = in_a_child(watch_in_the_child, within=60)

    assert went_well
    assert revision(watched, "2")


def test_after_a_fork_every_gate_has_a_free_lock_and_a_watcher_that_runs(watched: Gate, tmp_path: Path) -> None:
    """What the child does first, done here: no other process tells which lines of it were run."""
    assert watched._watcher is not None
    watched._watcher.stop()
    assert comes_true(lambda: watching() == 0)
    held = watched._lock
    held.acquire()

    _after_fork()

    watched.bind("shipping")
    a_folder(tmp_path, **DENIES)
    assert revision(watched, "2")
    assert held.locked()


def test_whatever_goes_wrong_with_a_reload_is_reported_and_the_watching_goes_on(
    watched: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def out_of_memory(*_: object, **__: object) -> None:
        raise MemoryError("taro@example.com")

    with monkeypatch.context() as patched:
        patched.setattr("purposegate.gate.gate.load_revisions", out_of_memory)
        a_folder(tmp_path, policy={"revision": "3"})
        assert comes_true(lambda: bool(caplog.records))
    a_folder(tmp_path, **DENIES)

    assert revision(watched, "2")
    assert {record.getMessage() for record in caplog.records if record.levelname == "ERROR"} == {
        "the policy was not reloaded: MemoryError"
    }


def test_a_file_that_has_not_changed_is_not_read_again(watched: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watcher, "_TICK", -(10**12))  # as if the files had been written long ago
    read: list[str] = []
    reading = Files.read

    def noted(files: Files, path: Path, what: str) -> Any:
        read.append(path.name)
        return reading(files, path, what)

    assert stays(lambda: watched.policy.revision == "1", 0.05)
    monkeypatch.setattr(Files, "read", noted)
    assert stays(lambda: watched.policy.revision == "1", 0.1)
    assert read == []

    (tmp_path / "shop.txt").write_text(PROSE + " ")
    assert comes_true(lambda: "shop.txt" in read)


def test_a_file_that_was_written_a_moment_ago_is_read_again(watched: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    reading = Files.read

    def noted(files: Files, path: Path, what: str) -> Any:
        read.append(path.name)
        return reading(files, path, what)

    monkeypatch.setattr(Files, "read", noted)

    assert watched.policy.revision == "1"
    assert comes_true(lambda: len(read) > 4)
    assert set(read) == {"shop.yaml", "shop.txt"}


def test_a_file_that_is_put_back_after_a_reload_by_hand_comes_into_force(watched: Gate, tmp_path: Path) -> None:
    strict = (tmp_path / "shop.yaml").read_bytes()
    (tmp_path / "shop.yaml").write_bytes(as_yaml(a_document(policy={"revision": "loose"})))
    watched.reload()
    assert watched.policy.revision == "loose"

    (tmp_path / "shop.yaml").write_bytes(strict)

    assert revision(watched, "1")


def test_what_is_read_must_be_what_was_at_rest(
    watched: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A writer who begins between the look and the reading: half of his file is left alone until it is at rest, too."""
    reading = Files.read
    written: list[bytes] = [as_yaml(a_document(policy={"revision": "half"})), as_yaml(a_document(**DENIES))]

    def overtaken(files: Files, path: Path, what: str) -> Any:
        if what == "the policy" and written:
            path.write_bytes(written.pop(0))
        return reading(files, path, what)

    seen: list[str] = []
    monkeypatch.setattr(Files, "read", overtaken)
    (tmp_path / "shop.yaml").write_bytes(as_yaml(a_document(policy={"revision": "3"})))

    assert comes_true(lambda: seen.append(watched.policy.revision) or seen[-1] == "2")  # type: ignore[func-returns-value]  # it keeps what it saw
    assert set(seen) == {"1", "2"}
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


def test_a_look_that_fails_is_logged_and_the_next_one_is_taken(
    watched: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def out_of_memory(*_: object) -> None:
        raise MemoryError("taro@example.com")

    with monkeypatch.context() as patched:
        patched.setattr(watcher._Look, "at", out_of_memory)
        assert comes_true(lambda: bool(caplog.records))
    a_folder(tmp_path, **DENIES)

    assert revision(watched, "2")
    assert caplog.records[0].getMessage() == "the policy's files were not looked at: MemoryError"


def test_a_log_that_raises_does_not_end_the_watching(watched: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed: list[str] = []

    def out_of_memory(*_: object) -> None:
        raise MemoryError

    def no_log(record: logging.LogRecord) -> bool:
        failed.append(record.getMessage())
        raise MemoryError

    logger = logging.getLogger("purposegate")
    logger.addFilter(no_log)
    try:
        with monkeypatch.context() as patched:
            patched.setattr(watcher._Look, "at", out_of_memory)
            assert comes_true(lambda: len(failed) > 2)
    finally:
        logger.removeFilter(no_log)
    a_folder(tmp_path, **DENIES)

    assert revision(watched, "2")


def test_a_change_is_put_in_force_once(watched: Gate, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "purposegate")

    a_folder(tmp_path, **DENIES)

    assert revision(watched, "2")
    assert stays(lambda: [record.getMessage() for record in caplog.records] == ["revision 2 of `shop` is in force"])


def test_why_the_file_is_not_in_force_is_kept_whatever_it_was(watched: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    watched.close()

    def out_of_memory(*_: object, **__: object) -> None:
        raise MemoryError("taro@example.com")

    monkeypatch.setattr("purposegate.gate.gate.load_revisions", out_of_memory)
    with pytest.raises(MemoryError):
        watched.reload()

    assert str(watched.refused) == "the policy was not reloaded (MemoryError)"
    monkeypatch.undo()
    watched.reload()
    assert watched.refused is None


def test_a_gate_that_cannot_watch_after_a_fork_keeps_no_other_from_it(
    watched: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "other").mkdir()
    others = [Gate.load(a_folder(tmp_path / "other")) for _ in range(3)]
    gates = [watched, *others]
    for gate in gates:
        gate._lock.acquire()

    def no_thread(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(watcher.Watcher, "start", no_thread)
    _after_fork()

    assert [gate._lock.locked() for gate in gates] == [False] * 4
    assert [record.getMessage() for record in caplog.records] == ["the policy is not watched in this process: RuntimeError"]
