"""All modules of a scan, and what a name means in one of them: through imports, aliases and re-exports."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from purposegate.tools.scanning.modules import Binding, Class, Definition, Function, Module, bindings_of, labelled_attributes
from purposegate.tools.scanning.values import ANYTHING, NEVER, InClass, InModule, Outside, Value, either, one

_BUILTINS: Final = frozenset(dir(builtins))
# What this library calls its own, wherever it is imported from.
OWN: Final = "purposegate."

Evaluate = Callable[[Binding, Module], Value]


class Project:
    """Finds modules, classes and functions, each once."""

    def __init__(self, modules: Iterable[Module], evaluate: Evaluate) -> None:
        """Take modules, and the function that gives the value of a binding at the top of one."""
        self.modules = tuple(modules)
        self._evaluate = evaluate
        self._by_name: dict[str, list[tuple[tuple[str, ...], Module]]] = {}
        self._values: dict[tuple[Module, str], Value] = {}
        self._classes: dict[ast.ClassDef, Class] = {}
        self._functions: dict[Definition, Function] = {}
        self._bases: dict[Class, tuple[Class | str, ...]] = {}
        self._lines: dict[Class, tuple[Class | str, ...]] = {}
        for module in self.modules:
            if module.location:
                self._by_name.setdefault(module.location[-1], []).append((module.location, module))

    def begin_again(self) -> None:
        """Forget what names come to, as more is known of what code assigns."""
        self._values.clear()

    def value_of(self, module: Module, name: str) -> Value | None:
        """Give what a name may come to in any function of a module; None where nothing there binds it."""
        key = (module, name)
        if key not in self._values:
            self._values[key] = ANYTHING  # for whoever asks while it is worked out
            found = self._found(module, name)
            if found is None:
                del self._values[key]
                return None
            self._values[key] = found
        return self._values[key]

    def meant(self, module: Module, name: str) -> Value:
        """As `value_of`, with the builtins behind."""
        value = self.value_of(module, name)
        if value is None:
            return one(Outside(f"builtins.{name}")) if name in _BUILTINS else ANYTHING
        return value

    def member(self, module: Module, name: str) -> Value:
        """Give an attribute of a module: what it binds, or a module in it."""
        value = self.value_of(module, name)
        if value is not None:
            return value
        inner = self.find(module, (*module.parts, name), near=module) if module.is_package else None
        return ANYTHING if inner is None else one(InModule(inner))

    def imported(self, module: Module, dotted: str, level: int) -> Value:
        """Give the module that an import names."""
        parts = tuple(dotted.split(".")) if dotted else ()
        if level:
            base = module.parts if module.is_package else module.parts[:-1]
            base = base[: len(base) - (level - 1)] if level > 1 else base
            parts = (*base, *parts)
            if not parts:  # a script beside others
                return ANYTHING
        found = self.find(module, parts, near=module)
        return one(InModule(found)) if found else one(Outside(".".join(parts)))

    def find(self, importer: Module, parts: tuple[str, ...], *, near: Module) -> Module | None:
        """Give the module of the project that a dotted name means, of several the nearest one."""
        if not parts:
            return None
        here = near.location
        best: tuple[int, Module] | None = None
        for location, module in self._by_name.get(parts[-1], ()):
            if location[-len(parts) :] != parts or (module is importer and len(parts) == 1):
                continue
            alike = next((at for at, (a, b) in enumerate(zip(location, here, strict=False)) if a != b), len(location))
            # A top-level module is found beside who imports it, or at the root of its package.
            if len(location) - len(parts) > alike and not self._is_root(location[: -len(parts)], module, parts):
                continue
            if best is None or alike > best[0]:
                best = (alike, module)
        return best[1] if best else None

    def _is_root(self, folder: tuple[str, ...], module: Module, parts: tuple[str, ...]) -> bool:
        return bool(folder) and module.parts == parts and (len(parts) > 1 or module.is_package)

    def imports(self, module: Module) -> Iterator[Module]:
        """Yield the modules of the project that a module imports, wherever in it."""
        for line in module.lines:
            words = line.split()
            if not words or words[0] not in ("from", "import") or len(words) == 1:
                continue
            names = words[3:] if words[0] == "from" else words[1:]
            for base in (words[1],) if words[0] == "from" else ("",):
                for name in ("", *(each.strip("(),") for each in names)):
                    yield from self._modules(module, base, name)

    def _modules(self, module: Module, base: str, name: str) -> Iterator[Module]:
        level = len(base) - len(base.lstrip("."))
        dotted = ".".join(part for part in (base.lstrip("."), name) if part)
        for atom in self.imported(module, dotted, level) if dotted or level else ():
            if isinstance(atom, InModule):
                yield atom.module

    def class_of(self, node: ast.ClassDef, module: Module, name: str | None = None) -> Class:
        """Give the class that a statement makes."""
        if node not in self._classes:
            owner = Class(node, module, name or node.name, bindings_of(node.body))
            for attribute, binding in labelled_attributes(node):
                owner.bindings.setdefault(attribute, []).append(binding)
            self._classes[node] = owner
            for base in self.bases(owner):
                if isinstance(base, Class):
                    base.subclasses.append(owner)
        return self._classes[node]

    def function_of(
        self, node: Definition, module: Module, *, owner: Class | None = None, outer: Function | None = None
    ) -> Function:
        """Give the function that a statement makes."""
        if node not in self._functions:
            around = owner.name if owner else outer.name if outer else ""
            self._functions[node] = Function(node, module, f"{around}.{node.name}" if around else node.name, owner, outer)
        return self._functions[node]

    def bases(self, owner: Class) -> tuple[Class | str, ...]:
        """Give what a class derives from: classes of the project, and the dotted names of others."""
        if owner not in self._bases:
            self._bases[owner] = ()  # a class cannot derive from itself
            self._bases[owner] = tuple(
                each for base in owner.node.bases for each in self._named(self._evaluate(Binding(base), owner.module))
            )
        return self._bases[owner]

    def line_of(self, owner: Class) -> tuple[Class | str, ...]:
        """Give a class and all it derives from, nearest first."""
        if owner not in self._lines:
            found: dict[Class | str, None] = {}
            waiting: list[Class | str] = [owner]
            while waiting:
                each = waiting.pop(0)
                if each not in found:
                    found[each] = None
                    waiting += self.bases(each) if isinstance(each, Class) else ()
            self._lines[owner] = tuple(found)
        return self._lines[owner]

    def derives(self, owner: Class, *dotted: str) -> bool:
        """Tell whether a class derives from one of these."""
        return any((each.dotted if isinstance(each, Class) else each) in dotted for each in self.line_of(owner))

    def _named(self, value: Value) -> Iterator[Class | str]:
        for atom in value:
            if isinstance(atom, InClass):
                yield atom.owner
            elif isinstance(atom, Outside):
                yield atom.dotted

    def _found(self, module: Module, name: str) -> Value | None:
        values = [self._evaluate(binding, module) for binding in module.bindings.get(name, ())]
        values += [self._starred(module, star, name) for star in module.stars if not values]
        if name in module.assigned:
            values.append(module.assigned[name])
        values = [value for value in values if value is not NEVER]
        if not values:
            return {"__file__": ANYTHING, "__name__": ANYTHING}.get(name)
        return either(values)

    def _starred(self, module: Module, star: ast.ImportFrom, name: str) -> Value:
        if name.startswith("_"):
            return NEVER
        for atom in self.imported(module, star.module or "", star.level):
            if isinstance(atom, InModule):
                return self.value_of(atom.module, name) or NEVER
            if isinstance(atom, Outside) and f"{atom.dotted}.".startswith(OWN):
                return one(Outside(f"{atom.dotted}.{name}"))
        return NEVER


def own_name(value_or_dotted: str) -> str | None:
    """Give the last part of the dotted name of something of this library's own."""
    return value_or_dotted.rpartition(".")[2] if value_or_dotted.startswith(OWN) else None
