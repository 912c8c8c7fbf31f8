"""What methods do, by their names and by what they are called on: dumps, tables, queries, loggers, routes."""

from __future__ import annotations

import ast
import posixpath
from typing import TYPE_CHECKING, Final

from purposegate.tools.scanning import gates, reading, telling
from purposegate.tools.scanning.covers import released
from purposegate.tools.scanning.frames import Frame
from purposegate.tools.scanning.gates import Arguments
from purposegate.tools.scanning.modules import Class
from purposegate.tools.scanning.values import (
    ANYTHING,
    NEVER,
    UNKNOWN,
    ASealed,
    Covering,
    Folded,
    Foreign,
    InClass,
    Instance,
    Items,
    Outside,
    Selected,
    Stem,
    Table,
    Text,
    Value,
    either,
    one,
    texts,
)

if TYPE_CHECKING:
    from purposegate.tools.scanning.reader import Reader

# What shows or serialises an object that is handed to it, by the last part of its name.
from purposegate.tools.scanning.library import APPS, LOGGERS, LOGGING, WRITERS, dependencies, replaced, show

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
_ENTERING: Final = frozenset({"enter_context", "enter_async_context", "push", "push_async_exit"})
_WRITING: Final = frozenset({"writerow", "writerows", "dump_python", "dump_json"})
_ROUTES: Final = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "api_route", "route", "websocket", "trace"})


def on(reader: Reader, frame: Frame, node: ast.Call, receiver: Value, name: str, arguments: Arguments) -> list[Value]:  # noqa: C901, PLR0912, PLR0915 - a line a kind
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
                show(reader, frame, node, arguments)
                stem = atom.text.partition("{")[0]
                if name == "format" and stem:
                    found.append(one(Stem(stem)))
            case Selected():
                found.append(_rows(atom, name))
            case Foreign() if name in _WRITING and atom.dotted in WRITERS:
                show(reader, frame, node, arguments)
            case Foreign() if name in LOGGING and atom.dotted.startswith(LOGGERS):
                show(reader, frame, node, arguments)
            case Foreign() if atom.dotted.rpartition(".")[2] in APPS:
                found += _of_app(reader, atom, name, arguments)
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
            case Outside() if atom.dotted in LOGGERS or atom.dotted == "logging":
                if name in LOGGING:
                    show(reader, frame, node, arguments)
            case _:
                if atom is UNKNOWN or isinstance(atom, Foreign):
                    if name in gates.METHODS:
                        gates.unknown_receiver(frame, node, name, arguments)
                    if name in LOGGING and telling.names_logger(node):
                        show(reader, frame, node, arguments)
                    found += _queried(reader, name, arguments)
                if name in _ENTERING and arguments.positional:
                    frame.swallows = frame.swallows or reader.swallows(arguments.positional[0][0])
                    for each in arguments.positional[0][0]:
                        if isinstance(each, Covering):
                            frame.ways = released(frame.ways, each.covers)
                if name == "setattr" and arguments.positional:
                    replaced(frame, node, arguments)
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


def _of_app(reader: Reader, app: Foreign, name: str, arguments: Arguments) -> list[Value]:
    covers = (*app.covers, *reader.included(app), *dependencies(arguments))
    if name in _ROUTES:
        return [one(Covering(covers, route=True))]
    if name == "include_router" and arguments.positional:
        for router in arguments.positional[0][0]:
            if isinstance(router, Foreign):
                reader.include(router, covers)
    return []


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


def _joined(path: Folded, name: str, arguments: Arguments) -> Value:
    named = [text.text for value, _ in arguments.positional for text in texts(value)]
    if len(named) != len(arguments.positional) or not named:
        return ANYTHING
    if name == "joinpath":
        return one(Folded(posixpath.normpath(posixpath.join(path.path, *named))))
    if name == "with_name":
        return one(Folded(posixpath.join(posixpath.dirname(path.path), named[0])))
    return one(Folded(posixpath.splitext(path.path)[0] + named[0]))
