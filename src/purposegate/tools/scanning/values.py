"""What an expression may come to, as far as can be told: a set of atoms, of which `UNKNOWN` says that it may be anything."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from purposegate.tools.scanning.sighting import Judge, Mention, Place

if TYPE_CHECKING:
    import ast

    from purposegate.tools.scanning.covers import Cover
    from purposegate.tools.scanning.frames import RawUse
    from purposegate.tools.scanning.modules import Class, Function, Module

# More than this is as good as anything.
_MOST: Final = 24


class _Unknown(Enum):
    UNKNOWN = "unknown"


UNKNOWN: Final = _Unknown.UNKNOWN


class Text(NamedTuple):
    """A text, where it is written, and as which argument it was handed into the function that uses it."""

    text: str
    origin: Place | None = None
    handed: Place | None = None


class Stem(NamedTuple):
    """A text of which only the beginning is known."""

    text: str


class Number(NamedTuple):
    """A whole number, which is an index."""

    number: int


class Nothing(NamedTuple):
    """`None`."""

    kind: str = "None"


class Folded(NamedTuple):
    """A path of the file system that could be folded from literals and `__file__`."""

    path: str


class Items(NamedTuple):
    """A list, tuple, set or iterator: its items where all are known in their order, else what each may be."""

    each: Value
    exact: tuple[Value, ...] | None = None


class Table(NamedTuple):
    """A dictionary: what stands under which literal key, and what else may stand in it."""

    entries: tuple[tuple[str, Value], ...]
    rest: Value


class InModule(NamedTuple):
    """A module of the project."""

    module: Module


class InClass(NamedTuple):
    """A class of the project."""

    owner: Class


class Instance(NamedTuple):
    """An object of a class of the project, or of one derived from it; `above` tells that it is `super()`, which knows no heirs."""

    owner: Class
    above: bool = False


class Callee(NamedTuple):
    """A function of the project, with what it is bound to: an object, and the variables of the function around it."""

    function: Function
    bound: Value | None = None
    closure: tuple[tuple[str, Value], ...] = ()


class Anonymous(NamedTuple):
    """A lambda, which is walked where it stands and again where it is called."""

    node: ast.Lambda
    closure: tuple[tuple[str, Value], ...] = ()


class Applied(NamedTuple):
    """A callable of which some arguments are given already, as by `functools.partial`."""

    callee: Value
    args: tuple[Value, ...]
    kwargs: tuple[tuple[str, Value], ...]


class Outside(NamedTuple):
    """Something that the scan did not read, by its dotted name."""

    dotted: str


class Foreign(NamedTuple):
    """An object of a class that the scan did not read; of a web framework's app or router, where it was made and what covers it."""

    dotted: str
    made: Place | None = None
    covers: tuple[Cover, ...] = ()


class AGate(NamedTuple):
    """A gate."""

    judge: Judge


class ABoundGate(NamedTuple):
    """A gate whose purpose and recipient are fixed."""

    judge: Judge
    purpose: Value
    recipient: Value


class GateMethod(NamedTuple):
    """A method of a gate."""

    gate: AGate | ABoundGate
    name: str


class Covering(NamedTuple):
    """A block, a decorator or a dependency that puts what runs in it under covers.

    `uses` are those that are known only at each call; `guards` tells that it goes on functions, `route` that a web framework
    sends off what is given back, and `swallows` that the block may be left by an exception that nobody hears of.
    """

    covers: tuple[Cover, ...] = ()
    uses: tuple[RawUse, ...] = ()
    guards: bool = False
    route: bool = False
    swallows: bool = False


class Guarded(NamedTuple):
    """A function that a guard was put around by hand."""

    callee: Value
    guard: Covering


class Taken(NamedTuple):
    """A part of a use that a guard takes from an argument of the call."""

    parameter: str


class Pending(NamedTuple):
    """What a coroutine releases once it is awaited."""

    covers: tuple[Cover, ...]


class Getter(NamedTuple):
    """A function that reads attributes or keys of what it is given, as `operator.attrgetter` makes it."""

    names: tuple[str, ...]
    of_items: bool


class MethodCaller(NamedTuple):
    """A function that calls a method of what it is given, as `operator.methodcaller` makes it."""

    name: str
    args: tuple[Value, ...]
    kwargs: tuple[tuple[str, Value], ...]


class Selected(NamedTuple):
    """A query, with what each of its rows holds."""

    columns: tuple[Value, ...]


class Verdict(NamedTuple):
    """The answer to a question, true only where the use is permitted."""

    covers: tuple[Cover, ...]
    denied: bool = False


class Labelled(NamedTuple):
    """A variable that bears labels: to read it is to use it."""

    labels: tuple[Mention, ...]
    name: str


class ASealed(NamedTuple):
    """A sealed value with its labels; `known` tells whether these are all."""

    labels: tuple[Mention, ...]
    known: bool = True


Atom = (
    _Unknown
    | Text
    | Stem
    | Number
    | Nothing
    | Folded
    | Items
    | Table
    | InModule
    | InClass
    | Instance
    | Callee
    | Anonymous
    | Applied
    | Outside
    | Foreign
    | AGate
    | ABoundGate
    | GateMethod
    | Covering
    | Guarded
    | Pending
    | Getter
    | MethodCaller
    | Selected
    | Taken
    | Verdict
    | Labelled
    | ASealed
)
Value = frozenset[Atom]

ANYTHING: Final[Value] = frozenset({UNKNOWN})
NONE: Final[Value] = frozenset({Nothing()})
NEVER: Final[Value] = frozenset()


def one(atom: Atom) -> Value:
    """Give the value that can be one thing only."""
    return frozenset((atom,))


def either(values: Iterable[Value]) -> Value:
    """Give the value that may be any of these; too many are anything."""
    given = values if isinstance(values, (list, tuple)) else list(values)
    if len(given) == 1:
        return given[0]
    result: Value = frozenset[Atom]().union(*given)
    return result if len(result) <= _MOST else result | ANYTHING


def known(value: Value) -> bool:
    """Tell whether the value is one of its atoms for sure."""
    return bool(value) and UNKNOWN not in value


def texts(value: Value) -> tuple[Text, ...]:
    """Give the texts that a value may be."""
    return tuple(sorted({atom for atom in value if isinstance(atom, Text)}, key=lambda text: text.text))


def each_of(value: Value) -> Value:
    """Give what one walks over in a value."""
    found: list[Value] = []
    for atom in value:
        if isinstance(atom, Items):
            found.append(either(atom.exact) if atom.exact is not None else atom.each)
        elif isinstance(atom, Table):
            found.append(frozenset(Text(key) for key, _ in atom.entries) or ANYTHING)
        else:
            found.append(ANYTHING)
    return either(found) if found else ANYTHING


def under(value: Value, key: Value) -> Value:
    """Give what stands in a container under a key or an index."""
    found: list[Value] = []
    for atom in value:
        if isinstance(atom, Items):
            found.append(_at(atom, key))
        elif isinstance(atom, Table):
            found += _under(atom, key)
        else:
            found.append(ANYTHING)
    return either(found) if found else ANYTHING


def _at(items: Items, key: Value) -> Value:
    indexes = [atom.number for atom in key if isinstance(atom, Number)]
    if items.exact is not None and len(indexes) == len(key):
        return either(items.exact[index] for index in indexes if -len(items.exact) <= index < len(items.exact)) or ANYTHING
    return either(items.exact) if items.exact else items.each


def _under(table: Table, key: Value) -> list[Value]:
    names = [text.text for text in texts(key)]
    entries = dict(table.entries)
    if names and len(names) == len(key):
        return [entries.get(name, table.rest) for name in names]
    return [*entries.values(), table.rest]
