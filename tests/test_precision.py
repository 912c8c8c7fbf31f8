"""What is counted of a scan is right, and a share that is not whole is not told as one."""

from __future__ import annotations

import pytest
from precision import Tally, main, table
from scan_fixtures import Expected, Named

A, B, C = (Expected("a.py", line, "unguarded-read") for line in (1, 2, 3))
NAME = Named("declared-never-used", "raffle")


def a_tally(found: set[Expected | Named], marked: set[Expected | Named]) -> Tally:
    tally = Tally()
    tally.count(frozenset(found), frozenset(marked))
    return tally


def test_what_is_found_is_right_or_wrong_and_what_is_not_is_missed() -> None:
    tally = a_tally({A, B}, {A, C, NAME})

    assert (tally.right, tally.wrong, tally.missed) == (
        {"unguarded-read": 1},
        {"unguarded-read": 1},
        {"unguarded-read": 1, "declared-never-used": 1},
    )


@pytest.mark.parametrize(
    ("found", "marked", "exact"),
    [({A, NAME}, {A, NAME}, True), ({A, B}, {A}, False), ({A}, {A, B}, False), (set(), {A}, False), (set(), set(), False)],
)
def test_only_all_that_is_marked_and_nothing_else_is_exact(
    found: set[Expected | Named], marked: set[Expected | Named], exact: bool
) -> None:
    assert a_tally(found, marked).is_exact is exact


def test_the_table_rounds_down_and_writes_no_share_of_nothing() -> None:
    lines = {Expected("a.py", line, "unguarded-read") for line in range(1000)}

    scanned = a_tally({*lines, NAME}, {*lines, C, Expected("b.py", 1, "unguarded-read")})

    assert table(scanned, a_tally(set(), {A})).splitlines()[2:-1] == [
        "| `declared-never-used` | 0 | 0 | 1 | 0 | 0.00 | - |",
        "| `unguarded-read` | 1001 | 1000 | 0 | 1 | 1.00 | 0.99 |",
        "| **all** | 1001 | 1000 | 1 | 1 | 0.99 | 0.99 |",
    ]


def test_what_goes_into_the_readme_is_the_table_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--readme"])

    out = capsys.readouterr().out.splitlines()
    assert {line[0] for line in out} == {"|"}
    assert out[-2].startswith("| **all** |")
