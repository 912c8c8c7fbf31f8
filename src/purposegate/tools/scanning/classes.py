"""Classes: their fields with labels, their members, and what kind of class each is."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final, NamedTuple

from purposegate.tools.scanning.frames import Frame
from purposegate.tools.scanning.modules import Binding, Class, is_stub
from purposegate.tools.scanning.project import own_name
from purposegate.tools.scanning.sighting import Judge, Mention, Place
from purposegate.tools.scanning.values import (
    ANYTHING,
    ABoundGate,
    AGate,
    Callee,
    Covering,
    Instance,
    Items,
    Outside,
    Table,
    Text,
    Value,
    either,
    one,
)

if TYPE_CHECKING:
    from purposegate.tools.scanning.reader import Reader

_ENUMERATIONS: Final = ("enum.Enum", "enum.StrEnum", "enum.IntEnum", "enum.Flag")
_DICTIONARIES: Final = ("typing.TypedDict", "typing_extensions.TypedDict")
_PROTOCOLS: Final = ("typing.Protocol", "typing_extensions.Protocol")
_MAPPED: Final = frozenset({"DeclarativeBase", "DeclarativeBaseNoMeta", "SQLModel", "MappedAsDataclass", "declarative_base"})
_MODELS: Final = frozenset(
    {
        *("BaseModel", "RootModel", "BaseSettings", "TypedDict", "NamedTuple", "SQLModel", "DeclarativeBase", "Model", "Schema"),
        *("DeclarativeBaseNoMeta", "MappedAsDataclass", "Struct"),
    }
)
_DECORATORS: Final = frozenset(
    {"dataclass", "define", "frozen", "mutable", "s", "attrs", "mapped_as_dataclass", "pydantic_dataclass"}
)
_COLUMNS: Final = frozenset({"Column", "mapped_column", "column_property"})
_CONSTANTS: Final = frozenset({"Final", "ClassVar"})


class Field(NamedTuple):
    """A declared field: what it holds, its labels, and the classes that declare it."""

    value: Value
    labels: tuple[Mention, ...]
    sealed: bool
    types: tuple[str, ...]
    place: Place
    declared: tuple[str, ...]


class Classes:
    """Answers about classes, each worked out once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._project = reader.project
        self._fields: dict[tuple[Class, str], Field | None] = {}
        self._names: dict[Class, tuple[str, ...]] = {}
        self._members: dict[tuple[Class, str], list[tuple[Class, Binding]]] = {}
        self._objects: dict[Class, Value] = {}
        self._holding: dict[Class, bool] = {}
        self.coverings: dict[Class, tuple[Covering, ...]] = {}
        self.unread: dict[Class, tuple[ast.expr, ...]] = {}

    def object_of(self, owner: Class) -> Value:
        """Give an object of a class: a gate, where it is one or is written as what a gate can do."""
        if owner not in self._objects:
            self._objects[owner] = one(Instance(owner))
            if self._is_gate(owner):
                self._objects[owner] = one(AGate(Judge()))
        return self._objects[owner]

    def field(self, owner: Class, name: str) -> Field | None:
        """Give a field that a class declares or inherits; a label stays where a subclass declares the field anew."""
        key = (owner, name)
        if key not in self._fields:
            self._fields[key] = None
            self._fields[key] = self._declared(owner, name)
        return self._fields[key]

    def names_of(self, owner: Class) -> tuple[str, ...]:
        """Give the names of the fields of a class, inherited ones first."""
        if owner not in self._names:
            names: dict[str, None] = {}
            for each in reversed(self._project.line_of(owner)):
                if isinstance(each, Class):
                    names.update(
                        (name, None)
                        for name, found in each.bindings.items()
                        if any(binding.kind == "annotated" for binding in found)
                    )
            self._names[owner] = tuple(names)
        return self._names[owner]

    def labels_of(self, owner: Class, name: str) -> tuple[Mention, ...]:
        """Give the labels of a field."""
        field = self.field(owner, name)
        return field.labels if field else ()

    def labelled(self, owner: Class) -> bool:
        """Tell whether a class has fields with labels."""
        return any(self.labels_of(owner, name) for name in self.names_of(owner))

    def holds(self, owner: Class) -> bool:
        """Tell whether labelled fields are in its objects, or in those that they hold."""
        if owner not in self._holding:
            self._holding[owner] = False  # for a class that holds itself
            fields = [self.field(owner, name) for name in self.names_of(owner)]
            self._holding[owner] = any(field is not None and (field.labels or self._held(field.value)) for field in fields)
        return self._holding[owner]

    def _held(self, value: Value) -> bool:
        return any(
            (isinstance(atom, Instance) and self.holds(atom.owner))
            or (isinstance(atom, Items) and self._held(atom.each if atom.exact is None else either(atom.exact)))
            or (isinstance(atom, Table) and self._held(atom.rest))
            for atom in value
        )

    def is_dictionary(self, owner: Class) -> bool:
        """Tell whether its objects are dictionaries."""
        return self._project.derives(owner, *_DICTIONARIES)

    def is_mapped(self, owner: Class) -> bool:
        """Tell whether its objects are rows, so that an attribute of the class is a column."""
        return "__tablename__" in owner.bindings or any(
            (each.rpartition(".")[2] if isinstance(each, str) else "") in _MAPPED for each in self._project.line_of(owner)
        )

    def is_model(self, owner: Class) -> bool:
        """Tell whether a class declares what its objects hold."""
        return any(name.rpartition(".")[2] in _MODELS | _DECORATORS for name in self.bases(owner)) or self.is_mapped(owner)

    def bases(self, owner: Class) -> tuple[str, ...]:
        """Give the dotted names of all that a class derives from and is decorated with."""
        found = [each if isinstance(each, str) else each.dotted for each in self._project.line_of(owner)[1:]]
        frame = Frame(owner.module)
        for decorator in owner.node.decorator_list:
            func = decorator.func if isinstance(decorator, ast.Call) else decorator
            found += [atom.dotted for atom in self._reader.evaluate(func, frame) if isinstance(atom, Outside)]
        return tuple(dict.fromkeys(found))

    def members(self, owner: Class, name: str) -> list[tuple[Class, Binding]]:
        """Give what may be meant by a member: the nearest declared one, and those of subclasses in its place."""
        key = (owner, name)
        if key not in self._members:
            self._members[key] = self._found(owner, name)
        return self._members[key]

    def _found(self, owner: Class, name: str) -> list[tuple[Class, Binding]]:
        found: list[tuple[Class, Binding]] = []
        for each in self._project.line_of(owner):
            if isinstance(each, Class) and name in each.bindings:
                found += [(each, binding) for binding in each.bindings[name]]
                break
        waiting = list(owner.subclasses)
        while waiting and not name.startswith("__"):
            each = waiting.pop()
            waiting += each.subclasses
            found += [(each, binding) for binding in each.bindings.get(name, ())]
        return [member for member in found if not is_stub(member[1].node)] or found

    def enumerated(self, owner: Class, name: str) -> Value:
        """Give the value of a member of an enumeration."""
        found: list[Value] = []
        for each, binding in self.members(owner, name):
            given = binding.node.value if isinstance(binding.node, ast.AnnAssign) else binding.node
            if not isinstance(given, ast.expr):
                found.append(self._reader.bound((each, binding), Instance(owner), Frame(each.module), each.node))  # type: ignore[arg-type]  # only its place
                continue
            value = self._reader.evaluate(given, Frame(each.module, None, each))
            if isinstance(given, ast.Call) and self._is_auto(given):
                value = one(Text(name.lower(), each.module.place(given)))
            found.append(value)
        return either(found) if found else ANYTHING

    def members_of_enumeration(self, owner: Class) -> Value:
        """Give the members of an enumeration, in their order."""
        if not self._project.derives(owner, *_ENUMERATIONS):
            return ANYTHING
        names = [
            name
            for name, found in owner.bindings.items()
            if not name.startswith("_") and all(binding.kind in ("value", "annotated") for binding in found)
        ]
        return either(self.enumerated(owner, name) for name in names) if names else ANYTHING

    def _is_auto(self, node: ast.Call) -> bool:
        func = node.func
        return (func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")) == "auto"

    def _is_gate(self, owner: Class) -> bool:
        if any(own_name(each.dotted if isinstance(each, Class) else each) == "Gate" for each in self._project.line_of(owner)):
            return True
        if not self._project.derives(owner, *_PROTOCOLS):
            return False
        return all(self._takes_category(owner, name) for name in ("check", "decide"))

    def is_protocol(self, owner: Class) -> bool:
        """Tell whether it only says what others can do."""
        return self._project.derives(owner, *_PROTOCOLS)

    def _takes_category(self, owner: Class, name: str) -> bool:
        for binding in owner.bindings.get(name, ()):
            if isinstance(binding.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                return "data_category" in [each.arg for each in binding.node.args.args]
        return False

    def _declared(self, owner: Class, name: str) -> Field | None:
        found: list[Field] = []
        for each in self._project.line_of(owner):
            if isinstance(each, Class):
                found += [self._read(each, binding, name) for binding in each.bindings.get(name, ()) if binding.kind == "annotated"]
        if not found:
            return None
        nearest = found[0]
        labels = tuple(dict.fromkeys(label for field in found for label in field.labels))
        return nearest._replace(labels=labels, declared=tuple(dict.fromkeys(each for field in found for each in field.declared)))

    def _read(self, owner: Class, binding: Binding, name: str) -> Field:
        node = binding.node
        if not isinstance(node, ast.AnnAssign):
            raise TypeError(name)
        frame = Frame(owner.module, None, owner)
        annotation = self._reader.annotation(node.annotation, frame)
        if annotation.unread:
            self.unread[owner] = (*self.unread.get(owner, ()), *annotation.unread)
        value = annotation.value
        if node.value is not None:
            constant = any(each.rpartition(".")[2] in _CONSTANTS for each in annotation.types) or isinstance(
                node.annotation, ast.Name
            )
            kinds = (AGate, ABoundGate, Callee, *((Text, Items) if constant else ()))
            given = self._reader.evaluate(node.value, frame) if self._may_matter(node.value) else ANYTHING
            kept = frozenset(atom for atom in given if isinstance(atom, kinds))
            value = self._reader.rather(kept, value) if kept else value
        place = owner.module.place(node.target)
        return Field(value, annotation.labels, annotation.sealed, annotation.types, place, (owner.dotted,))

    def _may_matter(self, node: ast.expr) -> bool:
        return isinstance(node, (ast.Constant, ast.Name, ast.Attribute, ast.Call, ast.Tuple, ast.List))

    def columns(self, owner: Class) -> list[tuple[str, Place, tuple[str, ...]]]:
        """Give the fields that a row or a model declares without an annotation, with the dotted names of their types."""
        found: list[tuple[str, Place, tuple[str, ...]]] = []
        frame = Frame(owner.module)
        for name, bindings in owner.bindings.items():
            for binding in bindings:
                node = binding.node
                if binding.kind != "value" or not isinstance(node, ast.Call):
                    continue
                func = [atom.dotted for atom in self._reader.evaluate(node.func, frame) if isinstance(atom, Outside)]
                if not func or not (func[0].rpartition(".")[2] in _COLUMNS or func[0].endswith("Field")):
                    continue
                inner = [
                    atom.dotted
                    for each in node.args
                    for atom in self._reader.evaluate(each.func if isinstance(each, ast.Call) else each, frame)
                    if isinstance(atom, Outside)
                ]
                found.append((name, owner.module.place(node), (*func, *inner)))
        return found
