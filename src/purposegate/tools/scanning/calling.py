"""Calls: of the project's functions, of gates, of classes, and of what the scan did not read."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from purposegate.tools.scanning import gates, reading, telling
from purposegate.tools.scanning.covers import Cover, Ways, any_of, released, withdrawn
from purposegate.tools.scanning.frames import Frame
from purposegate.tools.scanning.gates import Arguments
from purposegate.tools.scanning.modules import Class, words_of
from purposegate.tools.scanning.project import own_name
from purposegate.tools.scanning.values import (
    ANYTHING,
    NEVER,
    UNKNOWN,
    ABoundGate,
    AGate,
    Anonymous,
    Applied,
    ASealed,
    Atom,
    Callee,
    Covering,
    Folded,
    Foreign,
    GateMethod,
    Getter,
    Guarded,
    InClass,
    Instance,
    Items,
    MethodCaller,
    Outside,
    Pending,
    Selected,
    Stem,
    Table,
    Taken,
    Text,
    Value,
    Verdict,
    either,
    one,
    texts,
)

if TYPE_CHECKING:
    from purposegate.tools.scanning.reader import Reader

# What shows or serialises an object that is handed to it, by the last part of its name.
_SHOWING: Final = frozenset(
    {
        *("builtins.str", "builtins.repr", "builtins.format", "builtins.print", "builtins.vars", "builtins.ascii"),
        *("dataclasses.asdict", "dataclasses.astuple", "attrs.asdict", "attrs.astuple", "attr.asdict", "attr.astuple"),
        *(
            "json.dumps",
            "json.dump",
            "pickle.dumps",
            "pickle.dump",
            "pprint.pprint",
            "pprint.pformat",
            "yaml.dump",
            "yaml.safe_dump",
        ),
        *("orjson.dumps", "marshal.dumps", "copyreg.pickle", "fastapi.encoders.jsonable_encoder", "inspect.getmembers"),
        *("pandas.DataFrame", "pandas.DataFrame.from_records", "pandas.Series", "polars.DataFrame", "polars.from_dicts"),
    }
)
_SERIALISING: Final = frozenset(
    {
        "model_dump",
        "model_dump_json",
        "dict",
        "json",
        "_asdict",
        "to_dict",
        "__str__",
        "__repr__",
        "__getstate__",
        "__reduce__",
        "__reduce_ex__",
        "copy_to_dict",
    }
)
_LOGGING: Final = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log"})
_LOGGERS: Final = ("logging.getLogger", "logging.Logger", "structlog.get_logger", "structlog.stdlib.get_logger", "loguru.logger")
_SAME: Final = frozenset(
    {
        *("copy.copy", "copy.deepcopy", "dataclasses.replace", "copy.replace", "attrs.evolve", "attr.evolve"),
        *("functools.lru_cache", "functools.cache", "functools.update_wrapper"),
        *("asyncio.wait_for", "asyncio.shield", "asyncio.create_task", "asyncio.ensure_future"),
    }
)
# What `NewType` makes, which gives back what it is given.
_NEW_TYPE: Final = "typing.NewType.made"
_ENTERING: Final = frozenset({"enter_context", "enter_async_context", "push", "push_async_exit"})
_WRITERS: Final = frozenset({"csv.writer", "csv.DictWriter", "pydantic.TypeAdapter"})
_WRITING: Final = frozenset({"writerow", "writerows", "dump_python", "dump_json"})
_OF_A_CLASS: Final = 3
_MAKING_CLASSES: Final = frozenset({"TypedDict", "NamedTuple", "make_dataclass", "make_class", "create_model"})
_WRAPPING: Final = ("functools.", "contextlib.", "typing.", "typing_extensions.", "inspect.", "types.")
_WALKED: Final = frozenset({"list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "deque", "chain"})
_OF_ITEMS: Final = frozenset({"next", "min", "max"})
_ROUTES: Final = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "api_route", "route", "websocket", "trace"})
_APPS: Final = frozenset({"FastAPI", "APIRouter"})
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
    told = _on(reader, frame, node, receiver, name, arguments) if name is not None else []
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
            return _outside(reader, frame, node, atom.dotted, arguments)
    return ANYTHING


def _executed(reader: Reader, frame: Frame, node: ast.Call, text: Value) -> None:
    """Walk literal text that is run as code where it stands; whatever else it may be cannot be told."""
    literals = texts(text)
    if len(literals) != 1 or len(text) != 1:
        telling.note_execution(frame, node)
        return
    try:
        tree = ast.parse(literals[0].text.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return  # it raises, and runs nothing
    for each in ast.walk(tree):
        if isinstance(each, (ast.expr, ast.stmt, ast.arg, ast.keyword, ast.pattern)):
            ast.copy_location(each, node)
    reader.walk(tree.body, frame)


def _unbound(reader: Reader, frame: Frame, node: ast.Call, name: str, arguments: Arguments) -> Value:
    """Call a method of the class with a gate as its first argument."""
    if not arguments.positional:
        return ANYTHING
    rest = Arguments(arguments.positional[1:], arguments.keywords, arguments.open)
    found = [
        gates.called(reader, frame, node, GateMethod(atom, name), rest)
        for atom in arguments.positional[0][0]
        if isinstance(atom, (AGate, ABoundGate))
    ]
    return either(found) if found else ANYTHING


def _all_of(value: Value) -> Value:
    """Give one verdict for several that must all be favourable."""
    exact = next((atom.exact for atom in value if isinstance(atom, Items) and atom.exact), ()) if len(value) == 1 else ()
    verdicts = [atom for item in exact for atom in item if isinstance(atom, Verdict) and not atom.denied and len(item) == 1]
    if not exact or len(verdicts) < len(exact):
        return ANYTHING
    return one(Verdict(tuple(cover for verdict in verdicts for cover in verdict.covers)))


def _without_pending(value: Value, *, kept: bool) -> Value:
    return frozenset(atom for atom in value if not isinstance(atom, Pending)) if kept else value


def _column(reader: Reader, value: Value) -> Value:
    """Give what a row holds of what was selected: an object of a mapped class, or a value."""
    return reader.instances(value) or ANYTHING


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
    if own is not None and own in _OWN:
        return _OWN[own](reader, frame, node, arguments)
    if reader.project.derives(owner, "enum.Enum", "enum.StrEnum", "enum.IntEnum"):
        return arguments.positional[0][0] if arguments.positional else ANYTHING
    made = reader.classes.object_of(owner)
    for each in made:
        if isinstance(each, Instance):
            reader.construct(each, arguments, frame, node)
    if any(not isinstance(each, Instance) for each in made):  # a subclass of the gate
        return gates.made(frame, node, arguments, loads=False)
    return made


def _outside(reader: Reader, frame: Frame, node: ast.Call, name: str, arguments: Arguments) -> Value:  # noqa: C901, PLR0911, PLR0912, PLR0915 - a line a kind
    own = own_name(name)
    if own == "load" and name.endswith("Gate.load"):
        return gates.made(frame, node, arguments, loads=True)
    if own is not None and own in _OWN:
        return _OWN[own](reader, frame, node, arguments)
    if own in gates.METHODS and name.endswith(f"Gate.{own}") and arguments.positional:
        held = [GateMethod(atom, own) for atom in arguments.positional[0][0] if isinstance(atom, AGate)]
        rest = Arguments(arguments.positional[1:], arguments.keywords, arguments.open)
        return either(gates.called(reader, frame, node, method, rest) for method in held[:1]) or ANYTHING
    first = arguments.positional[0][0] if arguments.positional else NEVER
    last = name.rpartition(".")[2]
    if name in _SHOWING or (last in _LOGGING and name.startswith("logging.")):
        _show(reader, frame, node, arguments)
        return first if name == "builtins.str" and all(isinstance(atom, (Text, Folded)) for atom in first) else ANYTHING
    if (name == "builtins.type" and len(arguments.positional) == _OF_A_CLASS) or last in _MAKING_CLASSES:
        if "Personal" in words_of(node):
            reading.doubt(frame, node, "a class with labels is made here by a call, so that its fields cannot be told")
        return ANYTHING
    if last == "object" and name.endswith("patch.object"):
        _set(reader, frame, node, arguments)
        return ANYTHING
    if last == "patch" and name.startswith(("unittest.mock", "mock")):
        _set(reader, frame, node, arguments)
        return ANYTHING
    if name in ("builtins.exec", "builtins.eval"):
        _executed(reader, frame, node, first)
        return ANYTHING
    if own == "load" or ((own in gates.METHODS or (own or "").removeprefix("a") in gates.METHODS) and ".Gate." in f".{name}"):
        return _unbound(reader, frame, node, own or "", arguments)
    if name == "builtins.type" and len(arguments.positional) == 1:
        return reader.class_of(first)
    if name in ("builtins.getattr", "builtins.object.__getattribute__"):
        return _getattr(reader, frame, node, arguments)
    if name in ("builtins.setattr", "builtins.delattr") and first:
        _set(reader, frame, node, arguments)
        return ANYTHING
    if name == "contextlib.suppress":
        return one(Covering(swallows=True))
    if name == "builtins.all":
        return _all_of(first)
    if name == "builtins.bool":
        return first or ANYTHING
    if name == "inspect.unwrap" and first:
        return reading.attribute(reader, frame, node, first, "__wrapped__")
    if name == "builtins.super":
        return reader.above(frame)
    if name == "functools.partial" and arguments.positional:
        fixed = tuple(value for value, _ in arguments.positional[1:])
        return one(Applied(first, fixed, tuple((key, value) for key, (value, _) in arguments.keywords.items())))
    if name in ("typing.cast", "typing_extensions.cast") and len(arguments.positional) > 1:
        return reader.annotation(node.args[0], frame).value
    if name in ("pathlib.Path", "pathlib.PurePath", "os.path.join", "os.path.dirname", "os.path.abspath", "os.fspath"):
        return _path(name, arguments)
    if name in _SAME:
        return first or ANYTHING
    if name == "functools.reduce" and len(arguments.positional) > 1:
        element = reader.each(arguments.positional[1][0])
        begun = arguments.positional[2][0] if len(arguments.positional) > 2 else element  # noqa: PLR2004 - the initial value
        ways = frame.ways
        result = apply(reader, frame, node, first, Arguments([(begun, node), (element, node)]))
        frame.ways = ways
        return begun | result
    if name == "asyncio.run":
        return gates.settled(first or ANYTHING, frame)
    if name == "asyncio.gather":
        kept = "return_exceptions" in arguments.keywords  # a violation is only given back then
        return _without_pending(either(value for value, _ in arguments.positional), kept=kept) or ANYTHING
    if name == "operator.methodcaller" and texts(first):
        fixed = tuple(value for value, _ in arguments.positional[1:])
        return one(MethodCaller(texts(first)[0].text, fixed, tuple((key, value) for key, (value, _) in arguments.keywords.items())))
    if name in ("operator.attrgetter", "operator.itemgetter"):
        named = tuple(text.text for value, _ in arguments.positional for text in texts(value))
        return one(Getter(named, name.endswith("itemgetter")))
    if last == "select" and name.startswith(("sqlalchemy", "sqlmodel")):
        return one(Selected(tuple(_column(reader, value) for value, _ in arguments.positional)))
    if name == "itertools.starmap" and len(arguments.positional) > 1:
        ways = frame.ways
        for row in reader.each(arguments.positional[1][0]):
            given = Arguments([(value, node) for value in (row.exact or ())] if isinstance(row, Items) else [])
            apply(reader, frame, node, first, given)
        frame.ways = ways
        return ANYTHING
    if name in ("builtins.enumerate", "builtins.zip", "builtins.map", "builtins.filter"):
        return _paired(reader, frame, node, last, arguments)
    if name == "builtins.dict" and first:
        reading.walked_over(reader, frame, node, first)
        return frozenset(atom for atom in first if isinstance(atom, (Instance, Table))) or ANYTHING
    if last in _WALKED and first:
        reading.walked_over(reader, frame, node, first)
        return _as_items(reader, first)
    if last in _OF_ITEMS and first:
        return reader.each(first)
    if last in _APPS and name.startswith("fastapi"):
        return one(Foreign(name, frame.module.place(node), _dependencies(arguments)))
    if name in ("typing.NewType", "typing_extensions.NewType"):
        return one(Outside(_NEW_TYPE))
    if name == _NEW_TYPE:
        return first or ANYTHING
    if last == "Depends" and first:
        return first
    if last in ("enter_context", "enter_async_context"):
        return ANYTHING
    if name in _WRITERS:
        return one(Foreign(name))
    if name == "operator.getitem" and len(arguments.positional) > 1:
        return reading.item(reader, frame, node, first, arguments.positional[1][0])
    if name.startswith("builtins.") and last.endswith(("Error", "Exception", "Warning")):
        _show(reader, frame, node, arguments)  # in a traceback, if not before
    if name in _LOGGERS or last in ("getLogger", "get_logger"):
        return one(Foreign(name))
    return one(Foreign(name)) if last[:1].isupper() else ANYTHING


def _on(reader: Reader, frame: Frame, node: ast.Call, receiver: Value, name: str, arguments: Arguments) -> list[Value]:  # noqa: C901, PLR0912, PLR0915 - a line a kind
    """Evaluate what a method does that is told by its name and by what it is called on."""
    found: list[Value] = []
    for atom in receiver:
        match atom:
            case Instance() if name in _SERIALISING and not reader.classes.members(atom.owner, name):
                reading.shown(reader, frame, node, one(atom), only=_included(reader, atom.owner, arguments))
            case Instance() if (
                name in ("get", "pop", "setdefault", "__getitem__")
                and reader.classes.is_dictionary(atom.owner)
                and arguments.positional
            ):
                found.append(reading.item(reader, frame, node, one(atom), arguments.positional[0][0]))
            case Instance() if name in ("values", "items", "copy") and reader.classes.is_dictionary(atom.owner):
                reading.shown(reader, frame, node, one(atom))
            case Instance() if name in ("__getattribute__", "__getattr__") and arguments.positional:
                names = texts(arguments.positional[0][0])
                found += [reading.attribute(reader, frame, node, one(atom), each.text) for each in names]
            case Text() if name in ("format", "format_map", "join"):
                for value, where in arguments.positional:
                    reading.walked_over(reader, frame, where if isinstance(where, ast.expr) else node, value)
                _show(reader, frame, node, arguments)
                stem = atom.text.partition("{")[0]
                if name == "format" and stem:
                    found.append(one(Stem(stem)))
            case Selected():
                found.append(_rows(atom, name))
            case Foreign() if name in _WRITING and atom.dotted in _WRITERS:
                _show(reader, frame, node, arguments)
            case Foreign() if name in _LOGGING and atom.dotted.startswith(_LOGGERS):
                _show(reader, frame, node, arguments)
            case Foreign() if atom.dotted.rpartition(".")[2] in _APPS:
                found += _of_app(reader, frame, atom, name, arguments)
            case Table() if name in ("values", "items", "get", "pop", "setdefault", "keys", "copy"):
                found.append(_of_table(atom, name, arguments))
            case Items() if name in ("append", "add", "insert", "extend", "appendleft"):
                _grown(reader, frame, node, atom, name, arguments)
            case Items() if name in ("pop", "popleft", "first", "one", "one_or_none", "scalar_one"):
                found.append(either(atom.exact) if atom.exact else atom.each)
            case Items() if name == "filter_by":
                for each in atom.each:
                    if isinstance(each, Instance):
                        for key in arguments.keywords:
                            reading.attribute(reader, frame, node, one(each), key)
                found.append(one(atom))
            case Items() if name in ("all", "unique", "copy", "fetchall", "scalars", "where", "filter", "order_by", "limit"):
                found.append(one(atom))
            case Folded() if name in ("resolve", "absolute", "expanduser"):
                found.append(one(atom))
            case Folded() if name in ("joinpath", "with_name", "with_suffix"):
                found.append(_joined(atom, name, arguments))
            case ASealed() if name == "map":
                found.append(one(atom))
            case Outside() if atom.dotted in _LOGGERS or atom.dotted == "logging":
                if name in _LOGGING:
                    _show(reader, frame, node, arguments)
            case _:
                if atom is UNKNOWN or isinstance(atom, Foreign):
                    if name in gates.METHODS:
                        gates.unknown_receiver(frame, node, name, arguments)
                    if name in _LOGGING and telling.names_logger(node):
                        _show(reader, frame, node, arguments)
                    found += _queried(reader, name, arguments)
                if name in _ENTERING and arguments.positional:
                    frame.swallows = frame.swallows or reader.swallows(arguments.positional[0][0])
                    for each in arguments.positional[0][0]:
                        if isinstance(each, Covering):
                            frame.ways = released(frame.ways, each.covers)
                if name == "setattr" and arguments.positional:
                    _set(reader, frame, node, arguments)
    return found


def _included(reader: Reader, owner: Class, arguments: Arguments) -> frozenset[str] | None:
    """Give the fields that a dump is told to hold; None where it holds all, or it cannot be told."""
    names = frozenset(reader.classes.names_of(owner))
    for key in ("include", "exclude"):
        value = arguments.keywords.get(key, (NEVER, None))[0]
        exact = [atom.exact for atom in value if isinstance(atom, Items)]
        if len(value) == 1 and exact and exact[0] is not None:
            named = frozenset(text.text for item in exact[0] for text in texts(item))
            if key == "include":
                names &= named
            elif len(named) == len(exact[0]):
                names -= named
    return names


def _queried(reader: Reader, name: str, arguments: Arguments) -> list[Value]:
    """Give what a session gives for a query: rows, objects, or one of them."""
    if not arguments.positional:
        return []
    first = arguments.positional[0][0]
    if name in ("get", "get_one", "query", "refresh") and any(isinstance(atom, InClass) for atom in first):
        made = reader.instances(first)
        return [one(Items(made))] if name == "query" else [made]
    found = []
    for atom in first:
        if isinstance(atom, Selected):
            row = one(Items(either(atom.columns), atom.columns))
            one_of = atom.columns[0] if atom.columns else ANYTHING
            if name in ("scalars", "stream_scalars") or (name == "exec" and len(atom.columns) == 1):
                found.append(one(Items(one_of)))
            elif name in ("execute", "stream", "exec"):
                found.append(one(Selected(atom.columns)))
            elif name in ("scalar", "scalar_one", "scalar_one_or_none"):
                found.append(one_of)
            else:
                found.append(one(Items(row)))
    return found


def _rows(query: Selected, name: str) -> Value:
    """Give what is made of a query, or of its result."""
    row = one(Items(either(query.columns), query.columns))
    first = query.columns[0] if query.columns else ANYTHING
    if name == "scalars":
        return one(Items(first))
    if name in ("scalar", "scalar_one", "scalar_one_or_none"):
        return first
    if name in ("first", "one", "one_or_none", "fetchone"):
        return row
    if name in ("all", "fetchall", "fetchmany", "partitions", "tuples", "unique"):
        return one(Items(row))
    return one(query)


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


def _show(reader: Reader, frame: Frame, node: ast.Call, arguments: Arguments) -> None:
    for value, _ in (*arguments.positional, *arguments.keywords.values()):
        reading.shown(reader, frame, node, value)


def _getattr(reader: Reader, frame: Frame, node: ast.Call, arguments: Arguments) -> Value:
    if len(arguments.positional) < 2:  # noqa: PLR2004 - the object and the name
        return ANYTHING
    receiver, names = arguments.positional[0][0], texts(arguments.positional[1][0])
    labelled = [atom for atom in receiver if isinstance(atom, Instance) and reader.classes.labelled(atom.owner)]
    if labelled and len(names) != len(arguments.positional[1][0]):
        reading.doubt(frame, node, f"which field of `{labelled[0].owner.name}` is read here cannot be told")
    return either(reading.attribute(reader, frame, node, receiver, text.text) for text in names) or ANYTHING


def _set(reader: Reader, frame: Frame, node: ast.Call, arguments: Arguments) -> None:
    """Doubt whatever replaces a method of a gate: nothing holds then."""
    if not arguments.positional:
        return
    named = texts(arguments.positional[1][0]) if len(arguments.positional) > 1 else ()
    target = arguments.positional[0][0]
    replaced = [text.text for text in named if text.text in gates.METHODS]
    if replaced and telling.is_gate(target):
        reading.doubt(frame, node, f"`{replaced[0]}` of a gate is replaced here, so that nothing holds what it would have refused")
    elif any(text.text.endswith(tuple(f"Gate.{name}" for name in gates.METHODS)) for text in texts(target)):
        reading.doubt(frame, node, "a method of the gate is replaced here, so that nothing holds what it would have refused")


def _of_app(reader: Reader, frame: Frame, app: Foreign, name: str, arguments: Arguments) -> list[Value]:
    covers = (*app.covers, *reader.included(app), *_dependencies(arguments))
    if name in _ROUTES:
        return [one(Covering(covers, route=True))]
    if name == "include_router" and arguments.positional:
        for router in arguments.positional[0][0]:
            if isinstance(router, Foreign):
                reader.include(router, covers)
    return []


def _dependencies(arguments: Arguments) -> tuple[Cover, ...]:
    given = arguments.keywords.get("dependencies", (NEVER, None))[0]
    return tuple(
        cover
        for atom in given
        if isinstance(atom, Items)
        for value in (atom.exact or (atom.each,))
        for each in value
        if isinstance(each, Covering)
        for cover in each.covers
    )


def _of_table(table: Table, name: str, arguments: Arguments) -> Value:
    values = either([*(value for _, value in table.entries), table.rest]) or ANYTHING
    if name == "values":
        return one(Items(values, tuple(value for _, value in table.entries) if not table.rest else None))
    if name == "items":
        pairs = tuple(one(Items(ANYTHING, (one(Text(key)), value))) for key, value in table.entries)
        return one(Items(one(Items(ANYTHING, (ANYTHING, values))), pairs if not table.rest else None))
    if name == "keys":
        keys = tuple(one(Text(key)) for key, _ in table.entries)
        return one(Items(ANYTHING, keys if not table.rest else None))
    if name == "copy":
        return one(table)
    named = [text.text for text in texts(arguments.positional[0][0])] if arguments.positional else []
    entries = dict(table.entries)
    default = arguments.positional[1][0] if len(arguments.positional) > 1 else NEVER
    found = either([entries.get(key, table.rest) for key in named]) if named else values
    return (found | default) or ANYTHING


def _grown(reader: Reader, frame: Frame, node: ast.Call, items: Items, name: str, arguments: Arguments) -> None:
    """Have a variable's list hold what is put into it."""
    target = node.func.value if isinstance(node.func, ast.Attribute) else None
    if arguments.positional and isinstance(target, ast.Attribute):
        value = arguments.positional[-1][0]
        held = one(Items(reader.each(value) if name == "extend" else value))
        reader.assign_attribute(reader.evaluate(target.value, frame.quiet()), target.attr, held)
        return
    if not arguments.positional or not isinstance(target, ast.Name) or target.id not in frame.env:
        return
    value = arguments.positional[-1][0]
    more = reader.each(value) if name == "extend" else value
    held = either(items.exact) if items.exact else items.each
    frame.env[target.id] = one(Items(more if held == ANYTHING else held | more))


def _as_items(reader: Reader, value: Value) -> Value:
    exact = [atom.exact for atom in value if isinstance(atom, Items)]
    if len(value) == 1 and exact:
        return value
    return one(Items(reader.each(value)))


def _paired(reader: Reader, frame: Frame, node: ast.Call, name: str, arguments: Arguments) -> Value:
    values = [reader.each(value) for value, _ in arguments.positional]
    if name == "enumerate" and values:
        return one(Items(one(Items(ANYTHING, (ANYTHING, values[0])))))
    if name == "zip":
        return one(Items(one(Items(ANYTHING, tuple(values)))))
    if len(values) > 1:
        given = Arguments([(value, node) for value in values[1:]])
        ways = frame.ways
        result = apply(reader, frame, node, arguments.positional[0][0], given)
        frame.ways = ways  # it runs once somebody walks over it, and for as many as there are
        return one(Items(result if name == "map" else values[1]))
    return ANYTHING


def _path(name: str, arguments: Arguments) -> Value:
    parts: list[str] = []
    for value, _ in arguments.positional:
        atoms = list(value)
        if len(atoms) != 1 or not isinstance(atoms[0], (Text, Folded)):
            return ANYTHING
        parts.append(atoms[0].text if isinstance(atoms[0], Text) else atoms[0].path)
    if not parts:
        return ANYTHING
    whole = posixpath.normpath(posixpath.join(*parts))
    return one(Folded(posixpath.dirname(whole) if name.endswith("dirname") else whole))


def _joined(path: Folded, name: str, arguments: Arguments) -> Value:
    named = [text.text for value, _ in arguments.positional for text in texts(value)]
    if len(named) != len(arguments.positional) or not named:
        return ANYTHING
    if name == "joinpath":
        return one(Folded(posixpath.normpath(posixpath.join(path.path, *named))))
    if name == "with_name":
        return one(Folded(posixpath.join(posixpath.dirname(path.path), named[0])))
    return one(Folded(posixpath.splitext(path.path)[0] + named[0]))


_Own = Callable[["Reader", Frame, ast.Call, Arguments], Value]


def _own_gate(reader: Reader, frame: Frame, node: ast.Call, arguments: Arguments) -> Value:
    return gates.made(frame, node, arguments, loads=False)


def _own_route(reader: Reader, frame: Frame, node: ast.Call, arguments: Arguments) -> Value:
    return gates.for_purpose(frame, node, arguments)


def _own_sealed(reader: Reader, frame: Frame, node: ast.Call, arguments: Arguments) -> Value:
    """Read `Sealed(value, "category", …)`: its labels are mentions of their own."""
    labels = telling.labels_in(arguments.positional[1:], frame)
    inner = [atom for atom in arguments.positional[0][0] if isinstance(atom, ASealed)] if arguments.positional else []
    frame.emit([telling.label_use(label) for label in labels])
    return one(ASealed((*labels, *(label for atom in inner for label in atom.labels)), not arguments.open))


def _own_combine(reader: Reader, frame: Frame, node: ast.Call, arguments: Arguments) -> Value:
    sealed = [atom for value, _ in arguments.positional for atom in value if isinstance(atom, ASealed)]
    labels = tuple(dict.fromkeys(label for atom in sealed for label in atom.labels))
    return one(ASealed(labels, all(atom.known for atom in sealed)))


def _own_from(reader: Reader, frame: Frame, node: ast.Call, arguments: Arguments) -> Value:
    named = texts(arguments.positional[0][0]) if arguments.positional else ()
    if named and "." not in named[0].text:
        return one(Taken(named[0].text))
    # A function of the arguments: what it makes of any.
    made = apply(reader, frame, node, arguments.positional[0][0], Arguments()) if arguments.positional else ANYTHING
    return frozenset(atom for atom in made if isinstance(atom, (Text, Stem))) or ANYTHING


def _own_label(reader: Reader, frame: Frame, node: ast.Call, arguments: Arguments) -> Value:
    """Take `Personal("category")` for the name of its category."""
    return arguments.positional[0][0] if arguments.positional else ANYTHING


def _own_assertion(reader: Reader, frame: Frame, node: ast.Call, arguments: Arguments) -> Value:
    """Take for a question that a test asserts a use to be permitted."""
    gates.asserted(frame, node, arguments, denied=False)
    return ANYTHING


def _own_denial(reader: Reader, frame: Frame, node: ast.Call, arguments: Arguments) -> Value:
    """Take for a question that a test asserts a use to be denied, so that its denial is meant, and its names are not."""
    gates.asserted(frame, node, arguments, denied=True)
    return ANYTHING


_OWN: Final[dict[str, _Own]] = {
    "Gate": _own_gate,
    "for_purpose": _own_route,
    "Sealed": _own_sealed,
    "combine": _own_combine,
    "From": _own_from,
    "Personal": _own_label,
    "assert_permitted": _own_assertion,
    "assert_denied": _own_denial,
}
