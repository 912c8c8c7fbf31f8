"""What is known at a point of a function that is being walked, and what is noted on the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from purposegate.tools.scanning.covers import UNCOVERED, Cover, Way, Ways, any_of
from purposegate.tools.scanning.modules import Class, Function, Module
from purposegate.tools.scanning.sighting import How, Judge, Mention, Place
from purposegate.tools.scanning.values import NEVER, Value, either

# The variables at a point, and the ways to it; on no way it cannot be come to.
Point = tuple[dict[str, Value], Ways]


class RawUse(NamedTuple):
    """A use as it was met: a value for each part, None where the code does not name it."""

    how: How
    place: Place
    judge: Judge
    data_category: Value | None
    purpose: Value | None
    recipient: Value | None
    channel: Value | None
    has_subject: bool
    places: tuple[tuple[str, Place], ...]
    asks: bool = False
    drops: bool = False
    expected: bool = False
    receiver_known: bool = True
    bound: bool = False


class ReadKey(NamedTuple):
    """A read of what is labelled: where, of what, and with which labels; all of them must be covered."""

    place: Place
    what: str
    labels: tuple[Mention, ...]


class RawFact(NamedTuple):
    """A fact that is registered."""

    name: str
    place: Place
    judge: Judge


@dataclass(slots=True)
class Notes:
    """What was met in one walk of one function, or of a module's top."""

    function: str
    uses: list[RawUse] = field(default_factory=list)
    reads: dict[ReadKey, set[Way]] = field(default_factory=dict)
    unknown: dict[tuple[Place, str], None] = field(default_factory=dict)
    facts: list[RawFact] = field(default_factory=list)
    doubts: dict[tuple[Place, str], None] = field(default_factory=dict)
    touched: set[tuple[str, str]] = field(default_factory=set)
    executions: dict[Place, None] = field(default_factory=dict)
    gates: dict[Judge, Place] = field(default_factory=dict)


@dataclass(slots=True)
class Frame:
    """A point in the walk of a function: its variables, the ways by which one gets there, and where notes go; None for nowhere."""

    module: Module
    function: Function | None = None
    owner: Class | None = None
    env: dict[str, Value] = field(default_factory=dict)
    closure: dict[str, Value] = field(default_factory=dict)
    notes: Notes | None = None
    ways: Ways = UNCOVERED
    expected: bool = False
    # What the function gives back, and on which ways it ends or yields.
    returned: list[Value] = field(default_factory=list)
    ended: list[Ways] = field(default_factory=list)
    # Where it says yes or no: which, None for neither.
    answers: list[tuple[bool | None, Ways]] = field(default_factory=list)
    # The purposes of the blocks around this point.
    blocks: list[Cover] = field(default_factory=list)
    yielded: list[Value] = field(default_factory=list)
    yielding: list[Ways] = field(default_factory=list)
    globals: set[str] = field(default_factory=set)
    self_name: str | None = None
    route: bool = False
    # Whether something was entered that swallows exceptions: on a stack, or around a `yield`.
    swallows: bool = False
    yields_in_silence: bool = False
    # Whether what is called now is awaited.
    awaits: bool = False
    # Where `break` and `continue` go to, innermost last.
    breaks: list[list[Point]] = field(default_factory=list)
    continues: list[list[Point]] = field(default_factory=list)

    def emit(self, uses: Iterable[RawUse]) -> None:
        """Note uses."""
        if self.notes is not None:
            self.notes.uses += uses

    def here(self) -> Point:
        """Keep this point, to go on from it."""
        return dict(self.env), self.ways

    def go_to(self, points: Iterable[Point]) -> None:
        """Go on from where any of these points can be."""
        reached = [point for point in points if point[1]]
        self.ways = any_of(ways for _, ways in reached)
        if len(reached) == 1:
            self.env = dict(reached[0][0])
        elif reached:
            names = dict.fromkeys(name for env, _ in reached for name in env)
            self.env = {name: either([env[name] for env, _ in reached if name in env]) for name in names}

    def quiet(self) -> Frame:
        """Give the same point, for looking at something without noting it."""
        return Frame(self.module, self.function, self.owner, self.env, self.closure, None, self.ways, self_name=self.self_name)

    def local(self, name: str) -> Value:
        """Give what a variable of this function, or of one around it, may be; never where there is none."""
        found = self.env.get(name)
        return found if found is not None else self.closure.get(name, NEVER)
