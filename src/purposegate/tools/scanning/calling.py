"""Calls: of the project's functions, of gates, of classes; `library`, `methods` and `own` know what others do."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from purposegate.tools.scanning import gates, reading
from purposegate.tools.scanning.covers import Ways, any_of, released, withdrawn
from purposegate.tools.scanning.frames import Frame
from purposegate.tools.scanning.gates import Arguments
from purposegate.tools.scanning.project import own_name
from purposegate.tools.scanning.values import (
    ANYTHING,
    NEVER,
    UNKNOWN,
    ABoundGate,
    Anonymous,
    Applied,
    Atom,
    Callee,
    Covering,
    Foreign,
    GateMethod,
    Getter,
    Guarded,
    InClass,
    Instance,
    Items,
    MethodCaller,
    Outside,
    Table,
    Text,
    Value,
    either,
    one,
)

if TYPE_CHECKING:
    from purposegate.tools.scanning.reader import Reader

# What shows or serialises an object that is handed to it, by the last part of its name.
from purposegate.tools.scanning.library import outside
from purposegate.tools.scanning.methods import on
from purposegate.tools.scanning.own import OWN

_WRAPPING: Final = ("functools.", "contextlib.", "typing.", "typing_extensions.", "inspect.", "types.")
_IN_THREADS: Final = frozenset(
    {"submit", "add_task", "to_thread", "run_in_executor", "call_soon", "call_later", "run_sync", "run_in_threadpool"}
)
# In another thread or process, or after the answer, there is no purpose, unless `gate.propagate` has carried it there.
_WITHOUT_PURPOSE: Final = frozenset(
    {"submit", "add_task", "run_in_executor", "Thread", "Process", "Timer", "apply_async", "starmap_async"}
)


def called(reader: Reader, node: ast.Call, frame: Frame) -> Value:
    """Evaluate a call: its function, its arguments, then what it does."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else None
    awaited, frame.awaits = frame.awaits, False
    if name is not None:
        receiver = reader.evaluate(node.func.value, frame)  # type: ignore[attr-defined]  # by its kind
        callee = reading.attribute(reader, frame, node.func, receiver, name, calls=True)
    else:
        receiver = NEVER
        callee = reader.evaluate(node.func, frame)
    arguments = evaluated(reader, node, frame)
    frame.awaits = awaited
    told = on(reader, frame, node, receiver, name, arguments) if name is not None else []
    found = _any_of(reader, frame, node, [atom for atom in callee if not told or atom is not UNKNOWN], arguments) + told
    frame.awaits = False
    if any(atom is UNKNOWN or isinstance(atom, (Foreign, Outside)) for atom in callee) and not is_wrapping(callee):
        _handed_on(reader, frame, arguments, name)
    return either(found) if found else ANYTHING


def is_wrapping(callee: Value) -> bool:
    """Tell whether a function only makes another one of what it is given, and does not call it."""
    return all(isinstance(atom, Outside) and atom.dotted.startswith(_WRAPPING) for atom in callee)


def evaluated(reader: Reader, node: ast.Call, frame: Frame) -> Arguments:
    """Evaluate the arguments of a call, in their order."""
    arguments = Arguments()
    for each in node.args:
        if not isinstance(each, ast.Starred):
            arguments.positional.append((reader.evaluate(each, frame), each))
            continue
        value = reader.evaluate(each.value, frame)
        reading.walked_over(reader, frame, each.value, value)
        exact = [atom.exact for atom in value if isinstance(atom, Items)]
        if len(value) == 1 and exact and exact[0] is not None:
            arguments.positional += [(item, each.value) for item in exact[0]]
        else:
            arguments.open = True
    for keyword in node.keywords:
        value = reader.evaluate(keyword.value, frame)
        if keyword.arg is not None:
            arguments.keywords[keyword.arg] = (value, keyword.value)
            continue
        reading.shown(reader, frame, keyword.value, frozenset(atom for atom in value if isinstance(atom, Instance)))
        tables = [atom for atom in value if isinstance(atom, Table)]
        if len(value) == 1 and tables and not tables[0].rest:
            arguments.keywords.update({key: (item, keyword.value) for key, item in tables[0].entries})
        else:
            arguments.open = True
    return arguments


def apply(reader: Reader, frame: Frame, node: ast.expr, callee: Value, arguments: Arguments) -> Value:
    """Call whatever a value may be."""
    call = node if isinstance(node, ast.Call) else ast.copy_location(ast.Call(node, [], []), node)
    found = _any_of(reader, frame, call, list(callee), arguments)
    return either(found) if found else ANYTHING


def _any_of(reader: Reader, frame: Frame, node: ast.Call, atoms: list[Atom], arguments: Arguments) -> list[Value]:
    """Call one of several: what only some of those that are known release is not released."""
    before, awaited = frame.ways, frame.awaits
    atoms = [atom for atom in atoms if atom is not UNKNOWN] or atoms
    found: list[Value] = []
    ends: list[Ways] = []
    for atom in atoms:
        frame.ways, frame.awaits = before, awaited
        found.append(_of(reader, frame, node, atom, arguments))
        ends.append(frame.ways)
    if ends:
        frame.ways = any_of(ends)
    return found


def _of(reader: Reader, frame: Frame, node: ast.Call, atom: Atom, arguments: Arguments) -> Value:  # noqa: C901, PLR0911 - a line a kind
    match atom:
        case GateMethod():
            return gates.called(reader, frame, node, atom, arguments)
        case Callee():
            return reader.run(atom, arguments, frame, node)
        case Anonymous():
            return _lambda(reader, frame, atom, arguments)
        case Applied():
            merged = Arguments(
                [*((value, node) for value in atom.args), *arguments.positional],
                {**{name: (value, node) for name, value in atom.kwargs}, **arguments.keywords},
                arguments.open,
            )
            return apply(reader, frame, node, atom.callee, merged)
        case Guarded():
            frame.emit(gates.entered(atom.guard.uses, frame))
            frame.ways = released(frame.ways, atom.guard.covers)
            return apply(reader, frame, node, atom.callee, arguments)
        case ABoundGate():
            return gates.called(reader, frame, node, GateMethod(atom, "check"), arguments)
        case MethodCaller() if arguments.positional:
            method = reading.attribute(reader, frame, node, arguments.positional[0][0], atom.name, calls=True)
            given = Arguments([(value, node) for value in atom.args], {key: (value, node) for key, value in atom.kwargs})
            return apply(reader, frame, node, method, given)
        case Getter():
            return _got(reader, frame, node, atom, arguments)
        case Covering():
            return _decorated(atom, arguments)
        case InClass():
            return _made(reader, frame, node, atom, arguments)
        case Instance():
            found = reader.classes.members(atom.owner, "__call__")
            return (
                either(apply(reader, frame, node, reader.bound(each, atom, frame, node), arguments) for each in found[:1])
                or ANYTHING
            )
        case Outside():
            return outside(reader, frame, node, atom.dotted, arguments)
    return ANYTHING


def _got(reader: Reader, frame: Frame, node: ast.Call, getter: Getter, arguments: Arguments) -> Value:
    if not arguments.positional:
        return ANYTHING
    receiver, where = arguments.positional[0][0], arguments.positional[0][1]
    place = where if isinstance(where, ast.expr) else node
    if getter.of_items:
        found = [reading.item(reader, frame, place, receiver, one(Text(name))) for name in getter.names]
    else:
        found = []
        for name in getter.names:
            value = receiver
            for part in name.split("."):
                value = reading.attribute(reader, frame, place, value, part)
            found.append(value)
    return found[0] if len(found) == 1 else one(Items(either(found) if found else ANYTHING, tuple(found)))


def _decorated(covering: Covering, arguments: Arguments) -> Value:
    """Put a guard around a function by hand: `guarded = gate.guard(…)(function)`."""
    if not covering.guards or not arguments.positional:
        return ANYTHING
    return one(Guarded(arguments.positional[0][0], covering))


def _lambda(reader: Reader, frame: Frame, atom: Anonymous, arguments: Arguments) -> Value:
    if not reader.enters_lambda(atom, frame):
        return ANYTHING
    written = atom.node.args
    parameters = [each.arg for each in (*written.posonlyargs, *written.args)]
    given = arguments.by_name(*parameters)
    kept, closure = frame.env, frame.closure
    if atom.node in reader.within:
        return ANYTHING
    names = (*parameters, *(each.arg for each in written.kwonlyargs))
    frame.env = {**kept, **{name: given[name][0] if name in given else ANYTHING for name in names}}
    if written.vararg is not None:
        rest = either(value for value, _ in arguments.positional[len(parameters) :])
        frame.env[written.vararg.arg] = one(Items(rest or ANYTHING))
    frame.closure = {**closure, **dict(atom.closure)}
    reader.within.add(atom.node)
    try:
        return reader.evaluate(atom.node.body, frame)
    finally:
        reader.within.discard(atom.node)
        frame.env, frame.closure = kept, closure
        reader.leaves_lambda()


def _made(reader: Reader, frame: Frame, node: ast.Call, atom: InClass, arguments: Arguments) -> Value:
    owner = atom.owner
    own = own_name(owner.dotted)
    if own is not None and own in OWN:
        return OWN[own](reader, frame, node, arguments)
    if reader.project.derives(owner, "enum.Enum", "enum.StrEnum", "enum.IntEnum"):
        return arguments.positional[0][0] if arguments.positional else ANYTHING
    made = reader.classes.object_of(owner)
    for each in made:
        if isinstance(each, Instance):
            reader.construct(each, arguments, frame, node)
    if any(not isinstance(each, Instance) for each in made):  # a subclass of the gate
        return gates.made(frame, node, arguments, loads=False)
    return made


def _handed_on(reader: Reader, frame: Frame, arguments: Arguments, name: str | None) -> None:
    """Take functions that are handed to what the scan did not read for called there, with what stands beside them."""
    values = [*arguments.positional, *arguments.keywords.values()]
    elements = [reader.each(value) for value, _ in arguments.positional if any(isinstance(atom, (Items, Table)) for atom in value)]
    for at, (value, each) in enumerate(values):
        for atom in value:
            if not isinstance(atom, (Callee, Anonymous, Applied, Guarded, Getter, GateMethod, MethodCaller)):
                continue
            if name in _IN_THREADS and at < len(arguments.positional):
                given = Arguments(arguments.positional[at + 1 :], dict(arguments.keywords))
            elif "args" in arguments.keywords:
                exact = [one_.exact for one_ in arguments.keywords["args"][0] if isinstance(one_, Items)]
                given = Arguments([(item, each) for item in (exact[0] if exact and exact[0] else ())])
            else:
                given = Arguments([(element, each) for element in elements[:1]])
            ways = frame.ways
            if name in _WITHOUT_PURPOSE:
                frame.ways = withdrawn(ways, gates.ambient_covers(ways))
            apply(reader, frame, ast.copy_location(ast.Call(each, [], []), each), one(atom), given)
            frame.ways = ways
