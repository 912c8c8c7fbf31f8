"""How the parameters of a function are bound: by what is passed, else the default, else what the annotation says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from purposegate.policy.terms import RECIPIENT_LENGTH
from purposegate.tools.scanning.frames import Frame
from purposegate.tools.scanning.gates import Arguments
from purposegate.tools.scanning.modules import Definition
from purposegate.tools.scanning.values import (
    ANYTHING,
    NEVER,
    NONE,
    UNKNOWN,
    Callee,
    Folded,
    Foreign,
    InModule,
    Items,
    Labelled,
    Nothing,
    Number,
    Outside,
    Table,
    Text,
    Value,
    either,
    one,
)

if TYPE_CHECKING:
    from purposegate.tools.scanning.reader import Reader

_NONE: Final = Nothing()
# What makes no difference to any use, whoever passes it.
_TELLING_NOTHING: Final = (Number, InModule, Outside, Foreign, Folded)


def environment(reader: Reader, callee: Callee, arguments: Arguments, frame: Frame, *, own: bool) -> dict[str, Value]:
    """Bind the parameters: what is passed, else the default, else what the annotation says."""
    node = callee.function.node
    module = callee.function.module
    base = Frame(module, None, callee.function.owner, closure=dict(callee.closure))
    positional = [*node.args.posonlyargs, *node.args.args]
    given = list(arguments.positional)
    env: dict[str, Value] = {}
    if callee.bound is not None and positional:
        env[positional.pop(0).arg] = callee.bound
    defaults = dict(zip([each.arg for each in positional][::-1], node.args.defaults[::-1], strict=False))
    defaults |= {
        each.arg: default for each, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if default is not None
    }
    passed = {each.arg: pair for each, pair in zip(positional, given, strict=False)} | arguments.keywords
    for each in (*positional, *node.args.kwonlyargs):
        annotation = reader.annotation(each.annotation, base)
        if each.arg in passed:
            value = reader.rather(_handed(passed[each.arg], frame), annotation.value)
        elif each.arg in defaults:
            value = by_default(reader, reader.evaluate(defaults[each.arg], base), annotation.value, own=own)
        else:
            value = annotation.value
        if annotation.labels and not annotation.sealed:
            value = value | one(Labelled(annotation.labels, each.arg))
        env[each.arg] = value
    if node.args.vararg is not None:
        rest = [_handed(pair, frame) for pair in given[len(positional) :]]
        env[node.args.vararg.arg] = one(
            Items(either(rest) if rest else ANYTHING, tuple(rest) if rest and not arguments.open else None)
        )
    if node.args.kwarg is not None:
        known = {each.arg for each in (*positional, *node.args.kwonlyargs)}
        left = tuple((name, _handed(pair, frame)) for name, pair in arguments.keywords.items() if name not in known)
        env[node.args.kwarg.arg] = one(Table(left, ANYTHING if arguments.open or not left else NEVER))
    return env


def by_default(reader: Reader, default: Value, annotated: Value, *, own: bool) -> Value:
    """Give what a parameter may be that is not passed; where nobody is known who calls, it may be passed all the same."""
    value = reader.rather(default, annotated)
    known = annotated.difference((UNKNOWN, _NONE))
    if default == NONE and known:
        return known
    return value | (known or ANYTHING) if own else value


def _handed(pair: tuple[Value, ast.expr], frame: Frame) -> Value:
    """Have a text that is handed into a function remember as which argument."""
    value, node = pair
    if not any(isinstance(atom, Text) for atom in value):
        return value
    place = frame.module.place(node)
    return frozenset(atom._replace(handed=place) if isinstance(atom, Text) and atom.handed is None else atom for atom in value)


def of_matter(value: Value) -> Value:
    """Leave out what makes no difference to any use, so that a function is not walked again for it."""
    if len(value) == 1 and value == ANYTHING:
        return value
    kept = frozenset(atom for atom in value if atom is not UNKNOWN and not isinstance(atom, _TELLING_NOTHING))
    return kept if len(kept) == len(value) else kept | ANYTHING


def names_only(value: Value) -> Value:
    """Take texts that no policy can have for a name, as messages, for anything: there is no end of them."""
    kept = frozenset(atom for atom in value if not isinstance(atom, Text) or _may_be_a_name(atom.text))
    return kept if len(kept) == len(value) else kept | ANYTHING


def _may_be_a_name(text: str) -> bool:
    return len(text) <= RECIPIENT_LENGTH and text.isascii() and all(each.isalnum() or each in "_-./" for each in text)


def unplaced_in(values: tuple[tuple[str, Value], ...]) -> tuple[tuple[str, Value], ...]:
    """Leave out where texts stand, of the values of variables."""
    return tuple((name, _unplaced(value)) for name, value in values)


def _unplaced(value: Value) -> Value:
    if not any(isinstance(atom, Text) for atom in value):
        return value
    return frozenset(Text(atom.text) if isinstance(atom, Text) else atom for atom in value)


def parameters(node: Definition) -> Iterator[ast.arg]:
    """Yield the parameters of a function."""
    yield from (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    yield from (each for each in (node.args.vararg, node.args.kwarg) if each is not None)
