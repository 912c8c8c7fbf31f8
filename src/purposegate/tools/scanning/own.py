"""What this library's own functions and classes make, where code calls them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from purposegate.tools.scanning import gates, telling
from purposegate.tools.scanning.frames import Frame
from purposegate.tools.scanning.gates import Arguments
from purposegate.tools.scanning.values import (
    ANYTHING,
    ASealed,
    Stem,
    Taken,
    Text,
    Value,
    one,
    texts,
)

if TYPE_CHECKING:
    from purposegate.tools.scanning.reader import Reader

# What shows or serialises an object that is handed to it, by the last part of its name.

_Own = Callable[["Reader", Frame, ast.Call, Arguments], Value]


def _own_gate(reader: Reader, frame: Frame, node: ast.Call, arguments: Arguments) -> Value:
    return gates.made(frame, node, arguments, loads=False)


def _own_route(reader: Reader, frame: Frame, node: ast.Call, arguments: Arguments) -> Value:
    return gates.for_purpose(frame, node, arguments)


def _own_sealed(reader: Reader, frame: Frame, node: ast.Call, arguments: Arguments) -> Value:
    """Read `Sealed(value, "category", …)`: its labels are mentions of their own."""
    labels = telling.labels_in(arguments.positional[1:], frame)
    inner = [atom for atom in arguments.positional[0][0] if isinstance(atom, ASealed)] if arguments.positional else []
    frame.emit([telling.label_use(label) for label in labels])
    return one(ASealed((*labels, *(label for atom in inner for label in atom.labels)), not arguments.open))


def _own_combine(reader: Reader, frame: Frame, node: ast.Call, arguments: Arguments) -> Value:
    sealed = [atom for value, _ in arguments.positional for atom in value if isinstance(atom, ASealed)]
    labels = tuple(dict.fromkeys(label for atom in sealed for label in atom.labels))
    return one(ASealed(labels, all(atom.known for atom in sealed)))


def _own_from(reader: Reader, frame: Frame, node: ast.Call, arguments: Arguments) -> Value:
    named = texts(arguments.positional[0][0]) if arguments.positional else ()
    if named and "." not in named[0].text:
        return one(Taken(named[0].text))
    # A function of the arguments: what it makes of any.
    made = reader.apply(frame, node, arguments.positional[0][0], Arguments()) if arguments.positional else ANYTHING
    return frozenset(atom for atom in made if isinstance(atom, (Text, Stem))) or ANYTHING


def _own_label(reader: Reader, frame: Frame, node: ast.Call, arguments: Arguments) -> Value:
    """Take `Personal("category")` for the name of its category."""
    return arguments.positional[0][0] if arguments.positional else ANYTHING


def _own_assertion(reader: Reader, frame: Frame, node: ast.Call, arguments: Arguments) -> Value:
    """Take for a question that a test asserts a use to be permitted."""
    gates.asserted(frame, node, arguments, denied=False)
    return ANYTHING


def _own_denial(reader: Reader, frame: Frame, node: ast.Call, arguments: Arguments) -> Value:
    """Take for a question that a test asserts a use to be denied, so that its denial is meant, and its names are not."""
    gates.asserted(frame, node, arguments, denied=True)
    return ANYTHING


OWN: Final[dict[str, _Own]] = {
    "Gate": _own_gate,
    "for_purpose": _own_route,
    "Sealed": _own_sealed,
    "combine": _own_combine,
    "From": _own_from,
    "Personal": _own_label,
    "assert_permitted": _own_assertion,
    "assert_denied": _own_denial,
}
