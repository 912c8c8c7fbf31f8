"""Verifying a trail: nothing in it can be changed without being told of, and an accident is not taken for it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trails import BEGUN, CHAINS, TrailFile, a_closed_file, a_killed_file, a_line, a_trail, written

from purposegate import TrailError
from purposegate.trail.blocks import CHUNK
from purposegate.trail.chain import Head
from purposegate.trail.report import FileReport, State, Wrong
from purposegate.trail.verifying import verify

FOUND = {State.TAMPERED, State.MISSING}
SECOND = 10**9


def states(folder: Path, heads: list[Head] | None = None) -> list[State]:
    return [report.state for report in verify(folder, heads or ())]


def only(folder: Path, *heads: Head) -> FileReport:
    (report,) = verify(folder, heads)
    return report


def state_of(data: bytes, path: Path, *heads: Head) -> State:
    path.write_bytes(data)
    return only(path.parent, *heads).state


def heads_of(*files: TrailFile) -> list[Head]:
    return [Head(**file.head) for file in files]


@contextmanager
def flipped(path: Path, at: int, bit: int) -> Iterator[None]:
    """Have one bit of a file changed."""
    with path.open("r+b", buffering=0) as file:
        (byte,) = os.pread(file.fileno(), 1, at)
        os.pwrite(file.fileno(), bytes([byte ^ 1 << bit]), at)
        yield
        os.pwrite(file.fileno(), bytes([byte]), at)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a file, as the process that writes it does."""
    file = os.open(path, os.O_WRONLY)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def test_files_that_were_closed_are_whole(tmp_path: Path) -> None:
    files = a_trail(tmp_path)

    assert list(verify(tmp_path, heads_of(*files))) == [
        FileReport(
            file.name,
            file.chain,
            State.WHOLE,
            size=len(file.data),
            records=4,
            first=BEGUN + SECOND,
            last=BEGUN + 4 * SECOND,
            head=Head(**file.head),
        )
        for file in files
    ]


def test_every_flipped_bit_of_a_closed_file_is_tampering(tmp_path: Path) -> None:
    """Also where only the head tells so: what was the last seal is a line that nobody can read then."""
    file = a_closed_file()
    path = file.put(tmp_path)
    untold, told_by_the_head = [], 0
    for at, bit in product(range(len(file.data)), range(8)):
        with flipped(path, at, bit):
            alone = only(tmp_path).state
            if alone is not State.TAMPERED:
                told_by_the_head += 1
                if alone is State.WHOLE or only(tmp_path, *heads_of(file)).state is not State.TAMPERED:
                    untold.append((at, bit))

    assert untold == []
    assert 0 < told_by_the_head < 8 * len(b'}{"seal":\n')


def test_every_line_that_is_dropped_doubled_or_swapped_is_tampering(tmp_path: Path) -> None:
    file = a_closed_file()
    path = file.put(tmp_path)
    lines = file.data.splitlines(keepends=True)
    changed = [
        *(lines[:at] + lines[at + 1 :] for at in range(len(lines))),
        *(lines[: at + 1] + lines[at:] for at in range(len(lines))),
        *([*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]] for at in range(len(lines) - 1)),
    ]

    told = [(state_of(b"".join(each), path), state_of(b"".join(each), path, *heads_of(file))) for each in changed]

    assert len(told) == 3 * len(lines) - 1
    assert State.WHOLE not in {without for without, _ in told}
    assert {anchored for _, anchored in told} == {State.TAMPERED}


def test_a_closed_file_cut_off_anywhere_is_not_whole_and_with_its_head_tampered(tmp_path: Path) -> None:
    file = a_closed_file()
    path = file.put(tmp_path)
    without, anchored = set(), set()
    for size in reversed(range(len(file.data))):
        os.truncate(path, size)
        without.add(only(tmp_path).state)
        anchored.add(only(tmp_path, *heads_of(file)).state)

    assert (without, anchored) == ({State.TORN, State.UNFINISHED}, {State.TAMPERED})


def test_a_head_in_another_file_finds_out_what_was_cut_off(tmp_path: Path) -> None:
    first, second, _ = a_trail(tmp_path)
    (tmp_path / first.name).write_bytes(first.data[: first.data.rindex(b'{"seal":')])

    reports = list(verify(tmp_path))

    assert [report.state for report in reports] == [State.TAMPERED, State.WHOLE, State.WHOLE]
    assert reports[0].wrong == (Wrong(f"seal 4, which `{second.name}` names, is not there, so the end was cut off"),)


def test_a_file_that_was_written_anew_is_found_out_by_its_head(tmp_path: Path) -> None:
    _, second, _ = a_trail(tmp_path)
    forged = TrailFile().seal().write(a_line(1)).seal().write(a_line(3)).seal().write(a_line(4)).end()
    forged.put(tmp_path)

    reports = list(verify(tmp_path))

    assert reports[0].wrong == (Wrong(f"seal 4, which `{second.name}` names, is another one"),)
    assert [report.state for report in reports] == [State.TAMPERED, State.WHOLE, State.WHOLE]


def test_every_dropped_file_is_missing(tmp_path: Path) -> None:
    files = a_trail(tmp_path)
    told = []
    for file in files:
        (tmp_path / file.name).unlink()
        told.append((states(tmp_path), states(tmp_path, heads_of(*files))))
        file.put(tmp_path)

    gone = [State.WHOLE, State.WHOLE, State.MISSING]
    # Nobody but an anchor remembers the last one.
    assert told == [(gone, gone), (gone, gone), ([State.WHOLE, State.WHOLE], gone)]


def test_a_missing_file_is_told_of_with_who_remembers_it(tmp_path: Path) -> None:
    first, second, _ = a_trail(tmp_path)
    (tmp_path / first.name).unlink()

    report = list(verify(tmp_path, heads_of(first)))[-1]

    gone = f"the file is gone: its seal 4, of {first.head['bytes']} bytes, is one which "
    wrong = (Wrong(f"{gone}`{second.name}` names"), Wrong(f"{gone}the heads that were passed name"))
    assert report == FileReport("", first.chain, State.MISSING, wrong=wrong)


def test_swapped_files_are_tampering(tmp_path: Path) -> None:
    first, second, _ = a_trail(tmp_path)
    (tmp_path / first.name).write_bytes(second.data)
    (tmp_path / second.name).write_bytes(first.data)

    assert states(tmp_path) == [State.TAMPERED, State.TAMPERED, State.WHOLE]


def test_a_copy_is_tampering_whatever_it_is_called(tmp_path: Path) -> None:
    file = a_closed_file()
    file.put(tmp_path)
    (tmp_path / "copy.txt").write_bytes(file.data)

    other = Wrong(f"another file bears the chain {file.chain} too")
    assert [(report.name, report.state, report.wrong) for report in verify(tmp_path)] == [
        (file.name, State.TAMPERED, (other,)),
        ("copy.txt", State.TAMPERED, (Wrong("its name is not that of the file which its header says it is"), other)),
    ]


def test_a_file_under_another_time_is_tampering(tmp_path: Path) -> None:
    file = a_closed_file()
    file.put(tmp_path).rename(tmp_path / f"20270115T120000Z-{file.chain}.jsonl")

    assert states(tmp_path) == [State.TAMPERED]


def test_what_does_not_belong_to_the_trail_is_told_of_and_no_tampering(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("ours")
    (tmp_path / "old").mkdir()
    (tmp_path / "link").symlink_to(a_closed_file().put(tmp_path))

    assert [(report.name, report.state) for report in verify(tmp_path)] == [
        (a_closed_file().name, State.WHOLE),
        ("link", State.FOREIGN),
        ("notes.txt", State.FOREIGN),
        ("old", State.FOREIGN),
    ]


def test_a_file_that_was_just_being_begun_is_not_there_yet(tmp_path: Path) -> None:
    file = TrailFile().seal()
    (tmp_path / f".{file.name}.new").write_bytes(file.data)

    assert list(verify(tmp_path)) == []


def test_a_link_in_the_place_of_a_file_is_tampering(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    folder = tmp_path / "trail"
    elsewhere.mkdir()
    folder.mkdir()
    file = a_closed_file()
    (folder / file.name).symlink_to(file.put(elsewhere))

    report = only(folder)

    assert (report.state, report.wrong) == (
        State.TAMPERED,
        (Wrong("it is no regular file, as every file of a trail is"),),
    )


def test_a_killed_file_is_unfinished_and_its_last_records_are_counted(tmp_path: Path) -> None:
    file = a_killed_file()
    file.put(tmp_path)

    report = only(tmp_path)

    assert (report.state, report.records, report.unsealed, report.wrong) == (State.UNFINISHED, 4, 2, ())
    assert report.head == Head(**file.head)


def test_every_cut_in_the_last_line_of_a_killed_file_is_torn(tmp_path: Path) -> None:
    file = a_killed_file()
    path = file.put(tmp_path)
    begins = len(file.data) - len(a_line(4))

    assert {state_of(file.data[:size], path) for size in range(begins + 1, len(file.data))} == {State.TORN}
    assert state_of(file.data[:begins], path) is State.UNFINISHED


@pytest.mark.parametrize("line", [a_line(5), a_closed_file().data.splitlines(keepends=True)[1], written({"mended": 1, "by": "x"})])
def test_a_line_of_any_kind_may_be_torn(tmp_path: Path, line: bytes) -> None:
    path = a_killed_file().put(tmp_path)

    told = {state_of(a_killed_file().data + line[:size], path) for size in range(1, len(line))}

    assert told == {State.TORN}


def test_zeros_that_a_loss_of_power_left_are_torn(tmp_path: Path) -> None:
    path = a_killed_file().put(tmp_path)

    assert state_of(a_killed_file().data + bytes(4096), path) is State.TORN
    assert state_of(a_killed_file().data + a_line(5)[:9] + bytes(100), path) is State.TORN


@pytest.mark.parametrize("tail", [b"x", b"{}", b'{"idx', b'{"id":"\xff', b'{"id":"\x00"', b'\x00{"id":"'])
def test_a_last_line_that_nobody_began_is_tampering(tmp_path: Path, tail: bytes) -> None:
    (tmp_path / a_killed_file().name).write_bytes(a_killed_file().data + tail)

    report = only(tmp_path)

    line = a_killed_file().data.count(b"\n") + 1
    assert report.state is State.TAMPERED
    assert report.wrong == (Wrong("the last line is not even the beginning of one", len(a_killed_file().data), line),)


def test_every_changed_byte_in_the_sealed_part_of_a_killed_file_is_tampering(tmp_path: Path) -> None:
    file = a_killed_file()
    path = file.put(tmp_path)
    told = set()
    for at in range(file.data.rindex(b'{"seal":')):
        with flipped(path, at, 0):
            told.add(only(tmp_path).state)

    assert told == {State.TAMPERED}


def test_what_is_wrong_is_told_with_its_place(tmp_path: Path) -> None:
    file = a_closed_file()
    lines = file.data.splitlines(keepends=True)
    (tmp_path / file.name).write_bytes(file.data.replace(a_line(3), a_line(3).replace(b"release", b"Release")))

    report = only(tmp_path)

    # Since what the seal before it covers: the header, its seal, and the first record.
    size = sum(map(len, lines[:6]))
    assert report.wrong == (Wrong(f"what stands before byte {size} is not what seal 3 covers", sum(map(len, lines[:3])), 4),)


@pytest.mark.parametrize(
    "half", [a_line(5)[:1], a_line(5)[:30], a_line(5)[:-1], b'{"id":"x-1","policy":{},', b'{"id":"x-1","shown":{}}']
)
def test_a_seal_behind_half_a_record_is_no_tampering(tmp_path: Path, half: bytes) -> None:
    """So it is where the disk was full, until the file is mended."""
    file = a_killed_file().write(half)
    file.seal(covering=a_killed_file().data.rindex(b"\n") + 1).put(tmp_path)
    killed = states(tmp_path)
    file.seals -= 1  # who mends takes the seal for what it is: a part of a line
    file.mend().end().put(tmp_path)

    assert (killed, states(tmp_path)) == ([State.UNFINISHED], [State.MENDED])


def test_a_file_that_is_written_now_is_open(tmp_path: Path) -> None:
    path = a_killed_file().put(tmp_path)

    with held(path):
        whole = states(tmp_path)
        path.write_bytes(a_killed_file().data + b'{"id":"in the midst of being written')
        torn = states(tmp_path)
        path.write_bytes(b"")
        begun = states(tmp_path)
    after = states(tmp_path)

    assert (whole, torn, begun, after) == ([State.OPEN], [State.OPEN], [State.OPEN], [State.TORN])


def test_a_file_that_is_written_now_may_not_have_lost_a_seal(tmp_path: Path) -> None:
    file = a_killed_file()
    path = file.put(tmp_path)
    path.write_bytes(file.data[: file.data.rindex(b'{"seal":')])

    with held(path):
        told = states(tmp_path, heads_of(file))

    assert told == [State.TAMPERED]


def test_an_empty_file_is_torn(tmp_path: Path) -> None:
    (tmp_path / a_killed_file().name).write_bytes(b"")

    report = only(tmp_path)

    assert report == FileReport(a_killed_file().name, CHAINS[0], State.TORN)


def test_a_header_alone_is_unfinished_and_cut_off_torn(tmp_path: Path) -> None:
    file = TrailFile()
    path = file.put(tmp_path)

    assert state_of(file.data, path) is State.UNFINISHED
    assert {state_of(file.data[:size], path) for size in range(len(file.data))} == {State.TORN}


def test_records_without_a_first_seal_are_tampering(tmp_path: Path) -> None:
    file = TrailFile().write(a_line(1))
    file.put(tmp_path)

    report = only(tmp_path)

    header = file.data.index(b"\n") + 1
    assert (report.state, report.wrong) == (
        State.TAMPERED,
        (Wrong("the first seal does not stand behind the header", header, 2),),
    )


@pytest.mark.parametrize("cut", [b"", b'{"id":"ffff'])
def test_a_mended_file_is_told_of_as_such(tmp_path: Path, cut: bytes) -> None:
    a_killed_file().mend(cut=cut).end().put(tmp_path)

    report = only(tmp_path)

    assert (report.state, report.records, report.unsealed, report.unreadable, report.cut, report.wrong) == (
        State.MENDED,
        4,
        0,
        0,
        len(cut),
        (),
    )


def test_a_file_may_be_mended_that_was_killed_behind_its_header_or_while_it_was_mended(tmp_path: Path) -> None:
    TrailFile(CHAINS[0]).mend().end().put(tmp_path)
    a_killed_file(CHAINS[1]).mend().mend().end().put(tmp_path)
    a_killed_file(CHAINS[2]).mend().put(tmp_path)

    assert states(tmp_path) == [State.MENDED, State.MENDED, State.UNFINISHED]


@pytest.mark.parametrize(
    "file",
    [
        a_killed_file().mend().write(a_line(5)).end(),
        a_killed_file().mend().write(a_line(5)),
        a_killed_file().mend().seal(),
        a_killed_file().mend().seal().end(),
        a_killed_file().end().mend().end(),
    ],
)
def test_behind_a_mend_stands_only_the_last_seal(tmp_path: Path, file: TrailFile) -> None:
    file.put(tmp_path)

    assert states(tmp_path) == [State.TAMPERED]


@pytest.mark.parametrize(
    "file",
    [
        a_closed_file().write(a_line(5)),
        a_closed_file().end(),
        a_killed_file().seal(covering=10),
        a_killed_file().seal(covering=len(a_killed_file().data) - 1),
        a_killed_file().seal(covering=len(a_killed_file().data) + 1),
        a_killed_file().seal(covering=len(TrailFile().data), end=True),
    ],
)
def test_a_seal_out_of_its_place_is_tampering(tmp_path: Path, file: TrailFile) -> None:
    file.put(tmp_path)

    assert states(tmp_path) == [State.TAMPERED]


def test_a_seal_with_the_number_of_another_is_tampering(tmp_path: Path) -> None:
    file = a_killed_file()
    file.seals = 3
    file.seal().put(tmp_path)

    report = only(tmp_path)

    assert report.state is State.TAMPERED
    assert report.wrong[0].what == "seal 4 stands where seal 3 should"


@pytest.mark.parametrize("half", [a_line(9)[:30], b'{"seal":3,"at":17', b'{"mended":4', b"\x00\x00", b"", a_line(9)[1:-1]])
def test_half_a_line_before_a_seal_is_told_of_as_unreadable(tmp_path: Path, half: bytes) -> None:
    a_killed_file().write(half + b"\n", a_line(5)).seal().write(a_line(6)).end().put(tmp_path)

    report = only(tmp_path)

    assert (report.state, report.records, report.unreadable, report.wrong) == (State.WHOLE, 6, 1, ())


def test_what_begins_as_a_seal_and_is_none_is_tampering_where_no_later_one_covers_it(tmp_path: Path) -> None:
    file = a_killed_file()
    seal = file.data.splitlines(keepends=True)[1]
    file.write(seal.replace(b":", b": ")).put(tmp_path)

    report = only(tmp_path)

    line = a_killed_file().data.count(b"\n") + 1
    assert report.state is State.TAMPERED
    assert report.wrong == (Wrong("the line is no seal, as it begins", len(a_killed_file().data), line),)


def test_lines_and_seals_are_found_wherever_a_file_is_read_in_pieces(tmp_path: Path) -> None:
    """The ends of what is read at once fall into records, into seals, and between them."""
    told = []
    for shift in range(0, 200, 3):
        file = TrailFile().seal()
        file.write(written({"id": "x-1", "at": BEGUN, "filled": "x" * (CHUNK - len(file.data) - 250 + shift)}))
        file.seal(covering=len(TrailFile().data)).write(a_line(2)).seal().write(a_line(3)).end().put(tmp_path)
        report = only(tmp_path)
        told.append((report.state, report.records, report.unreadable, report.last))

    assert set(told) == {(State.WHOLE, 3, 0, BEGUN + 3 * SECOND)}


def test_how_far_it_has_come_is_told(tmp_path: Path) -> None:
    files = a_trail(tmp_path)
    steps: list[int] = []

    list(verify(tmp_path, progress=steps.append))

    assert sum(steps) == sum(len(file.data) for file in files)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(TrailError, match=r"^the folder of the trail cannot be read: no such file or directory$"):
        list(verify(tmp_path / "nowhere"))


def test_a_header_of_another_version_is_not_believed(tmp_path: Path) -> None:
    file = a_closed_file()
    changed: Any = file.data.replace(b'"purposegate_trail":1', b'"purposegate_trail":2')
    (tmp_path / file.name).write_bytes(changed)

    assert only(tmp_path).wrong == (Wrong("the first line is no header of a trail's file", 0, 1),)


PIECES = [*a_killed_file().mend().end().data.splitlines(keepends=True), a_line(5)[:20], b"\n", b"\0", b'{"seal":', b'{"mended":']


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=40), max_size=12))
def test_whatever_stands_in_a_file_it_is_told_of_and_only_what_was_closed_is_whole(
    tmp_path_factory: pytest.TempPathFactory, told: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("trail")
    (folder / TrailFile().name).write_bytes(b"".join(told))

    report = only(folder)

    assert report.state in {State.MENDED, State.UNFINISHED, State.TORN, State.TAMPERED}
    assert (report.state is State.MENDED) is (b"".join(told) == a_killed_file().mend().end().data)
    assert (report.wrong != ()) is (report.state is State.TAMPERED)
