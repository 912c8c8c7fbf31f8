"""Which functions may matter to a scan, by the words in them: those of gates and labels, and the names of functions that matter."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from purposegate.tools.scanning.gates import METHODS
from purposegate.tools.scanning.modules import Class, Function, Module, statements, words_of

if TYPE_CHECKING:
    from purposegate.tools.scanning.reader import Reader

_OWN: Final = frozenset(
    {"Personal", "for_purpose", "Gate", "Sealed", *(f".{name}" for name in METHODS), *(f".a{name}" for name in METHODS)}
)
# By which a function may use a gate that it is handed, though its module imports nothing of this library.
_STRONG: Final = frozenset(
    {f".{name}" for name in ("check", "acheck", "decide", "adecide", "guard", "bind", "disclose", "adisclose")}
)
_MAKING: Final = ("__init__", "__post_init__")


def warm_up(reader: Reader, modules: Sequence[Module], classes: Iterable[Class], functions: Iterable[Function]) -> None:
    """Have a reader know what may matter.

    INVARIANT: a function is left out only where none of its words is a gate's, a label's, or the name of something that matters.
    In modules that neither speak of this library nor import one that does, names of functions alone make nothing matter.
    """
    reader.near = frozenset(_near(reader, modules))
    labels: set[str] = set()
    hot = set(_OWN)
    for owner in classes:
        of_class = _of_labels(reader, owner)
        labels |= of_class
        if of_class or _holds_a_gate(owner) or reader.classes.holds(owner):
            hot.add(owner.node.name)
    reader.seeds = _STRONG | labels
    strangers = (module for module in modules if module not in reader.near)
    reader.cold = frozenset(module for module in strangers if not any(seed in module.text for seed in reader.seeds))
    hot |= labels | {name for module in modules for name in _aliases(module)}
    _spread(reader, hot, [function for function in functions if function.module not in reader.cold])


def _spread(reader: Reader, hot: set[str], cold: list[Function]) -> None:
    """Have the names of what matters make matter whatever uses them, until nothing more does."""
    near = {function.owner for function in cold if function.owner is not None and function.module in reader.near}
    bound = list(_bound([*reader.near, *near]))
    while True:
        reader.hot = frozenset(hot)
        warm = [function for function in cold if reader.relevant(function)]
        named = {each for name, words in bound if name not in hot and not hot.isdisjoint(words) for each in (name, f".{name}")}
        if not warm and not named:
            return
        hot |= named
        cold = [function for function in cold if not reader.relevant(function)]
        for function in warm:
            name = function.node.name
            hot |= {name, f".{name}", *_kept_in_attributes(function, hot)}
            if function.owner is not None:
                reader.warm.add(function.owner)
                if name in _MAKING:
                    hot.add(function.owner.node.name)


def _near(reader: Reader, modules: Sequence[Module]) -> set[Module]:
    """Find the modules that speak of this library, and those that import them, however far off."""
    near = {module for module in modules if "purposegate" in module.text}
    importers: dict[Module, set[Module]] = {}
    for module in modules:
        for imported in reader.project.imports(module):
            importers.setdefault(imported, set()).add(module)
    waiting = list(near)
    while waiting:
        for importer in importers.get(waiting.pop(), set()) - near:
            near.add(importer)
            waiting.append(importer)
    return near


def _of_labels(reader: Reader, owner: Class) -> set[str]:
    """Give the words by which fields with labels are read."""
    found: set[str] = set()
    for name in reader.classes.names_of(owner):
        if reader.classes.labels_of(owner, name):
            found |= {f".{name}", name} if reader.classes.is_dictionary(owner) else {f".{name}"}
    return found


def _holds_a_gate(owner: Class) -> bool:
    bindings = (each.node for found in owner.bindings.values() for each in found)
    return any(isinstance(node, ast.AnnAssign) and "Gate" in words_of(node) for node in bindings)


def _aliases(module: Module) -> set[str]:
    """Find names of types and variables that bear labels: `Email = Annotated[str, Personal("email_address")]`."""
    return {
        name
        for name, found in module.bindings.items()
        if any(isinstance(each.node, (ast.Subscript, ast.AnnAssign)) and "Personal" in words_of(each.node) for each in found)
    }


def _bound(scopes: Iterable[Module | Class]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the names at the top of modules and classes that are bound to a value, with its words."""
    for scope in scopes:
        for name, bindings in scope.bindings.items():
            for each in bindings:
                if isinstance(each.node, (ast.expr, ast.AnnAssign)):
                    yield name, words_of(each.node)


def _kept_in_attributes(function: Function, hot: set[str]) -> set[str]:
    """Find attributes into which a function puts what matters, as a bound gate or a partial, which is only called then."""
    found: set[str] = set()
    for statement in statements(function.node.body):
        if isinstance(statement, ast.Assign):
            attributes = [target.attr for target in statement.targets if isinstance(target, ast.Attribute)]
            if attributes and not hot.isdisjoint(words_of(statement.value)):
                found |= {f".{name}" for name in attributes}
    return found
