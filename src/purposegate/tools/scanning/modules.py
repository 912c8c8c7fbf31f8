"""One Python file: its tree, and what its modules, classes and functions bind to which name."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import NamedTuple

from purposegate.tools.scanning.sighting import Place
from purposegate.tools.scanning.values import Value

Definition = ast.FunctionDef | ast.AsyncFunctionDef


class Binding(NamedTuple):
    """What binds a name: the statement or expression, and how, where it is no plain value."""

    node: ast.AST
    kind: str = "value"


@dataclass(eq=False, slots=True)
class Module:
    """A file that was parsed. `parts` are those of its dotted name, as far as packages tell it."""

    path: str
    parts: tuple[str, ...]
    is_package: bool
    text: str
    lines: list[str]
    tree: ast.Module
    location: tuple[str, ...] = ()
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    stars: list[ast.ImportFrom] = field(default_factory=list)
    assigned: dict[str, Value] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its dotted name."""
        return ".".join(self.parts)

    def place(self, node: ast.expr | ast.stmt | ast.arg | ast.keyword | ast.pattern) -> Place:
        """Give the place of a node."""
        end_line, end = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return Place(self.path, node.lineno, self._column(node.lineno, node.col_offset), end_line, self._column(end_line, end))

    def _column(self, line: int, offset: int) -> int:
        """Make a column in characters, from 1, of an offset in bytes."""
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        return 1 + (offset if text.isascii() else len(text.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "replace")))


@dataclass(eq=False, slots=True)
class Class:
    """A class; `assigned` is what code puts into attributes of its objects, and `subclasses` those that the project has."""

    node: ast.ClassDef
    module: Module
    name: str
    bindings: dict[str, list[Binding]]
    assigned: dict[str, Value] = field(default_factory=dict)
    subclasses: list[Class] = field(default_factory=list)

    @property
    def dotted(self) -> str:
        """Its dotted name."""
        return f"{self.module.name}.{self.name}"

    def __repr__(self) -> str:
        return f"Class({self.dotted})"


@dataclass(eq=False, slots=True)
class Function:
    """A function or method; `owner` is its class, `outer` the function in which it stands."""

    node: Definition
    module: Module
    name: str
    owner: Class | None = None
    outer: Function | None = None
    words: frozenset[str] | None = None

    @property
    def dotted(self) -> str:
        """Its dotted name."""
        return f"{self.module.name}.{self.name}"

    def __repr__(self) -> str:
        return f"Function({self.dotted})"


def parsed(path: str, text: str) -> Module:
    """Parse a file; raise `SyntaxError`, `ValueError`, `RecursionError` or `MemoryError` as Python's parser does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes in the files that are read
        tree = ast.parse(text, path)
    module = Module(path, *_named(path), text, text.split("\n"), tree, location_of(path))
    module.bindings = bindings_of(tree.body, module.stars)
    for name, binding in _set_elsewhere(tree) if "global " in text else ():
        module.bindings.setdefault(name, []).append(binding)
    return module


def _named(path: str) -> tuple[tuple[str, ...], bool]:
    whole = Path(path).resolve()
    is_package = whole.stem == "__init__"
    parts = [] if is_package else [whole.stem]
    folder = whole.parent
    while (folder / "__init__.py").is_file() and folder != folder.parent:
        parts.insert(0, folder.name)
        folder = folder.parent
    return tuple(parts) or (whole.parent.name,), is_package


def location_of(path: str) -> tuple[str, ...]:
    """Give the folders of a file and its name without the ending, for finding what an import means."""
    whole = PurePath(path)
    return (*whole.parts[:-1], *(() if whole.stem == "__init__" else (whole.stem,)))


def bindings_of(body: list[ast.stmt], stars: list[ast.ImportFrom] | None = None) -> dict[str, list[Binding]]:
    """Give what each name is bound to by the statements of a body, whatever comes before or after."""
    found: dict[str, list[Binding]] = {}
    for statement in statements(body):
        for name, binding in _bound(statement, stars if stars is not None else []):
            found.setdefault(name, []).append(binding)
    for name, bindings in found.items():
        if len(bindings) > 1:
            found[name] = [binding for binding in bindings if not _is_variant(binding.node)] or bindings
    return found


def _is_variant(node: ast.AST) -> bool:
    """Tell whether a function only stands beside the one of its name: an overload, or what sets or deletes a property."""
    decorators = node.decorator_list if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else []
    names = [each.id if isinstance(each, ast.Name) else getattr(each, "attr", "") for each in decorators]
    return not {"overload", "setter", "deleter"}.isdisjoint(names)


def is_stub(node: ast.AST) -> bool:
    """Tell whether a method only stands for those of subclasses: it is abstract, or does nothing but raise."""
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    if isinstance(node.body[-1], ast.Raise):
        return len(node.body) <= 2  # noqa: PLR2004 - perhaps a docstring
    names = [each.id if isinstance(each, ast.Name) else getattr(each, "attr", "") for each in node.decorator_list]
    empty = all(
        isinstance(each, ast.Pass) or (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)) for each in node.body
    )
    return empty and "abstractmethod" in names


def labelled_attributes(node: ast.ClassDef) -> Iterator[tuple[str, Binding]]:
    """Yield the attributes that a label is written at where a method sets them: `self.email: Annotated[str, …] = email`."""
    for method in node.body:
        for statement in statements(method.body) if isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)) else ():
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Attribute):
                owner = statement.target.value
                if isinstance(owner, ast.Name) and owner.id == "self" and "Personal" in words_of(statement.annotation):
                    yield statement.target.attr, Binding(statement, "annotated")


def _set_elsewhere(tree: ast.Module) -> Iterator[tuple[str, Binding]]:
    """Yield what functions bind names of their module to, as far as that says the same at its top."""
    for function in ast.walk(tree):
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        inside = list(statements(function.body))
        names = {name for each in inside if isinstance(each, ast.Global) for name in each.names}
        for each in inside if names else ():
            if isinstance(each, ast.Assign) and isinstance(each.value, (ast.Constant, ast.Lambda)):
                for target in each.targets:
                    if isinstance(target, ast.Name) and target.id in names:
                        yield target.id, Binding(each.value)


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a body and of the blocks in it, but not those of functions and classes."""
    waiting = list(reversed(body))
    while waiting:
        statement = waiting.pop()
        yield statement
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        for block in ("finalbody", "orelse", "body"):
            waiting += reversed(getattr(statement, block, ()))
        for handler in getattr(statement, "handlers", ()):
            waiting += reversed(handler.body)
        for case in getattr(statement, "cases", ()):
            waiting += reversed(case.body)


def _bound(statement: ast.stmt, stars: list[ast.ImportFrom]) -> Iterator[tuple[str, Binding]]:  # noqa: C901, PLR0912 - a line a statement
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield statement.name, Binding(statement, "definition")
        case ast.Import():
            for alias in statement.names:
                yield (alias.asname or alias.name.partition(".")[0]), Binding(alias, "import" if alias.asname else "root")
        case ast.ImportFrom():
            for alias in statement.names:
                if alias.name == "*":
                    stars.append(statement)
                else:
                    yield alias.asname or alias.name, Binding(ast.ImportFrom(statement.module, [alias], statement.level), "from")
        case ast.Assign():
            for target in statement.targets:
                yield from _targets(target, statement.value)
                if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                    more = ast.copy_location(ast.Dict([target.slice], [statement.value]), statement)
                    yield target.value.id, Binding(more)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append" | "add"), args=[item])):
            yield name, Binding(ast.copy_location(ast.List([item], ast.Load()), statement))
        case ast.AnnAssign():
            if isinstance(statement.target, ast.Name):
                yield statement.target.id, Binding(statement, "annotated")
        case ast.AugAssign():
            if isinstance(statement.target, ast.Name):
                yield statement.target.id, Binding(statement, "anything")
        case ast.For() | ast.AsyncFor():
            for name, _ in _targets(statement.target, statement.iter):
                yield name, Binding(statement, "each")
        case ast.With() | ast.AsyncWith():
            for entered in statement.items:
                if entered.optional_vars is not None:
                    yield from _targets(entered.optional_vars, entered.context_expr, "entered")
        case ast.If() | ast.While():
            for node in ast.walk(statement.test):
                if isinstance(node, ast.NamedExpr):
                    yield node.target.id, Binding(node.value)


def _targets(target: ast.expr, value: ast.expr, kind: str = "value") -> Iterator[tuple[str, Binding]]:
    if isinstance(target, ast.Name):
        yield target.id, Binding(value, kind)
    elif isinstance(target, (ast.Tuple, ast.List)):
        exact = value.elts if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts) else None
        for index, each in enumerate(target.elts):
            inner = each.value if isinstance(each, ast.Starred) else each
            if exact is not None and inner is each:
                yield from _targets(inner, exact[index], kind)
            else:
                yield from _targets(inner, value, "anything")


def words_of(node: ast.AST) -> frozenset[str]:  # noqa: C901 - a line a kind
    """Give the words of a piece of code: names, attributes as `.name`, keys and keywords."""
    found: set[str] = set()
    waiting: list[ast.AST] = [node]
    while waiting:
        each = waiting.pop()
        kind = type(each)
        if kind is ast.Name:
            found.add(each.id)  # type: ignore[attr-defined]  # by its kind
            continue
        if kind is ast.Attribute:
            found.add("." + each.attr)  # type: ignore[attr-defined]  # as above
            waiting.append(each.value)  # type: ignore[attr-defined]  # as above
            continue
        if kind is ast.Constant:
            if isinstance(each.value, str) and len(each.value) < 80:  # type: ignore[attr-defined]  # noqa: PLR2004 - no name is longer
                found.add(each.value)  # type: ignore[attr-defined]  # as above
                if not {"[", "|", "."}.isdisjoint(each.value):  # type: ignore[attr-defined]  # it may be an annotation
                    found.update("".join(sign if sign.isalnum() or sign == "_" else " " for sign in each.value).split())  # type: ignore[attr-defined]  # as above
            continue
        if kind is ast.keyword:
            found.add(f"{each.arg}=")  # type: ignore[attr-defined]  # as above
        elif kind is ast.MatchClass:
            found.update("." + name for name in each.kwd_attrs)  # type: ignore[attr-defined]  # as above
        elif kind is ast.ImportFrom or kind is ast.Import:
            found.update(alias.name for alias in each.names)  # type: ignore[attr-defined]  # as above
            continue
        for name in each._fields:
            value = getattr(each, name, None)
            if isinstance(value, list):
                waiting += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST):
                waiting.append(value)
    return frozenset(found)
