"""Names that lie under other names: what each reaches, and what is kept of it."""

from __future__ import annotations

import itertools

import pytest

from purposegate.policy import hierarchy
from purposegate.policy.hierarchy import Hierarchy, Reach, cycles, depths

PARENTS: dict[str, tuple[str, ...]] = {
    "top": (),
    "left": ("top",),
    "right": ("top",),
    "both": ("left", "right"),
    "leaf": ("both",),
    "only_left": ("left",),
    "other": (),
}


def is_under(x: str, y: str) -> bool:
    return x == y or any(is_under(parent, y) for parent in PARENTS[x])


def test_what_a_name_reaches_is_what_the_relation_says() -> None:
    names = Hierarchy(PARENTS)

    for x in PARENTS:
        assert names.above(x) == {y for y in PARENTS if is_under(x, y)}
        assert set(names.under(x)) == {y for y in PARENTS if is_under(y, x)}
        assert names.under(x)[0] == x
        assert names.overlapping(x) == {y for y in PARENTS if any(is_under(z, x) and is_under(z, y) for z in PARENTS)}


def test_names_keep_the_order_in_which_they_are_declared() -> None:
    names = Hierarchy(PARENTS)

    assert tuple(names) == tuple(PARENTS)
    assert len(names) == 7
    assert [names.number(name) for name in PARENTS] == list(range(7))
    assert [names.name(number) for number in range(7)] == list(PARENTS)
    assert [name in names for name in ("top", "nothing", 1, None)] == [True, False, False, False]


def test_a_name_has_its_parents_and_its_children() -> None:
    names = Hierarchy(PARENTS)

    assert {name: names.parents(name) for name in PARENTS} == PARENTS
    assert {name: names.children(name) for name in PARENTS} == {
        "top": ("left", "right"),
        "left": ("both", "only_left"),
        "right": ("both",),
        "both": ("leaf",),
        "leaf": (),
        "only_left": (),
        "other": (),
    }


def test_the_lowest_names_under_some_are_given_once() -> None:
    names = Hierarchy(PARENTS)

    assert set(names.leaves(["left", "right"])) == {"leaf", "only_left"}
    assert len(names.leaves(["left", "right", "leaf"])) == 2
    assert set(names.below(["both", "other"])) == {"both", "leaf", "other"}
    assert names.leaves([]) == names.below([]) == ()


def test_names_with_the_same_parents_share_them() -> None:
    names = Hierarchy({"top": (), "other": ()} | {f"n{number}": ("top", "other") for number in range(3)})

    assert len({id(parents) for parents in names._parents[2:]}) == 1
    assert names._parents[0] is names._parents[1]
    assert names._parents[2] == (0, 1)


def test_an_instance_overlaps_what_it_lies_under_and_nothing_beside_it() -> None:
    names = Hierarchy(PARENTS)
    left, top = names.number("left"), names.number("top")

    assert names.reach("left") == Reach(names, left, frozenset({left, top}), alone=False)
    assert names.reach("left", alone=True) == Reach(names, left, frozenset({left, top}), alone=True)
    assert names.reach("left").overlapping == {names.number(name) for name in PARENTS if name != "other"}
    assert names.reach("left", alone=True).overlapping == {left, top}


def test_what_was_worked_out_is_kept() -> None:
    names = Hierarchy(PARENTS)

    assert names.numbers_above(3) is names.numbers_above(3)
    assert names.numbers_overlapping(3) is names.numbers_overlapping(3)


def test_no_more_names_are_kept_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hierarchy, "_KEPT", 3)
    names = Hierarchy({f"n{number}": () for number in range(10)})

    sizes = []
    for number in range(10):
        assert names.numbers_above(number) == names.numbers_overlapping(number) == {number}
        sizes.append((len(names._above), len(names._overlapping)))

    assert sizes == [(size, size) for size in itertools.islice(itertools.cycle((1, 2, 3)), 10)]


def test_of_names_that_reach_many_fewer_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of these reaches the five that it lies under, and itself: three of them are eighteen numbers."""
    monkeypatch.setattr(hierarchy, "_NUMBERS_KEPT", 18)
    tops = {f"t{number}": () for number in range(5)}
    names = Hierarchy(tops | {f"n{number}": tuple(tops) for number in range(10)})

    sizes = []
    for number in range(5, 15):
        assert names.numbers_above(number) == {0, 1, 2, 3, 4, number}
        sizes.append(len(names._above))

    assert sizes == list(itertools.islice(itertools.cycle((1, 2, 3)), 10))


@pytest.mark.parametrize(
    ("parents", "found"),
    [
        ({}, []),
        ({"a": (), "b": ("a",)}, []),
        ({"a": ("b",), "b": ("a",)}, [("a", "b")]),
        ({"a": ("b",), "b": ("c",), "c": ("b",)}, [("b", "c")]),
        ({"a": ("a",), "b": ("a", "b")}, [("a",), ("b",)]),
        ({"a": ("b", "c"), "b": ("a",), "c": ("a",)}, [("a", "b"), ("a", "c")]),
        ({"a": ("b", "c"), "b": ("d",), "c": ("d",), "d": ()}, []),
        ({"a": ("missing", "b"), "b": ("missing", "a")}, [("a", "b")]),
        ({"a": ("b",), "b": (), "c": ("b", "d"), "d": ("c",)}, [("c", "d")]),
    ],
)
def test_each_cycle_is_found_once(parents: dict[str, tuple[str, ...]], found: list[tuple[str, ...]]) -> None:
    assert list(cycles(parents)) == found


@pytest.mark.parametrize(
    ("parents", "found"),
    [
        ({}, {}),
        ({"a": (), "b": ("a",), "c": ("b",)}, {"a": 1, "b": 2, "c": 3}),
        ({"c": ("b",), "b": ("a",), "a": ()}, {"a": 1, "b": 2, "c": 3}),
        ({"d": ("a", "c"), "c": ("b",), "b": ("a",), "a": ()}, {"a": 1, "b": 2, "c": 3, "d": 4}),
        ({"a": ("missing",), "b": ("a", "missing")}, {"a": 1, "b": 2}),
        ({"d": ("b", "c"), "b": ("a",), "c": ("a",), "a": ()}, {"a": 1, "b": 2, "c": 2, "d": 3}),
    ],
)
def test_each_name_is_told_once_with_its_longest_way_up(parents: dict[str, tuple[str, ...]], found: dict[str, int]) -> None:
    told = list(depths(parents))

    assert dict(told) == found
    assert len(told) == len(found)
