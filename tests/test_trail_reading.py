"""Reading a trail: every record in the order of time, only those that are wanted, and nothing left out in silence."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import NOW
from trails import BEGUN, CHAINS, TrailFile, a_decision, a_line, a_record, a_trail_of

from purposegate import TrailError
from purposegate.engine.decision import Reason
from purposegate.engine.use import Standing
from purposegate.policy.terms import ShownBy
from purposegate.trail.lines import line_of
from purposegate.trail.reading import WINDOW, Reading, read
from purposegate.trail.record import Asked, Mode, Shown
from purposegate.trail.wanted import Wanted

RICH = a_record(
    3,
    decision=a_decision(
        data_category="name",
        recipient="carrier/fast",
        reason=Reason.OBJECTION_IN_FORCE,
        clauses=("2", "6"),
        objections=("stop",),
        standing=Standing.CONSULTED,
    ),
    asked=Asked.QUESTION,
    mode=Mode.OBSERVED,
    subject='u-2 "é"',
    channel="post",
    claim="warrant-7",
    shown=(Shown("consent", ShownBy.CONSENT), Shown("is_adult", ShownBy.FACT)),
    hit=("stop",),
    registered=True,
    position=12,
    provision=True,
    release="5e0c",
    justification="a drill",
    trace_id="0" * 32,
    count=3,
    since=NOW,
)
RECORDS = [a_record(1), a_record(2, decision=a_decision(purpose="billing", recipient="shop", clauses=("1",)), subject=None), RICH]


def test_every_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    a_trail_of(tmp_path, RECORDS)

    assert list(read(tmp_path)) == RECORDS


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({}, [1, 2, 3]),
        ({"id": RECORDS[1].id}, [2]),
        ({"id": RECORDS[1].id[:-1]}, []),
        ({"since": NOW + timedelta(seconds=2)}, [2, 3]),
        ({"until": NOW + timedelta(seconds=2)}, [1]),
        ({"since": NOW + timedelta(seconds=2), "until": NOW + timedelta(seconds=3)}, [2]),
        ({"asked": Asked.QUESTION}, [3]),
        ({"mode": Mode.OBSERVED}, [3]),
        ({"data_category": "name"}, [3]),
        ({"purpose": "billing"}, [2]),
        ({"purpose": "bill"}, []),
        ({"recipient": "carrier"}, [1, 3]),
        ({"recipient": "carrier/fast"}, [3]),
        ({"recipient": "carrier/fas"}, []),
        ({"recipient": "carr"}, []),
        ({"reason": Reason.OBJECTION_IN_FORCE}, [3]),
        ({"clause": "6"}, [3]),
        ({"clause": "1"}, [1, 2]),
        ({"subject": 'u-2 "é"'}, [3]),
        ({"subject": "u"}, []),
        ({"subject": "u-1", "purpose": "billing"}, []),
    ],
)
def test_only_what_is_wanted_is_read(tmp_path: Path, wanted: dict[str, Any], numbers: list[int]) -> None:
    a_trail_of(tmp_path, RECORDS)

    assert list(read(tmp_path, Wanted(**wanted))) == [RECORDS[number - 1] for number in numbers]


def test_a_name_in_another_field_is_not_taken_for_what_is_wanted(tmp_path: Path) -> None:
    """Its bytes stand in the line all the same: a clause that is called as a purpose is, a subject as a part of a line."""
    a_trail_of(tmp_path, [a_record(1, decision=a_decision(clauses=("shipping",))), a_record(2, justification="6")])

    assert list(read(tmp_path, Wanted(clause="shipping", id=f"{'f' * 16}-2"))) == []
    assert list(read(tmp_path, Wanted(clause="6"))) == []


def test_the_records_of_several_files_come_in_the_order_of_time(tmp_path: Path) -> None:
    """Two processes at the same time, a third one later, and in each file the order of threads that did not wait."""
    rng = random.Random(7)  # noqa: S311 - the same order for everybody, and no secret
    numbers = list(range(3, 4000))
    rng.shuffle(numbers)
    files = [TrailFile(CHAINS[0]), TrailFile(CHAINS[1]), TrailFile(CHAINS[2], begun=BEGUN + 2000 * 10**9)]
    mine: list[list[int]] = [[1], [2], []]
    for number in numbers:
        mine[rng.randrange(3 if number >= 2000 else 2)].append(number)
    for file, told in zip(files, mine, strict=True):
        nearly = sorted(told, key=lambda number: number + rng.randrange(WINDOW // 4))
        file.seal().write(*(line_of(a_record(number)) for number in nearly)).put(tmp_path)

    assert [record.at for record in read(tmp_path)] == [NOW + timedelta(seconds=number) for number in range(1, 4000)]


def test_a_record_that_stands_behind_half_a_line_is_read_and_the_half_is_counted(tmp_path: Path) -> None:
    """As a disk leaves it that was full in the midst of a write, and had room again for another thread's."""
    torn, whole = line_of(RECORDS[0])[:-20], line_of(RECORDS[2])
    TrailFile().seal().write(torn + whole, b'{"seal":2,"at":1' + line_of(RECORDS[1])).end().put(tmp_path)
    reading, asked = Reading(tmp_path), Reading(tmp_path, Wanted(id=RECORDS[2].id))

    assert sorted(record.id for record in reading.records()) == sorted([RECORDS[1].id, RECORDS[2].id])
    assert list(asked.records()) == [RECORDS[2]]
    assert reading.unreadable == 2


def test_what_is_no_record_is_counted(tmp_path: Path) -> None:
    strange = (
        b'{"id":"x-1","at":1,"asked\n',
        b'{"at":1}\n',
        b"\n",
        b"\xff\xfe\n",
        b'{"id":"x-1","at":1} {"id":"x-2"}\n',
        a_line(1),
        line_of(RECORDS[0]).replace(b'"at":', b'"at":"1","was":'),
        line_of(RECORDS[0]).replace(b'"at":', b'"at":999'),
        line_of(RECORDS[0]).replace(b'"reason":"permitted"', b'"reason":"because"'),
        line_of(RECORDS[0]).replace(b'"clauses":["1","2"]', b'"clauses":5'),
        line_of(RECORDS[0]).replace(b'"policy":{', b'"shown":[],"policy":{'),
        b'{"id":"' + b"[" * 10 + b'","at":' + b"[" * 50_000 + b"}\n",
    )
    file = TrailFile().seal().write(line_of(RECORDS[0]))
    for each in strange:
        file.write(each).seal()
    file.write(line_of(RECORDS[2])).mend().end().put(tmp_path)
    reading = Reading(tmp_path)

    assert list(reading.records()) == [RECORDS[0], RECORDS[2]]
    assert reading.unreadable == len(strange)


def test_what_is_no_record_is_counted_where_nothing_in_a_block_is_wanted(tmp_path: Path) -> None:
    TrailFile().seal().write(b'{"id":"x-1","at\n', line_of(RECORDS[0]), b"{}\n").end().put(tmp_path)
    reading = Reading(tmp_path, Wanted(purpose="billing"))

    assert (list(reading.records()), reading.unreadable) == ([], 2)


def test_a_torn_line_is_not_read(tmp_path: Path) -> None:
    """Also where all but its newline was written."""
    file = TrailFile().seal().write(line_of(RECORDS[0]), line_of(RECORDS[2])[:-1])
    file.put(tmp_path)
    (tmp_path / TrailFile(CHAINS[1]).name).write_bytes(TrailFile(CHAINS[1]).data[:20])
    (tmp_path / TrailFile(CHAINS[2]).name).write_bytes(b"")
    reading = Reading(tmp_path)

    assert (list(reading.records()), reading.unreadable) == ([RECORDS[0]], 0)
    assert reading.done == reading.total == len(file.data) + 20


def test_what_does_not_belong_to_the_trail_is_not_read(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    file = a_trail_of(elsewhere, RECORDS)
    (tmp_path / file.name).symlink_to(elsewhere / file.name)
    (tmp_path / "notes.jsonl").write_bytes(line_of(RECORDS[0]))

    assert list(read(tmp_path)) == []


def test_how_far_it_has_come_is_told(tmp_path: Path) -> None:
    file = a_trail_of(tmp_path, RECORDS)
    steps: list[int] = []
    reading = Reading(tmp_path)
    reading.progress = steps.append

    found = list(reading.fields())

    assert [each["id"] for each in found] == [record.id for record in RECORDS]
    assert sum(steps) == len(file.data)


def test_a_time_behind_the_calendar_is_read_as_no_record(tmp_path: Path) -> None:
    line = line_of(RECORDS[0]).replace(b'"at":', b'"at":99999')
    TrailFile().seal().write(line).end().put(tmp_path)
    reading = Reading(tmp_path)

    assert (list(reading.records()), reading.unreadable) == ([], 1)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(TrailError, match=r"^the folder of the trail cannot be read: no such file or directory$"):
        Reading(tmp_path / "nowhere")
