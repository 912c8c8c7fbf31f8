"""Small changes of code that asks a gate: a guard taken out, a name of the policy misspelt, a purpose exchanged."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

GENERATED: Final = "policy_names.py"
_CLASSES: Final = frozenset({"DataCategory", "Purpose", "Recipient", "Channel"})
_ASKING: Final = frozenset({"check", "acheck", "decide", "adecide", "bind"})
# Of these the data go on without their guard.
_RELEASING: Final = frozenset({"disclose", "adisclose", "open", "aopen"})
# What these are told is no use: the ledger itself refuses what it does not know, and an assertion fails.
_NO_USE: Final = frozenset({"MemoryLedger", "Agreement", "LodgedObjection", "assert_permitted", "assert_denied"})
_SHOWN: Final = 90


class Kind(StrEnum):
    """What was done to the code, and what is to be expected of a scan."""

    GUARD = "guard taken out"
    NAME = "name misspelt"
    PURPOSE = "purpose exchanged"
    UNUSED = "… which leaves a purpose that was promised unused"
    PERMITTED = "… that the policy permits just as well"
    DENIED = "… of a use whose denial is meant to be"
    LEFT_OUT = "… of a route, which leaves out what is denied"
    UNREAD = "name or purpose of a use that it tells it cannot read"
    NO_USE = "name that only a ledger or an assertion is told"


class Named(NamedTuple):
    """A name of the policy as it stands in code: in a literal, as a generated constant, or as a function that gives an instance."""

    node: ast.expr
    name: str
    kind: Kind = Kind.NAME


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change of one file: the stretch of its bytes that goes, and what stands there instead."""

    kind: Kind
    path: Path
    line: int
    before: str
    after: str
    start: int
    end: int

    def source(self, whole: bytes) -> bytes:
        """Give the changed file, which is still Python."""
        changed = whole[: self.start] + self.after.encode() + whole[self.end :]
        ast.parse(changed)
        return changed

    def __str__(self) -> str:
        what = f"`{' '.join(self.before.split())[:_SHOWN]}` → `{' '.join(self.after.split())[:_SHOWN]}`"
        return f"{self.path.parent.name}/{self.path.name}:{self.line}: {self.kind}: {what}"


def guards(path: Path) -> Iterator[Mutant]:
    """Give a file without each of its guards: no use asked for, no decorator, no purpose around a block or a route."""
    source = path.read_bytes()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.With | ast.AsyncWith) and any(_called(item.context_expr) == "purpose" for item in node.items):
            end = node.items[-1].context_expr
            yield _stretch(Kind.GUARD, path, source, (node, end), "if True")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for each in node.decorator_list:
                if _called(each) == "guard":
                    yield _stretch(Kind.GUARD, path, source, (each, each), "(lambda guarded: guarded)")
        elif isinstance(node, ast.Call):
            after = _unguarded(node)
            if after is not None:
                yield _stretch(Kind.GUARD, path, source, (node, node), after)


def misspelt(path: Path, names: Collection[str], said: Collection[str]) -> Iterator[Mutant]:
    """Give a file with each name in it misspelt; of the generated module only what other modules say."""
    for each in named(path, names, said):
        wrong = f"{each.name[:-1]}{each.name[-1] * 2}"
        yield renamed(each.kind, path, each, wrong)


def renamed(kind: Kind, path: Path, named_: Named, other: str) -> Mutant:
    """Give a file in which one name is another."""
    source = path.read_bytes()
    node = named_.node
    if isinstance(node, ast.Attribute):
        after = f"{ast.unparse(node.value)}.{other.upper()}"
    else:
        text = _text(source, node)
        after = text.replace(named_.name, other, 1)
    return _stretch(kind, path, source, (node, node), after)


def named(path: Path, names: Collection[str], said: Collection[str]) -> Iterator[Named]:
    """Find each name of the policy in a file's code, but for its prose, and what the kind of change is where one is misspelt."""
    tree = ast.parse(path.read_bytes())
    for part, kind in [(tree, Kind.NAME)] if path.name != GENERATED else _of_others(tree, said):
        yield from _within(part, names, kind)


def constants_said(path: Path) -> frozenset[str]:
    """Give the generated constants and functions that a file speaks of."""
    tree = ast.parse(path.read_bytes())
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and _is_generated(node)}
    called = {_called(node) for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    return frozenset(attributes | called)


def _within(node: ast.AST, names: Collection[str], kind: Kind) -> Iterator[Named]:
    name = _name(node, names)
    if name is not None and isinstance(node, ast.expr):
        yield Named(node, name, kind)
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
        yield Named(node.func, node.func.id, Kind.UNREAD)
    if not _is_prose(node):
        for child in ast.iter_child_nodes(node):
            yield from _within(child, names, Kind.NO_USE if _called(node) in _NO_USE else kind)


def _of_others(tree: ast.Module, said: Collection[str]) -> Iterator[tuple[ast.AST, Kind]]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name in _CLASSES:
            for each in node.body:
                if isinstance(each, ast.AnnAssign) and each.value and isinstance(each.target, ast.Name) and each.target.id in said:
                    yield each.value, Kind.NAME
        elif isinstance(node, ast.FunctionDef) and node.name in said:
            yield from ((each, Kind.UNREAD) for each in node.body)


def _name(node: ast.AST, names: Collection[str]) -> str | None:
    """Give the name that an expression is, or that of the class whose instance it is."""
    if isinstance(node, ast.Attribute) and _is_generated(node) and node.attr.lower() in names:
        return node.attr.lower()
    if isinstance(node, ast.JoinedStr):
        first = node.values[0]
        return _class_of(first.value, names) if isinstance(first, ast.Constant) and "/" in str(first.value) else None
    return _class_of(node.value, names) if isinstance(node, ast.Constant) else None


def _class_of(value: object, names: Collection[str]) -> str | None:
    name = value.partition("/")[0] if isinstance(value, str) else ""
    return name if name in names else None


def _is_generated(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in _CLASSES


def _is_prose(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _unguarded(call: ast.Call) -> str | None:
    name = _called(call)
    if name == "for_purpose":
        return ""
    if name in _ASKING and isinstance(call.func, ast.Attribute):
        return "None"
    if name in _RELEASING and isinstance(call.func, ast.Attribute) and call.args:
        return ast.unparse(call.args[0])
    return None


def _called(node: ast.AST) -> str:
    """Give the last part of the name of what is called."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""


def _stretch(kind: Kind, path: Path, source: bytes, ends: tuple[ast.stmt | ast.expr, ast.expr], after: str) -> Mutant:
    first, last = ends
    start, end = _offset(source, first.lineno, first.col_offset), _offset(source, last.end_lineno or 0, last.end_col_offset or 0)
    return Mutant(kind, path, first.lineno, source[start:end].decode(), after, start, end)


def _text(source: bytes, node: ast.expr) -> str:
    return source[
        _offset(source, node.lineno, node.col_offset) : _offset(source, node.end_lineno or 0, node.end_col_offset or 0)
    ].decode()


def _offset(source: bytes, line: int, column: int) -> int:
    return sum(map(len, source.splitlines(keepends=True)[: line - 1])) + column
