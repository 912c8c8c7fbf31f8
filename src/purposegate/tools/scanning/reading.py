"""Reads: which attribute, key, variable or whole object is looked at, and whether that bears a label."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from purposegate.tools.scanning.frames import Frame, ReadKey
from purposegate.tools.scanning.modules import Class
from purposegate.tools.scanning.sighting import Mention, Place
from purposegate.tools.scanning.values import (
    ANYTHING,
    UNKNOWN,
    ABoundGate,
    AGate,
    ASealed,
    Atom,
    Callee,
    Folded,
    Foreign,
    GateMethod,
    Guarded,
    InClass,
    InModule,
    Instance,
    Items,
    Labelled,
    Nothing,
    Number,
    Outside,
    Stem,
    Table,
    Text,
    Value,
    Verdict,
    either,
    one,
    texts,
    under,
)

if TYPE_CHECKING:
    from purposegate.tools.scanning.reader import Reader

_DEEPEST: Final = 3


def attribute(reader: Reader, frame: Frame, node: ast.expr, receiver: Value, name: str, *, calls: bool = False) -> Value:
    """Read an attribute of whatever the receiver may be."""
    # `None` has no attributes: nothing comes behind that.
    atoms = [atom for atom in receiver if not isinstance(atom, Nothing)] or receiver
    found = [_of(reader, frame, node, atom, name, calls=calls) for atom in atoms]
    return either(found) if found else ANYTHING


def item(reader: Reader, frame: Frame, node: ast.expr, receiver: Value, key: Value) -> Value:  # noqa: C901 - a line a kind
    """Read what stands under a key."""
    found: list[Value] = []
    for atom in receiver:
        if isinstance(atom, Instance) and reader.project.derives(atom.owner, "typing.NamedTuple"):
            indexes = [each.number for each in key if isinstance(each, Number)]
            names = reader.classes.names_of(atom.owner)
            meant = [names[index] for index in indexes if -len(names) <= index < len(names)] or names
            found += [_field(reader, frame, node, atom.owner, name) or ANYTHING for name in meant]
        elif (
            isinstance(atom, Instance)
            and not reader.classes.is_dictionary(atom.owner)
            and reader.classes.members(atom.owner, "__getitem__")
        ):
            method = reader.bound(reader.classes.members(atom.owner, "__getitem__")[0], atom, frame, node)
            found.append(reader.call(frame, node, method, key))
        elif isinstance(atom, Instance):
            found += [_field(reader, frame, node, atom.owner, text.text) or ANYTHING for text in texts(key)] or [ANYTHING]
            if not texts(key) and reader.classes.labelled(atom.owner) and reader.classes.is_dictionary(atom.owner):
                doubt(frame, node, f"which field of `{atom.owner.name}` is read here cannot be told")
        elif isinstance(atom, Folded):
            found.append(one(atom))
        elif isinstance(atom, (Items, Table)):
            found.append(under(one(atom), key))
        else:
            if atom is UNKNOWN:
                for text in texts(key):
                    if text.text in reader.labelled_keys:
                        unknown(frame, node, text.text)
            found.append(ANYTHING)
    return either(found) if found else ANYTHING


def of_variable(frame: Frame, node: ast.expr, variable: Labelled) -> None:
    """Note that a variable with labels is read."""
    if frame.notes is not None:
        _note(frame, frame.module.place(node), variable.name, variable.labels)


def shown(
    reader: Reader, frame: Frame, node: ast.expr, value: Value, depth: int = 0, *, only: frozenset[str] | None = None
) -> None:
    """Note that a whole object is shown or serialised: that reads its fields that are not sealed, or `only` some."""
    if frame.notes is None or depth > _DEEPEST:
        return
    for atom in value:
        if isinstance(atom, Instance):
            for name in reader.classes.names_of(atom.owner) if only is None else sorted(only):
                inner = _field(reader, frame, node, atom.owner, name)
                if inner is not None:
                    shown(reader, frame, node, inner, depth + 1)
        elif isinstance(atom, Items):
            shown(reader, frame, node, either(atom.exact) if atom.exact else atom.each, depth + 1)
        elif isinstance(atom, Table):
            shown(reader, frame, node, either([*(each for _, each in atom.entries), atom.rest]), depth + 1)


def walked_over(reader: Reader, frame: Frame, node: ast.expr, value: Value) -> None:
    """Note that somebody walks over an object: a named tuple gives its fields, and a model their names with them."""
    for atom in value:
        if isinstance(atom, Instance) and reader.project.derives(atom.owner, "typing.NamedTuple", "pydantic.BaseModel"):
            shown(reader, frame, node, one(atom))


def doubt(frame: Frame, node: ast.expr | ast.stmt, message: str) -> None:
    """Note what the scanner cannot follow."""
    if frame.notes is not None:
        frame.notes.doubts[frame.module.place(node), message] = None


def unknown(frame: Frame, node: ast.expr, name: str) -> None:
    """Note a read of something called like a labelled field, of an object that is not known."""
    if frame.notes is not None:
        frame.notes.unknown[frame.module.place(node), name] = None


def _of(reader: Reader, frame: Frame, node: ast.expr, atom: Atom, name: str, *, calls: bool) -> Value:  # noqa: C901, PLR0911, PLR0912 - a line a kind
    match atom:
        case AGate() | ABoundGate() | Instance() if name == "__class__":
            return reader.class_of(one(atom))
        case ASealed() if name.startswith("_") and not name.endswith("__"):
            doubt(frame, node, "a sealed value is taken apart here, past any gate")
        case Callee() | Guarded() if name == "__wrapped__" and frame.module in reader.near:
            doubt(frame, node, "the decorators of this function are passed by here, and with them what they check")
        case Instance():
            return _of_object(reader, frame, node, atom, name, calls=calls)
        case InModule():
            return reader.project.member(atom.module, name)
        case InClass():
            return _of_class(reader, frame, node, atom.owner, name)
        case AGate() | ABoundGate():
            return one(GateMethod(atom, name))
        case Outside():
            return one(Outside(f"{atom.dotted}.{name}"))
        case Verdict() if name in ("permitted", "reason"):
            return one(atom)
        case Text() | Stem() if name in ("value", "name"):
            return one(atom)
        case Folded():
            return one(_of_path(atom, name))
        case ASealed() | Items() | Table() | Text() | Stem():
            return ANYTHING
        case Foreign():
            if not calls and name in reader.labelled_names and "." in atom.dotted and atom.dotted.rpartition(".")[2].islower():
                unknown(frame, node, name)  # of an attribute of something foreign, which may hold anything
            return ANYTHING if calls else one(Foreign(f"{atom.dotted}.{name}"))
    if not calls and atom is UNKNOWN and name in reader.labelled_names:
        unknown(frame, node, name)
    return ANYTHING


def _of_path(path: Folded, name: str) -> Atom:
    if name == "parent":
        return Folded(path.path.rpartition("/")[0] or "/")
    if name == "parents":
        parents, rest = [], path.path
        while "/" in rest and rest != "/":
            rest = rest.rpartition("/")[0] or "/"
            parents.append(one(Folded(rest)))
        return Items(ANYTHING, tuple(parents))
    return UNKNOWN


def _of_object(reader: Reader, frame: Frame, node: ast.expr, atom: Instance, name: str, *, calls: bool) -> Value:
    if name == "__dict__":
        shown(reader, frame, node, one(atom))
        return ANYTHING
    field = _field(reader, frame, node, atom.owner, name)
    assigned = reader.assigned(atom.owner, name)
    if field is not None:
        return _rather(assigned, field)
    found = [assigned] if assigned else []
    line = reader.project.line_of(atom.owner)
    members = [each for each in reader.classes.members(atom.owner, name) if not atom.above or each[0] in line]
    found += [reader.bound(member, atom, frame, node) for member in members]
    if found:
        return either(found)
    if not calls and name in reader.labelled_names and reader.classes.members(atom.owner, "__getattr__"):
        unknown(frame, node, name)  # of whatever stands behind it
    return ANYTHING


def _of_class(reader: Reader, frame: Frame, node: ast.expr, owner: Class, name: str) -> Value:
    if reader.classes.is_mapped(owner):
        field = _field(reader, frame, node, owner, name)
        if field is not None:
            return ANYTHING
    if reader.project.derives(owner, "enum.Enum", "enum.StrEnum", "enum.IntEnum"):
        return reader.classes.enumerated(owner, name)
    found = [reader.bound(member, InClass(owner), frame, node) for member in reader.classes.members(owner, name)]
    if owner.assigned.get(name):
        found.append(owner.assigned[name])
    if name == "load" and not found:
        found += [one(Outside(f"{base}.{name}")) for base in reader.project.line_of(owner) if isinstance(base, str)]
    return either(found) if found else ANYTHING


def _field(reader: Reader, frame: Frame, node: ast.expr, owner: Class, name: str) -> Value | None:
    """Read a declared field, noting the read where it bears a label; None where the class declares none of this name."""
    field = reader.classes.field(owner, name)
    if field is None:
        return None
    if frame.notes is not None:
        for declared in field.declared:
            frame.notes.touched.add((declared, name))
        if field.labels and not field.sealed:
            _note(frame, frame.module.place(node), f"{owner.name}.{name}", field.labels)
    return field.value


def _rather(assigned: Value, annotated: Value) -> Value:
    """Prefer what code assigns to what the annotation says, as far as that is known."""
    if not assigned:
        return annotated
    return assigned if UNKNOWN not in assigned else assigned.difference((UNKNOWN,)) | annotated


def _note(frame: Frame, place: Place, what: str, labels: tuple[Mention, ...]) -> None:
    if frame.notes is not None:
        frame.notes.reads.setdefault(ReadKey(place, what, labels), set()).update(frame.ways)
