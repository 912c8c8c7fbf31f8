"""Names that lie under other names: `x ≤ y`, and which names overlap (DESIGN §4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

# What names reach is worked out when it is asked for, and kept for so many of them; for fewer, where each reaches very many.
_KEPT: Final = 4096
_NUMBERS_KEPT: Final = 262_144


class Hierarchy:
    """Declared names with their parents: a directed graph without cycles, of which a tree is the usual case.

    Inside, a name is its number in the order of the policy, so that a hundred thousand names are a few lists. What a name reaches
    is equal whichever thread works it out.
    """

    __slots__ = ("_above", "_children", "_names", "_numbers", "_overlapping", "_parents")

    def __init__(self, parents: Mapping[str, tuple[str, ...]]) -> None:
        """Take each name's parents, all of them declared and without a cycle."""
        self._names = tuple(parents)
        self._numbers = {name: number for number, name in enumerate(self._names)}
        shared: dict[tuple[str, ...], tuple[int, ...]] = {(): ()}
        self._parents: list[tuple[int, ...]] = []
        self._children: dict[int, list[int]] = {}
        for number, above in enumerate(parents.values()):
            numbers = shared.get(above)
            if numbers is None:
                numbers = shared[above] = tuple(self._numbers[parent] for parent in above)
            self._parents.append(numbers)
            for parent in numbers:
                self._children.setdefault(parent, []).append(number)
        self._above: dict[int, frozenset[int]] = {}
        self._overlapping: dict[int, frozenset[int]] = {}

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def parents(self, name: str) -> tuple[str, ...]:
        """Give the names that a name was declared under."""
        return self._named(self._parents[self._numbers[name]])

    def children(self, name: str) -> tuple[str, ...]:
        """Give the names declared directly under a name."""
        return self._named(self._children.get(self._numbers[name], ()))

    def leaves(self, names: Iterable[str]) -> tuple[str, ...]:
        """Give the names under these, themselves included, that have nothing under them."""
        below = _reached(map(self._numbers.__getitem__, names), self._children)
        return self._named(number for number in below if number not in self._children)

    def above(self, name: str) -> frozenset[str]:
        """Give every `y` with `name ≤ y`: the name itself and all that it lies under."""
        return frozenset(self._named(self.numbers_above(self._numbers[name])))

    def below(self, names: Iterable[str]) -> tuple[str, ...]:
        """Give the names under these, themselves included."""
        return self._named(_reached(map(self._numbers.__getitem__, names), self._children))

    def under(self, name: str) -> tuple[str, ...]:
        """Give every `x` with `x ≤ name`, the name itself first."""
        return self.below((name,))

    def overlapping(self, name: str) -> frozenset[str]:
        """Give every name that shares something lying under it with this one."""
        return frozenset(self._named(self.numbers_overlapping(self._numbers[name])))

    def number(self, name: str) -> int:
        """Give the number of a declared name."""
        return self._numbers[name]

    def name(self, number: int) -> str:
        """Give the name that has a number."""
        return self._names[number]

    def reach(self, name: str, *, alone: bool = False) -> Reach:
        """Give what a declared name reaches, or an instance of it, under which nothing lies."""
        number = self._numbers[name]
        return Reach(self, number, self.numbers_above(number), alone)

    def numbers_above(self, number: int) -> frozenset[int]:
        """Give the numbers of what a name lies under, itself included."""
        known = self._above.get(number)
        if known is None:
            known = _kept(self._above, number, frozenset(_reached((number,), self._parents)))
        return known

    def numbers_overlapping(self, number: int) -> frozenset[int]:
        """Give the numbers of the names that share something lying under them with this one."""
        known = self._overlapping.get(number)
        if known is None:
            reached = _reached(_reached((number,), self._children), self._parents)
            known = _kept(self._overlapping, number, frozenset(reached))
        return known

    def _named(self, numbers: Iterable[int]) -> tuple[str, ...]:
        names = self._names
        return tuple(names[number] for number in numbers)


class Reach(NamedTuple):
    """What one name lies under, itself included, and what it overlaps, as numbers of a hierarchy.

    `alone` tells that nothing lies under it: an instance of a class overlaps what it lies under, and nothing beside it.
    """

    hierarchy: Hierarchy
    number: int
    above: frozenset[int]
    alone: bool

    @property
    def overlapping(self) -> frozenset[int]:
        """What shares something lying under it with the name."""
        return self.above if self.alone else self.hierarchy.numbers_overlapping(self.number)


def cycles(parents: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Yield each cycle once, as the names along it; parents that are not declared are passed over."""
    done: set[str] = set()
    for root in parents:
        if root in done:
            continue
        path, on_path, steps = [root], {root}, [iter(parents[root])]
        while path:
            step = next(steps[-1], None)
            if step is None:
                done.add(path[-1])
                on_path.remove(path.pop())
                steps.pop()
            elif step in on_path:
                yield tuple(path[path.index(step) :])
            elif step in parents and step not in done:
                path.append(step)
                on_path.add(step)
                steps.append(iter(parents[step]))


def depths(parents: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, int]]:
    """Yield each name with the length of its longest way up, itself counted; there are no cycles, or this would not end."""
    depth: dict[str, int] = {}
    for root in parents:
        waiting = [root]
        while waiting:
            above = [name for name in parents[waiting[-1]] if name in parents]
            unknown = [name for name in above if name not in depth]
            if unknown:
                waiting += unknown
                continue
            name = waiting.pop()
            if name not in depth:
                depth[name] = 1 + max((depth[each] for each in above), default=0)
                yield name, depth[name]


def _reached(numbers: Iterable[int], edges: Mapping[int, Iterable[int]] | Sequence[Iterable[int]]) -> dict[int, None]:
    reached = dict.fromkeys(numbers)
    waiting = list(reached)
    while waiting:
        at = waiting.pop()
        for number in edges.get(at, ()) if isinstance(edges, Mapping) else edges[at]:
            if number not in reached:
                reached[number] = None
                waiting.append(number)
    return reached


def _kept(memory: dict[int, frozenset[int]], number: int, reached: frozenset[int]) -> frozenset[int]:
    if len(memory) >= _KEPT or len(memory) * len(reached) >= _NUMBERS_KEPT:
        memory.clear()
    memory[number] = reached
    return reached
