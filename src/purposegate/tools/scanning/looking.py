"""Files → what can be seen in them: parses each, finds the functions that may matter, walks them, and gathers what was noted."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from purposegate.findings import Finding, Location, Severity, excerpt
from purposegate.tools.scanning.gathering import Gathered
from purposegate.tools.scanning.modules import Class, Function, Module, parsed, statements
from purposegate.tools.scanning.reader import Context, Reader
from purposegate.tools.scanning.relevance import warm_up
from purposegate.tools.scanning.sighting import (
    Place,
    SeenField,
    Sight,
    UnknownRead,
)

Done = Callable[[int], None]


def look(files: Sequence[str], done: Done | None = None, *, texts: Mapping[str, str] | None = None) -> Sight:
    """Look at Python files. `done` is told of the bytes of each; `texts` are those that stand for what the disk has."""
    modules: list[Module] = []
    findings: list[Finding] = []
    lines = 0
    for path in files:
        module = _read(path, texts or {}, findings)
        if module is not None:
            modules.append(module)
            lines += len(module.lines)
        if done is not None:
            done(_size(path))
    return _Looking(modules).sight(tuple(files), lines, findings)


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except (OSError, ValueError):
        return 0


def _read(path: str, texts: Mapping[str, str], findings: list[Finding]) -> Module | None:
    try:
        text = texts[path] if path in texts else _decoded(Path(path).read_bytes())
    except (OSError, ValueError, SyntaxError, LookupError) as error:
        reason = (
            (error.strerror or "it cannot be opened").lower() if isinstance(error, OSError) else "it is no text of its encoding"
        )
        findings.append(Finding("unparsable", Severity.ERROR, f"the file cannot be read: {reason}", Location(path, 1, 1)))
        return None
    try:
        return parsed(path, text)
    except SyntaxError as error:
        place = Location(path, max(error.lineno or 1, 1), max(error.offset or 1, 1))
        line = text.split("\n")[place.line - 1 : place.line]
        message = f"this is no Python of this version: {(error.msg or 'invalid syntax').partition('(')[0].strip().lower()}"
        findings.append(Finding("unparsable", Severity.ERROR, message, place, excerpt(line[0], place) if line else None))
    except (ValueError, RecursionError, MemoryError):
        findings.append(Finding("unparsable", Severity.ERROR, "Python's own parser refuses this file", Location(path, 1, 1)))
    return None


def _decoded(data: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")


class _Looking:
    """One look at a project."""

    def __init__(self, modules: Sequence[Module]) -> None:
        self.modules = modules
        self.reader = Reader(modules)
        self.classes: list[Class] = []
        self.functions: list[Function] = []
        self._by_path = {module.path: module for module in modules}

    def sight(self, files: tuple[str, ...], lines: int, findings: list[Finding]) -> Sight:
        self._survey()
        contexts = self._walked() if self._may_matter() else []
        found = Gathered(self._by_path)
        for context, caller in contexts:
            found.take(context, caller)
        findings += found.doubts(self.reader, self.classes)
        return Sight(
            tuple(dict.fromkeys(found.uses)),
            tuple(found.seen_reads()),
            tuple(self._fields(found.touched)),
            tuple(dict.fromkeys(found.facts)),
            tuple(self._unknown(found)),
            tuple(findings),
            tuple(found.gates.items()),
            files,
            lines,
        )

    def _survey(self) -> None:
        """Find the classes and functions at the top of modules and in classes."""
        for module in self.modules:
            for statement in statements(module.tree.body):
                if isinstance(statement, ast.ClassDef):
                    self._class(self.reader.project.class_of(statement, module))
                elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    self.functions.append(self.reader.project.function_of(statement, module))

    def _class(self, owner: Class) -> None:
        self.classes.append(owner)
        for statement in statements(owner.node.body):
            if isinstance(statement, ast.ClassDef):
                self._class(self.reader.project.class_of(statement, owner.module, f"{owner.name}.{statement.name}"))
            elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.functions.append(self.reader.project.function_of(statement, owner.module, owner=owner))

    def _may_matter(self) -> bool:
        """Tell whether the project speaks of this library at all: without it there are no gates and no labels."""
        return any("purposegate" in module.text for module in self.modules)

    def _labels(self) -> None:
        """Find which fields bear labels."""
        names: set[str] = set()
        keys: set[str] = set()
        for owner in self.classes:
            for name in self.reader.classes.names_of(owner):
                field = self.reader.classes.field(owner, name)
                if field is not None and field.labels and not field.sealed:
                    names.add(name)
                    if self.reader.classes.is_dictionary(owner):
                        keys.add(name)
        self.reader.labelled_names = frozenset(names - keys)
        self.reader.labelled_keys = frozenset(keys)

    def _walked(self) -> list[tuple[Context, Place | None]]:
        """Walk everything twice: what code assigns to attributes is known when it is walked again."""
        self._labels()
        warm_up(self.reader, self.modules, self.classes, self.functions)
        reader = self.reader
        for _ in range(2):
            reader.begin_again()
            for module in self.modules:
                if module not in reader.cold:
                    reader.walk_top(module)
            reader.finish()
            known = 0
            while known < len(reader.defined):
                for callee in list(reader.defined.values())[known:]:
                    known += 1
                    reader.walk_own(callee)
                reader.finish()
        return list(_reachable(reader))

    def _fields(self, touched: set[tuple[str, str]]) -> Iterator[SeenField]:
        classes = self.reader.classes
        for owner in self.classes:
            names = [
                name
                for name in self.reader.classes.names_of(owner)
                if any(each.kind == "annotated" for each in owner.bindings.get(name, ()))
            ]
            model = bool(names or owner.bindings) and classes.is_model(owner)
            bases = classes.bases(owner) if model or names else ()
            for name in names:
                field = classes.field(owner, name)
                if field is None or not (model or field.labels):
                    continue
                categories = tuple(label.name for label in field.labels)
                read = (owner.dotted, name) in touched
                yield SeenField(owner.dotted, name, field.place, field.types, categories, field.labels, field.sealed, read, bases)
            for name, place, types in classes.columns(owner) if model else ():
                yield SeenField(owner.dotted, name, place, types, (), (), sealed=False, read=False, bases=bases)

    def _unknown(self, found: Gathered) -> Iterator[UnknownRead]:
        labels: dict[str, tuple[str, ...]] = {}
        for owner in self.classes:
            for name in self.reader.classes.names_of(owner):
                labels[name] = tuple(
                    dict.fromkeys((*labels.get(name, ()), *(each.name for each in self.reader.classes.labels_of(owner, name))))
                )
        for (place, name), function in found.unknown.items():
            yield UnknownRead(place, function, name, labels.get(name, ()))


def _reachable(reader: Reader) -> Iterator[tuple[Context, Place | None]]:
    """Yield the walks that stand for calls that can happen: from the tops of modules, and from functions that nobody calls."""
    called = {
        context.function
        for each in (*reader.contexts.values(), *reader.tops)
        for context, _ in each.calls
        if context.function is not each.function
    }
    roots = [
        *reader.tops,
        *(context for function, context in reader.own.items() if function not in called or reader.is_entered(function)),
    ]
    seen: set[Context] = set()
    reached: set[Function | None] = set()
    while roots:
        waiting: list[tuple[Context, Place | None]] = [(root, None) for root in roots]
        while waiting:
            context, caller = waiting.pop()
            if context in seen:
                continue
            seen.add(context)
            reached.add(context.function)
            yield context, caller
            waiting += context.calls
        # Functions that only call each other.
        roots = [context for function, context in reader.own.items() if function not in reached][:1]
