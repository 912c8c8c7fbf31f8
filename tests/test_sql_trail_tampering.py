"""Whoever changes what a trail in SQL keeps is found out: at the row, at its end, or by a head that was kept somewhere else."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from purposegate import TrailError
from purposegate.testing.sink_contract import a_full_record, a_record
from purposegate.trail.sql import Fault, Head, SqlSink
from purposegate.trail.sql.chain import BEGINNING, following
from purposegate.trail.sql.rows import COLUMNS, row_of

DIGEST = "the digest is not that of the record and of the one before it"
NO_RECORD = "the body is no record"
END = "the digest of the last record is not the one that is kept apart from it"
NOT_THE_HEAD = "the record is not the one that the head was told of"


class Trail:
    """A trail of six records in a SQLite file, and who has its file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sink = SqlSink(path, create=True)
        self.sink.write([a_record("r-1", subject="s-1"), a_record("r-2")])
        self.second = self.sink.head()
        self.sink.write([a_record("r-3"), a_full_record(), a_record("r-5"), a_record("r-6")])
        self.head = self.sink.head()

    def change(self, *statements: str) -> None:
        connection = sqlite3.connect(self.path)
        with connection:
            for each in statements:
                connection.execute(each)
        connection.close()

    def faults(self, head: Head | None = None) -> list[Fault]:
        return list(self.sink.verify(head))

    def seal_again(self) -> None:
        """Give every row the digest that it would have, and the state the last one."""
        connection = sqlite3.connect(self.path)
        head = BEGINNING
        for position, body in connection.execute("SELECT position, body FROM purposegate_trail ORDER BY position").fetchall():
            head = following(head, body)
            connection.execute(
                "UPDATE purposegate_trail SET position = ?, sha256 = ? WHERE position = ?", (head.position, head.sha256, position)
            )
        connection.execute("UPDATE purposegate_trail_state SET position = ?, sha256 = ?", (head.position, head.sha256))
        connection.commit()
        connection.close()


@pytest.fixture
def trail(tmp_path: Path) -> Iterator[Trail]:
    made = Trail(tmp_path / "trail.db")
    yield made
    made.sink.close()


def test_a_trail_that_nobody_changed_has_no_fault_and_keeps_its_head(trail: Trail) -> None:
    assert trail.faults() == []
    trail.sink.write([a_record("r-7")])
    assert trail.faults(trail.head) == []
    assert trail.faults(BEGINNING) == []


def test_the_digest_of_a_row_is_that_of_the_one_before_it_of_its_place_and_of_its_body(trail: Trail) -> None:
    """As whoever has the tables, and not this code, would work it out."""
    connection, before = sqlite3.connect(trail.path), "0" * 64
    for position, body, digest in connection.execute("SELECT position, body, sha256 FROM purposegate_trail ORDER BY position"):
        assert digest == sha256(f"{before}\n{position}\n{body}".encode()).hexdigest()
        before = digest
    connection.close()

    assert trail.head == Head(6, before)


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_that_was_changed_is_found(column: str, trail: Trail) -> None:
    numbers = {"at", "since", "provision", "count"}
    for value in ["7"] if column in numbers else ["'another'", "''", f"{column} || ' '"]:
        trail.change(f"UPDATE purposegate_trail SET {column} = {value} WHERE position = 4")

        assert trail.faults() == [Fault(4, f"the column `{column}` says something else than the body")]


@pytest.mark.parametrize("column", ["since", "subject"])
def test_a_column_that_was_emptied_is_found(column: str, trail: Trail) -> None:
    trail.change(f"UPDATE purposegate_trail SET {column} = NULL WHERE position = 4")

    assert trail.faults() == [Fault(4, f"the column `{column}` says something else than the body")]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE purposegate_trail SET body = replace(body, '4(2)A', '4(2)B') WHERE position = 3",
        "UPDATE purposegate_trail SET body = body || ' ' WHERE position = 3",
        "UPDATE purposegate_trail SET sha256 = replace(sha256, substr(sha256, 1, 8), '00000000') WHERE position = 3",
    ],
)
def test_a_body_or_a_digest_that_was_changed_is_found(statement: str, trail: Trail) -> None:
    trail.change(statement)

    assert trail.faults()[0] == Fault(3, DIGEST)
    assert {each.place for each in trail.faults()} <= {3, 4}  # where it was its digest that was changed, at the next one too


def test_a_row_that_was_changed_as_a_whole_is_found_at_the_next_one(trail: Trail) -> None:
    rows = row_of(a_record("r-3", subject="another"))
    sealed = following(trail.second, rows["body"])
    trail.change(
        f"UPDATE purposegate_trail SET body = '{rows['body']}', subject = 'another', sha256 = '{sealed.sha256}' WHERE position = 3"
    )

    assert trail.faults() == [Fault(4, DIGEST)]


@pytest.mark.parametrize("body", ["''", "'nonsense'", "'[]'", "'{}'", "'null'", "'7'", "x'00'", "printf('%.*c', 200000, '[')"])
def test_a_body_that_is_no_record_is_found_and_told_to_nobody_as_one(body: str, trail: Trail) -> None:
    trail.change(f"UPDATE purposegate_trail SET body = {body} WHERE position = 3")

    assert trail.faults() == [Fault(3, DIGEST), Fault(3, NO_RECORD)]
    with pytest.raises(TrailError):
        list(trail.sink.records())


@pytest.mark.parametrize(
    ("places", "faults"),
    [
        ("= 1", [Fault(1, "the record is missing"), Fault(2, DIGEST)]),
        ("= 3", [Fault(3, "the record is missing"), Fault(4, DIGEST)]),
        ("IN (2, 3)", [Fault(2, "the records from here to place 3 are missing"), Fault(4, DIGEST)]),
        ("= 6", [Fault(6, "the record is missing")]),
        ("> 3", [Fault(4, "the records from here to place 6 are missing")]),
        ("> 0", [Fault(1, "the records from here to place 6 are missing")]),
    ],
)
def test_rows_that_were_taken_out_are_found_wherever_they_stood(places: str, faults: list[Fault], trail: Trail) -> None:
    trail.change(f"DELETE FROM purposegate_trail WHERE position {places}")

    assert trail.faults() == faults


def test_rows_that_were_exchanged_are_found(trail: Trail) -> None:
    trail.change(
        "UPDATE purposegate_trail SET position = 100 WHERE position = 2",
        "UPDATE purposegate_trail SET position = 2 WHERE position = 3",
        "UPDATE purposegate_trail SET position = 3 WHERE position = 100",
    )

    assert trail.faults() == [Fault(2, DIGEST), Fault(3, DIGEST), Fault(4, DIGEST)]


@pytest.mark.parametrize(
    ("place", "faults"),
    [
        (7, [Fault(7, DIGEST), Fault(7, "the trail is said to end before this record")]),
        (0, [Fault(0, "the record stands before the beginning of the trail")]),
        (-(2**63), [Fault(-(2**63), "the record stands before the beginning of the trail")]),
    ],
)
def test_a_row_that_was_put_in_is_found(place: int, faults: list[Fault], trail: Trail) -> None:
    names = ", ".join((*(name for name in COLUMNS if name != "id"), "body", "sha256"))
    trail.change(
        f"INSERT INTO purposegate_trail (position, id, {names}) "
        f"SELECT {place}, 'r-7', {names} FROM purposegate_trail WHERE id = 'r-6'",
        f"UPDATE purposegate_trail SET body = replace(body, 'r-6', 'r-7') WHERE position = {place}",
    )

    assert trail.faults() == faults


@pytest.mark.parametrize(
    ("statement", "faults"),
    [
        ("UPDATE purposegate_trail_state SET position = 5", [Fault(6, "the trail is said to end before this record")]),
        ("UPDATE purposegate_trail_state SET position = 8", [Fault(7, "the records from here to place 8 are missing")]),
        ("UPDATE purposegate_trail_state SET sha256 = 'another'", [Fault(6, END)]),
        ("UPDATE purposegate_trail_state SET id = 2", [Fault(6, "nothing says where the trail ends")]),
        ("DELETE FROM purposegate_trail_state", [Fault(6, "nothing says where the trail ends")]),
    ],
)
def test_an_end_that_was_changed_is_found(statement: str, faults: list[Fault], trail: Trail) -> None:
    trail.change(statement)

    assert trail.faults() == faults


def rewritten(trail: Trail) -> None:
    trail.change("UPDATE purposegate_trail SET body = replace(body, '4(2)A', '4(2)B') WHERE position = 2")


def cut_off(trail: Trail) -> None:
    trail.change("DELETE FROM purposegate_trail WHERE position > 4")


def closed_up(trail: Trail) -> None:
    trail.change("DELETE FROM purposegate_trail WHERE position = 2")


def emptied(trail: Trail) -> None:
    trail.change("DELETE FROM purposegate_trail")


@pytest.mark.parametrize("attack", [rewritten, cut_off, closed_up, emptied])
def test_a_trail_that_was_sealed_anew_is_found_by_a_head_that_was_kept_and_by_nothing_else(
    attack: Callable[[Trail], None], trail: Trail
) -> None:
    attack(trail)
    trail.seal_again()

    assert trail.faults() == []
    assert trail.faults(trail.head) == [Fault(6, NOT_THE_HEAD)]


def test_a_trail_whose_end_was_lost_takes_no_more_records(trail: Trail) -> None:
    trail.change("DELETE FROM purposegate_trail_state")

    with pytest.raises(TrailError):
        trail.sink.write([a_record("r-7")])
    with pytest.raises(TrailError):
        trail.sink.head()


def test_a_trail_whose_end_was_set_back_takes_no_record_in_the_place_of_another(trail: Trail) -> None:
    trail.change("UPDATE purposegate_trail_state SET position = 5")

    with pytest.raises(TrailError):
        trail.sink.write([a_record("r-7")])
    assert [each.id for each in trail.sink.records()] == ["r-1", "r-2", "r-3", "full", "r-5", "r-6"]
