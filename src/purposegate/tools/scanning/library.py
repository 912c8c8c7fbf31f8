"""What functions do that the scan did not read: what they show, make, pair, open or run."""

from __future__ import annotations

import ast
import posixpath
from typing import TYPE_CHECKING, Final

from purposegate.tools.scanning import gates, reading, telling
from purposegate.tools.scanning.covers import Cover
from purposegate.tools.scanning.frames import Frame
from purposegate.tools.scanning.gates import Arguments
from purposegate.tools.scanning.modules import words_of
from purposegate.tools.scanning.project import own_name
from purposegate.tools.scanning.values import (
    ANYTHING,
    NEVER,
    ABoundGate,
    AGate,
    Applied,
    Covering,
    Folded,
    Foreign,
    GateMethod,
    Getter,
    Instance,
    Items,
    MethodCaller,
    Outside,
    Pending,
    Selected,
    Table,
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
from purposegate.tools.scanning.own import OWN

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
LOGGING: Final = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log"})
LOGGERS: Final = ("logging.getLogger", "logging.Logger", "structlog.get_logger", "structlog.stdlib.get_logger", "loguru.logger")
_SAME: Final = frozenset(
    {
        *("copy.copy", "copy.deepcopy", "dataclasses.replace", "copy.replace", "attrs.evolve", "attr.evolve"),
        *("functools.lru_cache", "functools.cache", "functools.update_wrapper"),
        *("asyncio.wait_for", "asyncio.shield", "asyncio.create_task", "asyncio.ensure_future"),
    }
)
# What `NewType` makes, which gives back what it is given.
_NEW_TYPE: Final = "typing.NewType.made"
WRITERS: Final = frozenset({"csv.writer", "csv.DictWriter", "pydantic.TypeAdapter"})
_OF_A_CLASS: Final = 3
_MAKING_CLASSES: Final = frozenset({"TypedDict", "NamedTuple", "make_dataclass", "make_class", "create_model"})
_WALKED: Final = frozenset({"list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "deque", "chain"})
_OF_ITEMS: Final = frozenset({"next", "min", "max"})
APPS: Final = frozenset({"FastAPI", "APIRouter"})


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


def outside(reader: Reader, frame: Frame, node: ast.Call, name: str, arguments: Arguments) -> Value:  # noqa: C901, PLR0911, PLR0912, PLR0915 - a line a kind
    """Evaluate a call of a function that the scan did not read, by its dotted name."""
    own = own_name(name)
    if own == "load" and name.endswith("Gate.load"):
        return gates.made(frame, node, arguments, loads=True)
    if own is not None and own in OWN:
        return OWN[own](reader, frame, node, arguments)
    if own in gates.METHODS and name.endswith(f"Gate.{own}") and arguments.positional:
        held = [GateMethod(atom, own) for atom in arguments.positional[0][0] if isinstance(atom, AGate)]
        rest = Arguments(arguments.positional[1:], arguments.keywords, arguments.open)
        return either(gates.called(reader, frame, node, method, rest) for method in held[:1]) or ANYTHING
    first = arguments.positional[0][0] if arguments.positional else NEVER
    last = name.rpartition(".")[2]
    if name in _SHOWING or (last in LOGGING and name.startswith("logging.")):
        show(reader, frame, node, arguments)
        return first if name == "builtins.str" and all(isinstance(atom, (Text, Folded)) for atom in first) else ANYTHING
    if (name == "builtins.type" and len(arguments.positional) == _OF_A_CLASS) or last in _MAKING_CLASSES:
        if "Personal" in words_of(node):
            reading.doubt(frame, node, "a class with labels is made here by a call, so that its fields cannot be told")
        return ANYTHING
    if last == "object" and name.endswith("patch.object"):
        replaced(frame, node, arguments)
        return ANYTHING
    if last == "patch" and name.startswith(("unittest.mock", "mock")):
        replaced(frame, node, arguments)
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
        replaced(frame, node, arguments)
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
        result = reader.apply(frame, node, first, Arguments([(begun, node), (element, node)]))
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
            reader.apply(frame, node, first, given)
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
    if last in APPS and name.startswith("fastapi"):
        return one(Foreign(name, frame.module.place(node), dependencies(arguments)))
    if name in ("typing.NewType", "typing_extensions.NewType"):
        return one(Outside(_NEW_TYPE))
    if name == _NEW_TYPE:
        return first or ANYTHING
    if last == "Depends" and first:
        return first
    if last in ("enter_context", "enter_async_context"):
        return ANYTHING
    if name in WRITERS:
        return one(Foreign(name))
    if name == "operator.getitem" and len(arguments.positional) > 1:
        return reading.item(reader, frame, node, first, arguments.positional[1][0])
    if name.startswith("builtins.") and last.endswith(("Error", "Exception", "Warning")):
        show(reader, frame, node, arguments)  # in a traceback, if not before
    if name in LOGGERS or last in ("getLogger", "get_logger"):
        return one(Foreign(name))
    return one(Foreign(name)) if last[:1].isupper() else ANYTHING


def _getattr(reader: Reader, frame: Frame, node: ast.Call, arguments: Arguments) -> Value:
    if len(arguments.positional) < 2:  # noqa: PLR2004 - the object and the name
        return ANYTHING
    receiver, names = arguments.positional[0][0], texts(arguments.positional[1][0])
    labelled = [atom for atom in receiver if isinstance(atom, Instance) and reader.classes.labelled(atom.owner)]
    if labelled and len(names) != len(arguments.positional[1][0]):
        reading.doubt(frame, node, f"which field of `{labelled[0].owner.name}` is read here cannot be told")
    return either(reading.attribute(reader, frame, node, receiver, text.text) for text in names) or ANYTHING


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
        result = reader.apply(frame, node, arguments.positional[0][0], given)
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


def show(reader: Reader, frame: Frame, node: ast.Call, arguments: Arguments) -> None:
    """Note that all of these are shown or serialised."""
    for value, _ in (*arguments.positional, *arguments.keywords.values()):
        reading.shown(reader, frame, node, value)


def replaced(frame: Frame, node: ast.Call, arguments: Arguments) -> None:
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


def dependencies(arguments: Arguments) -> tuple[Cover, ...]:
    """Give what the dependencies of a route, a router or an app cover."""
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
