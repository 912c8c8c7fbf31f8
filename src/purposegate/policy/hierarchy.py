"""Names that lie under other names: `x ≤ y`, and which names overlap (DESIGN §4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping


class Hierarchy:
    """Declared names with their parents: a directed graph without cycles, of which a tree is the usual case.

    What a name reaches is worked out when it is first asked for and kept: bounded by the declared names, and equal whichever
    thread works it out.
    """

    __slots__ = ("_above", "_children", "_overlapping", "_parents")

    def __init__(self, parents: Mapping[str, tuple[str, ...]]) -> None:
        """Take each name's parents, all of them declared and without a cycle."""
        self._parents = dict(parents)
        self._children: dict[str, list[str]] = {}
        for name, above in self._parents.items():
            for parent in above:
                self._children.setdefault(parent, []).append(name)
        self._above: dict[str, frozenset[str]] = {}
        self._overlapping: dict[str, frozenset[str]] = {}

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._parents

    def __iter__(self) -> Iterator[str]:
        return iter(self._parents)

    def __len__(self) -> int:
        return len(self._parents)

    def parents(self, name: str) -> tuple[str, ...]:
        """Give the names that a name was declared under."""
        return self._parents[name]

    def children(self, name: str) -> tuple[str, ...]:
        """Give the names declared directly under a name."""
        return tuple(self._children.get(name, ()))

    def leaves(self, names: Iterable[str]) -> tuple[str, ...]:
        """Give the names under these, themselves included, that have nothing under them."""
        return tuple(below for below in _reached(names, self._children) if below not in self._children)

    def above(self, name: str) -> frozenset[str]:
        """Give every `y` with `name ≤ y`: the name itself and all that it lies under."""
        known = self._above.get(name)
        if known is None:
            known = self._above[name] = frozenset(_reached((name,), self._parents))
        return known

    def below(self, names: Iterable[str]) -> tuple[str, ...]:
        """Give the names under these, themselves included."""
        return tuple(_reached(names, self._children))

    def under(self, name: str) -> tuple[str, ...]:
        """Give every `x` with `x ≤ name`, the name itself first."""
        return tuple(_reached((name,), self._children))

    def overlapping(self, name: str) -> frozenset[str]:
        """Give every name that shares something lying under it with this one."""
        known = self._overlapping.get(name)
        if known is None:
            known = self._overlapping[name] = frozenset(_reached(self.under(name), self._parents))
        return known


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


def _reached(names: Iterable[str], edges: Mapping[str, Iterable[str]]) -> dict[str, None]:
    reached = dict.fromkeys(names)
    waiting = list(reached)
    while waiting:
        for name in edges.get(waiting.pop(), ()):
            if name not in reached:
                reached[name] = None
                waiting.append(name)
    return reached
