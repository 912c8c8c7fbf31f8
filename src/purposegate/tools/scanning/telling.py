"""What a call, a handler, a label or a logger is told by."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from purposegate.tools.scanning.annotations import Annotation, dotted
from purposegate.tools.scanning.frames import Frame, RawFact, RawUse
from purposegate.tools.scanning.project import own_name
from purposegate.tools.scanning.reading import doubt
from purposegate.tools.scanning.sighting import How, Judge, Mention, Part
from purposegate.tools.scanning.values import AGate, Folded, GateMethod, InClass, Outside, Table, Text, Value, one, texts

if TYPE_CHECKING:
    from purposegate.tools.scanning.reader import Reader

_LOGGERS: Final = frozenset({"log", "logger", "_log", "_logger", "logging"})
_CATCHING: Final = frozenset(
    {"Exception", "BaseException", "ExceptionGroup", "BaseExceptionGroup", "PurposeViolation", "PurposegateError"}
)


def is_gate(value: Value) -> bool:
    """Tell whether a value may be a gate, or the class of gates."""
    return any(
        isinstance(atom, AGate) or (isinstance(atom, (Outside, InClass)) and own_name(dotted(atom)) == "Gate") for atom in value
    )


def names_logger(node: ast.Call) -> bool:
    """Tell whether a call is on what everybody calls a logger."""
    target = node.func.value if isinstance(node.func, ast.Attribute) else None
    name = target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""
    return name.lower() in _LOGGERS


def policy_path(value: Value) -> str | None:
    """Give the path of a policy, where it could be folded."""
    paths = [atom.path if isinstance(atom, Folded) else atom.text for atom in value if isinstance(atom, (Folded, Text))]
    return paths[0] if len(paths) == 1 and len(value) == 1 else None


def facts(value: Value, node: ast.expr, frame: Frame) -> Iterator[RawFact]:
    """Yield the facts that a dictionary registers."""
    for atom in value:
        for key, _ in atom.entries if isinstance(atom, Table) else ():
            yield RawFact(key, frame.module.place(node), Judge())


def labels_in(arguments: Iterable[tuple[Value, ast.expr]], frame: Frame) -> tuple[Mention, ...]:
    """Give the labels among arguments."""
    return tuple(
        Mention(Part.DATA_CATEGORY, text.text, frame.module.place(node), text.origin)
        for value, node in arguments
        for text in texts(value)
    )


def label_use(label: Mention) -> RawUse:
    """Make a use of a label: only its name can be wrong."""
    value = one(Text(label.name, label.origin))
    return RawUse(How.LABEL, label.place, Judge(), value, None, None, None, False, ((label.part, label.place),))


def note_labels(annotation: Annotation, frame: Frame) -> None:
    """Note the labels of an annotation, and those that could not be read."""
    frame.emit([label_use(label) for label in annotation.labels])
    for each in annotation.unread:
        doubt(frame, each, "the label is no literal, so that the data category cannot be told")


def note_execution(frame: Frame, node: ast.Call) -> None:
    """Note that text is run as code."""
    if frame.notes is not None:
        frame.notes.executions[frame.module.place(node)] = None


def never_returns(reader: Reader, func: ast.expr, frame: Frame, names: frozenset[str]) -> bool:
    """Tell whether a function is one of these, behind which nothing comes."""
    last = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
    if not isinstance(func, ast.Name) and not any(name.endswith(f".{last}") for name in names):
        return False
    return any(isinstance(atom, Outside) and atom.dotted in names for atom in reader.evaluate(func, frame.quiet()))


def is_call_of(reader: Reader, node: ast.expr, frame: Frame, names: frozenset[str]) -> bool:
    """Tell whether an expression calls one of these functions."""
    func = node.func if isinstance(node, ast.Call) else None
    last = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
    if func is None or not any(name.endswith(f".{last}") for name in names):
        return False
    value = reader.evaluate(func, frame.quiet())
    return last == "assertRaises" or any(isinstance(atom, Outside) and atom.dotted in names for atom in value)


def is_check(reader: Reader, statement: ast.stmt, frame: Frame) -> bool:
    """Tell whether a statement only checks a use, so that nothing but a violation comes out of it."""
    value = statement.value if isinstance(statement, ast.Expr) else None
    call = value.value if isinstance(value, ast.Await) else value
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or call.func.attr not in ("check", "acheck"):
        return False
    return any(isinstance(atom, GateMethod) for atom in reader.evaluate(call.func, frame.quiet()))


def catches_violations(reader: Reader, node: ast.expr | None, frame: Frame) -> bool:
    """Tell whether a handler may catch a violation: all do but those of exceptions that are known to be others."""
    if node is None:
        return True
    for each in node.elts if isinstance(node, ast.Tuple) else [node]:
        for atom in reader.evaluate(each, frame.quiet()):
            name = dotted(atom) if isinstance(atom, (Outside, InClass)) else None
            if name is None or name.rpartition(".")[2] in _CATCHING or not (name.startswith("builtins.") or "." in name):
                return True
    return False
