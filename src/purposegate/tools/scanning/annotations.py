"""What an annotation says: which object a name holds, which labels it bears, and whether it is sealed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from purposegate.tools.scanning.modules import Module
from purposegate.tools.scanning.project import OWN, own_name
from purposegate.tools.scanning.sighting import Judge, Mention, Part
from purposegate.tools.scanning.values import (
    ANYTHING,
    NEVER,
    NONE,
    AGate,
    Applied,
    ASealed,
    Callee,
    Foreign,
    InClass,
    Instance,
    Items,
    Outside,
    Table,
    Text,
    Value,
    either,
    one,
    texts,
)

if TYPE_CHECKING:
    from purposegate.tools.scanning.frames import Frame
    from purposegate.tools.scanning.reader import Reader

_DEEPEST: Final = 20
_MAPPINGS: Final = frozenset({"dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "DefaultDict", "OrderedDict"})
_SEQUENCES: Final = frozenset(
    {
        *(
            "list",
            "List",
            "set",
            "Set",
            "frozenset",
            "FrozenSet",
            "Sequence",
            "MutableSequence",
            "Iterable",
            "Iterator",
            "Collection",
        ),
        *(
            "AbstractSet",
            "AsyncIterator",
            "AsyncIterable",
            "Generator",
            "AsyncGenerator",
            "deque",
            "Deque",
            "ScalarResult",
            "Query",
        ),
        *("tuple", "Tuple"),
    }
)
_SELF: Final = ("typing.Self", "typing_extensions.Self")
_TRANSPARENT: Final = frozenset(
    {
        *("Optional", "Union", "Annotated", "Final", "ClassVar", "Required", "NotRequired", "ReadOnly", "Mapped", "InitVar"),
        *("Awaitable", "Coroutine", "Future", "Task", "WriteOnlyMapped", "DynamicMapped", "SkipValidation"),
    }
)


class Annotation(NamedTuple):
    """An annotation as it was read; `unread` are labels that are no literals."""

    value: Value = ANYTHING
    labels: tuple[Mention, ...] = ()
    types: tuple[str, ...] = ()
    sealed: bool = False
    unread: tuple[ast.expr, ...] = ()


_NOTHING: Final = Annotation()


def read(reader: Reader, node: ast.expr | None, frame: Frame) -> Annotation:
    """Read an annotation where it stands."""
    if node is None:
        return _NOTHING
    if frame.env or frame.closure:
        return _read(reader, node, frame)
    found = reader.annotations.get(node)
    if found is None:
        found = reader.annotations[node] = _read(reader, node, frame)
    return found


def _read(reader: Reader, node: ast.expr, frame: Frame) -> Annotation:
    reading = _Reading(reader, frame)
    value = reading.value(node, frame.module, 0)
    return Annotation(
        value, tuple(dict.fromkeys(reading.labels)), tuple(dict.fromkeys(reading.types)), reading.sealed, tuple(reading.unread)
    )


class _Reading:
    """Reads one annotation, and notes its labels on the way."""

    def __init__(self, reader: Reader, frame: Frame) -> None:
        self.reader, self.frame = reader, frame
        self.labels: list[Mention] = []
        self.types: list[str] = []
        self.unread: list[ast.expr] = []
        self.sealed = False

    def value(self, node: ast.expr, module: Module, depth: int) -> Value:  # noqa: PLR0911 - a line a kind
        if depth > _DEEPEST:
            return ANYTHING
        match node:
            case ast.Constant(value=str() as text):
                return self._quoted(text, node, module, depth)
            case ast.Constant(value=None):
                return NONE
            case ast.BinOp(op=ast.BitOr()):
                return either([self.value(node.left, module, depth + 1), self.value(node.right, module, depth + 1)])
            case ast.Subscript():
                return self._generic(node, module, depth)
            case ast.Name() | ast.Attribute():
                return self._name(node, module, depth)
        return ANYTHING

    def _quoted(self, text: str, node: ast.expr, module: Module, depth: int) -> Value:
        try:
            inner = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return ANYTHING
        for each in ast.walk(inner):
            if hasattr(each, "lineno"):
                ast.copy_location(each, node)
        return self.value(inner, module, depth + 1)

    def _name(self, node: ast.Name | ast.Attribute, module: Module, depth: int) -> Value:
        alias = self._alias(node, module)
        if alias is not None:
            return self.value(alias[0], alias[1], depth + 1)
        return either(self._objects(self._meant(node, module)))

    def _objects(self, value: Value) -> Iterator[Value]:
        for atom in value:
            if isinstance(atom, InClass):
                self.types.append(atom.owner.dotted)
                yield self.reader.classes.object_of(atom.owner)
            elif isinstance(atom, Outside):
                self.types.append(atom.dotted)
                yield self._outside(atom.dotted)
            else:
                yield ANYTHING

    def _outside(self, dotted: str) -> Value:
        match own_name(dotted):
            case "Gate":
                return one(AGate(Judge()))
            case "Sealed":
                self.sealed = True
                return one(ASealed((), known=False))
        if dotted in _SELF and self.frame.owner is not None:
            return self.reader.classes.object_of(self.frame.owner)
        if dotted.startswith(("builtins.", "typing.", "typing_extensions.")):
            return ANYTHING
        return one(Foreign(dotted))

    def _generic(self, node: ast.Subscript, module: Module, depth: int) -> Value:
        alias = self._alias(node.value, module)
        names = self._meant(node.value, module) if alias is None else NEVER
        arguments = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
        found: list[Value] = [self.value(alias[0], alias[1], depth + 1)] if alias else []
        for atom in names:
            if isinstance(atom, InClass):
                self.types.append(atom.owner.dotted)
                if own_name(atom.owner.dotted) == "Sealed":
                    found.append(self._sealed(arguments, module, depth))
                else:
                    for each in arguments:
                        self.value(each, module, depth + 1)
                    found.append(self.reader.classes.object_of(atom.owner))
            elif isinstance(atom, Outside):
                found.append(self._of(atom.dotted, arguments, module, depth))
        return either(found) if found else ANYTHING

    def _of(self, dotted: str, arguments: list[ast.expr], module: Module, depth: int) -> Value:  # noqa: C901, PLR0911 - a line a kind
        name = dotted.rpartition(".")[2]
        self.types.append(dotted)
        if own_name(dotted) == "Sealed":
            return self._sealed(arguments, module, depth)
        if name == "Literal":
            literals = [self.reader.evaluate(each, self.frame.quiet()) for each in arguments]
            return either(frozenset(atom for atom in value if isinstance(atom, Text)) or ANYTHING for value in literals)
        if name == "Annotated":
            value = self.value(arguments[0], module, depth + 1)
            for each in arguments[1:]:
                self._label(each, module)
            return self._labelled(value)
        values = [self.value(each, module, depth + 1) for each in arguments if not _is_dots(each)]
        if name in ("Coroutine", "Generator", "AsyncGenerator") and values:
            return values[-1] if name == "Coroutine" else one(Items(values[0]))
        if name in _TRANSPARENT:
            return either([*values, *([NONE] if name == "Optional" else [])])
        if name in _MAPPINGS:
            return one(Table((), values[1] if len(values) > 1 else ANYTHING))
        if name in ("tuple", "Tuple") and len(values) == len(arguments):
            return one(Items(either(values), tuple(values)))
        if name in _SEQUENCES:
            return one(Items(values[0] if values else ANYTHING))
        if name in ("type", "Type"):
            return either(one(InClass(atom.owner)) for value in values for atom in value if isinstance(atom, Instance)) or ANYTHING
        return one(Foreign(dotted))

    def _sealed(self, arguments: list[ast.expr], module: Module, depth: int) -> Value:
        self.sealed = True
        for each in arguments:
            self.value(each, module, depth + 1)
        return one(ASealed((), known=False))

    def _labelled(self, value: Value) -> Value:
        """Have a sealed value bear the labels that were read around it."""
        labels = tuple(dict.fromkeys(self.labels))
        return frozenset(ASealed(labels) if isinstance(atom, ASealed) and labels else atom for atom in value)

    def _label(self, node: ast.expr, module: Module) -> None:
        frame = self.reader.still(module) if module is not self.frame.module else self.frame.quiet()
        for label in node.elts if isinstance(node, (ast.Tuple, ast.List)) else [node]:
            if not isinstance(label, ast.Call):
                self._bound_label(label, module)
                continue
            callee = self.reader.evaluate(label.func, frame)
            if not any(isinstance(atom, (Outside, InClass)) and own_name(dotted(atom)) == "Personal" for atom in callee):
                if any(self._makes_labels(atom) for atom in callee):
                    self.unread.append(label)
                continue
            arguments = [*label.args, *(each.value for each in label.keywords)]
            value = self.reader.evaluate(arguments[0], frame) if arguments else ANYTHING
            self.labels += [
                Mention(Part.DATA_CATEGORY, text.text, module.place(arguments[0]), text.origin) for text in texts(value)
            ]
            if not texts(value) or len(texts(value)) != len(value):
                self.unread.append(label)

    def _makes_labels(self, atom: object) -> bool:
        """Tell whether what is called is a function, a partial or a heir of the label, of which the category cannot be told."""
        match atom:
            case InClass(owner):
                line = (each if isinstance(each, str) else each.dotted for each in self.reader.project.line_of(owner))
                return any(own_name(each) == "Personal" for each in line)
            case Callee(function):
                return "Personal" in self.reader.words(function)
            case Applied(callee):
                return is_kind(callee, f"{OWN}Personal")
        return False

    def _bound_label(self, node: ast.expr, module: Module) -> None:
        """Read a label that was made elsewhere: `EMAIL = Personal("email_address")`."""
        alias = self._alias(node, module, calls=True)
        if alias is not None:
            self._label(alias[0], alias[1])

    def _meant(self, node: ast.expr, module: Module) -> Value:
        frame = self.reader.still(module) if module is not self.frame.module else self.frame.quiet()
        return self.reader.evaluate(node, frame)

    def _alias(self, node: ast.expr, module: Module, *, calls: bool = False) -> tuple[ast.expr, Module] | None:
        """Give what a name of a type stands for: `Email = Annotated[str, …]`, also in another module."""
        found = self.reader.binding_of(node, module, self.frame)
        if found is None:
            return None
        binding, there = found
        value = binding.node.value if isinstance(binding.node, ast.AnnAssign) else binding.node
        if isinstance(value, ast.Call) and not calls:
            if isinstance(value.func, ast.Name) and value.func.id == "NewType" and len(value.args) > 1:
                return value.args[1], there
            return None
        if isinstance(value, (ast.Subscript, ast.BinOp)) or (calls and isinstance(value, ast.Call)):
            return value, there
        return None


def dotted(atom: Outside | InClass) -> str:
    """Give the dotted name of something."""
    return atom.dotted if isinstance(atom, Outside) else atom.owner.dotted


def is_kind(value: Value, *names: str) -> bool:
    """Tell whether a value may be something of these dotted names."""
    return any(isinstance(atom, (Outside, InClass)) and dotted(atom) in names for atom in value)


def _is_dots(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is Ellipsis
