"""Files → what can be seen in them: parses each, finds the functions that may matter, walks them, and gathers what was noted."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Final

from purposegate.findings import Finding, Location, Severity, excerpt
from purposegate.tools.scanning.frames import RawUse
from purposegate.tools.scanning.gates import METHODS, name_of
from purposegate.tools.scanning.modules import Class, Function, Module, parsed, statements, words_of
from purposegate.tools.scanning.reader import Context, Reader
from purposegate.tools.scanning.sighting import (
    Judge,
    Mention,
    Part,
    Place,
    SeenCover,
    SeenFact,
    SeenField,
    SeenRead,
    SeenUse,
    SeenWay,
    Sight,
    UnknownRead,
)
from purposegate.tools.scanning.values import UNKNOWN, Stem, Text, Value

_OWN_WORDS: Final = frozenset(
    {"Personal", "for_purpose", "Gate", "Sealed", *(f".{name}" for name in METHODS), *(f".a{name}" for name in METHODS)}
)
# By which a function may use a gate that it is handed, though its module imports nothing of it.
_STRONG: Final = frozenset(
    {f".{name}" for name in ("check", "acheck", "decide", "adecide", "guard", "bind", "disclose", "adisclose")}
)
_PARTS: Final = (Part.DATA_CATEGORY, Part.PURPOSE, Part.RECIPIENT, Part.CHANNEL)
# So many combinations of names may stand in one call.
_MOST: Final = 64

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
        found = _Gathered(self._by_path)
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
            for name in self.reader.names_of(owner):
                field = self.reader.classes.field(owner, name)
                if field is not None and field.labels and not field.sealed:
                    names.add(name)
                    if self.reader.is_dictionary(owner):
                        keys.add(name)
        self.reader.labelled_names = frozenset(names - keys)
        self.reader.labelled_keys = frozenset(keys)

    def _heat(self) -> None:
        """Find the words that make a function matter: those of gates and labels, and the names of functions that matter."""
        self.reader.near = frozenset(self._near())
        hot = set(_OWN_WORDS)
        seeds = set(_STRONG)
        for owner in self.classes:
            if any(
                isinstance(each.node, ast.AnnAssign) and "Gate" in words_of(each.node)
                for found in owner.bindings.values()
                for each in found
            ):
                hot.add(owner.node.name)
            if self.reader.classes.holds(owner):
                hot.add(owner.name.rpartition(".")[2])
            if self.reader.labelled(owner):
                hot.add(owner.name.rpartition(".")[2])
                for name in self.reader.names_of(owner):
                    if self.reader.classes.labels_of(owner, name):
                        hot |= {f".{name}", name} if self.reader.is_dictionary(owner) else {f".{name}"}
                        seeds |= {f".{name}", name} if self.reader.is_dictionary(owner) else {f".{name}"}
        self.reader.seeds = frozenset(seeds)
        strangers = [module for module in self.modules if module not in self.reader.near]
        self.reader.cold = frozenset(module for module in strangers if not any(seed in module.text for seed in seeds))
        for module in self.modules:
            for name, found in module.bindings.items():
                if any(isinstance(each.node, ast.Subscript) and "Personal" in words_of(each.node) for each in found):
                    hot.add(name)
        cold = [function for function in self.functions if function.module not in self.reader.cold]
        while True:
            self.reader.hot = frozenset(hot)
            warm = [function for function in cold if self.reader.relevant(function)]
            named = self._named(hot)
            if not warm and not named:
                return
            hot |= named
            cold = [function for function in cold if not self.reader.relevant(function)]
            for function in warm:
                name = function.node.name
                hot |= _kept_in_attributes(function, hot)
                hot |= {name, f".{name}"}
                if function.owner is not None:
                    self.reader.warm.add(function.owner)
                    if name in ("__init__", "__post_init__"):
                        hot.add(function.owner.node.name)

    def _near(self) -> set[Module]:
        """Find the modules that speak of this library, and those that import them, however far off."""
        near = {module for module in self.modules if "purposegate" in module.text}
        importers: dict[Module, set[Module]] = {}
        for module in self.modules:
            for imported in self.reader.project.imports(module):
                importers.setdefault(imported, set()).add(module)
        waiting = list(near)
        while waiting:
            for importer in importers.get(waiting.pop(), set()) - near:
                near.add(importer)
                waiting.append(importer)
        return near

    def _named(self, hot: set[str]) -> set[str]:
        """Find names at the top of modules that are bound to what matters."""
        found: set[str] = set()
        scopes: list[Module | Class] = [*self.reader.near, *(owner for owner in self.classes if owner.module in self.reader.near)]
        for scope in scopes:
            for name, bindings in scope.bindings.items():
                if name in hot:
                    continue
                for binding in bindings:
                    if isinstance(binding.node, (ast.expr, ast.AnnAssign)) and not hot.isdisjoint(words_of(binding.node)):
                        found |= {name, f".{name}"}
        return found

    def _walked(self) -> list[tuple[Context, Place | None]]:
        """Walk everything twice: what code assigns to attributes is known when it is walked again."""
        self._labels()
        self._heat()
        reader = self.reader
        for _ in range(2):
            reader.begin_again()
            for module in self.modules:
                if module not in reader.cold:
                    reader.walk_top(module)
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
                for name in self.reader.names_of(owner)
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

    def _unknown(self, found: _Gathered) -> Iterator[UnknownRead]:
        labels: dict[str, tuple[str, ...]] = {}
        for owner in self.classes:
            for name in self.reader.names_of(owner):
                labels[name] = tuple(
                    dict.fromkeys((*labels.get(name, ()), *(each.name for each in self.reader.classes.labels_of(owner, name))))
                )
        for (place, name), function in found.unknown.items():
            yield UnknownRead(place, function, name, labels.get(name, ()))


def _kept_in_attributes(function: Function, hot: set[str]) -> set[str]:
    """Find attributes into which a function puts what matters, as a bound gate or a partial, which is only called then."""
    found: set[str] = set()
    for statement in statements(function.node.body):
        if isinstance(statement, ast.Assign):
            attributes = [target.attr for target in statement.targets if isinstance(target, ast.Attribute)]
            if attributes and not hot.isdisjoint(words_of(statement.value)):
                found |= {f".{name}" for name in attributes}
    return found


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


class _Gathered:
    """What the walks noted, put together."""

    def __init__(self, modules: Mapping[str, Module]) -> None:
        self._modules = modules
        self.uses: list[SeenUse] = []
        self.facts: list[SeenFact] = []
        self.unknown: dict[tuple[Place, str], str] = {}
        self.touched: set[tuple[str, str]] = set()
        self.gates: dict[Judge, Place] = {}
        self._reads: dict[tuple[Place, str, tuple[Mention, ...]], tuple[str, dict[SeenWay, None]]] = {}
        self._doubts: dict[tuple[Place, str, str], str | None] = {}
        self._executions: dict[Place, None] = {}

    def take(self, context: Context, caller: Place | None) -> None:
        notes = context.notes
        for raw in notes.uses:
            self._use(raw, notes.function)
        for key, ways in notes.reads.items():
            _, seen = self._reads.setdefault(tuple(key), (notes.function, {}))
            for way in ways:
                covers = tuple(sorted((SeenCover(c.judge, c.data_category, c.purpose, c.recipient, c.place) for c in way), key=str))
                seen[SeenWay(covers, caller)] = None
        for place_and_name in notes.unknown:
            self.unknown.setdefault(place_and_name, notes.function)
        self.facts += [SeenFact(fact.name, fact.place, fact.judge) for fact in notes.facts]
        self.touched |= notes.touched
        for judge, place in notes.gates.items():
            self.gates.setdefault(judge, place)
        self._doubts.update({("cannot-verify", place, message): None for place, message in notes.doubts})  # type: ignore[misc]
        self._executions.update(notes.executions)

    def seen_reads(self) -> Iterator[SeenRead]:
        for (place, what, labels), (function, ways) in self._reads.items():
            yield SeenRead(place, function, what, labels, tuple(ways))

    def doubts(self, reader: Reader, classes: list[Class]) -> list[Finding]:
        """Give what could not be followed, and the names that could not be read."""
        matter = {use.place.path for use in self.uses} | {key[0].path for key in self._reads}
        matter |= {place.path for place in self.gates.values()}
        matter |= {owner.module.path for owner in classes if reader.labelled(owner)}
        found = [self._finding(slug, place, message, help_) for (slug, place, message), help_ in self._doubts.items()]  # type: ignore[arg-type]
        for place in self._executions:
            if place.path in matter:
                found.append(self._finding("cannot-verify", place, "what the text does that is run here cannot be told", None))
        for owner in classes:
            for node in reader.classes.unread.get(owner, ()):
                place = owner.module.place(node)
                found.append(
                    self._finding("cannot-verify", place, "the label is no literal, so that the data category cannot be told", None)
                )
        return list(dict.fromkeys(found))

    def _finding(self, slug: str, place: Place, message: str, help_: str | None) -> Finding:
        location = Location(place.path, place.line, place.column)
        lines = self._modules[place.path].lines
        shown = excerpt(lines[place.line - 1], location) if place.line <= len(lines) else None
        return Finding(slug, Severity.WARNING, message, location, shown, help_)

    def _use(self, raw: RawUse, function: str) -> None:
        """Make a use of each combination of names; tell of those that cannot be read."""
        places = dict(raw.places)
        choices: list[list[Mention | None]] = []
        unread = False
        for part, value in zip(_PARTS, (raw.data_category, raw.purpose, raw.recipient, raw.channel), strict=True):
            mentions = [] if value is None else self._mentions(part, value, places.get(part.value, raw.place))
            if value is not None and (len(mentions) < len(value) or UNKNOWN in value):
                self._unreadable(raw, part, mentions, places.get(part.value, raw.place))
            unread = unread or (value is not None and not mentions)
            choices.append(list(mentions) or [None])
        for names in list(product(*choices))[:_MOST]:
            self._seen(raw, function, names, unread=unread)

    def _seen(self, raw: RawUse, function: str, names: tuple[Mention | None, ...], *, unread: bool) -> None:
        named = {mention.part: mention.name for mention in names if mention is not None}
        self.uses.append(
            SeenUse(
                raw.how,
                raw.place,
                function,
                raw.judge,
                named.get(Part.DATA_CATEGORY),
                named.get(Part.PURPOSE),
                named.get(Part.RECIPIENT),
                named.get(Part.CHANNEL),
                raw.has_subject,
                tuple(mention for mention in names if mention is not None),
                raw.asks,
                raw.drops,
                raw.expected,
                raw.receiver_known,
                unread,
                raw.bound,
            )
        )

    def _mentions(self, part: Part, value: Value, place: Place) -> list[Mention]:
        found: dict[str, Mention] = {}
        for atom in sorted((each for each in value if isinstance(each, (Text, Stem))), key=str):
            name = name_of(atom)
            if name is not None:
                handed, origin = (atom.handed, atom.origin) if isinstance(atom, Text) else (None, None)
                found.setdefault(f"{name}{handed}", Mention(part, name, handed or place, origin))
        return list(found.values())

    def _unreadable(self, raw: RawUse, part: Part, mentions: list[Mention], place: Place) -> None:
        from purposegate.findings import listed  # noqa: PLC0415

        what = {Part.DATA_CATEGORY: "data category"}.get(part, part.value)
        names = list(dict.fromkeys(mention.name for mention in mentions))
        help_ = (
            f"it may be {listed(names, 'or')}, and something else"
            if names
            else "write it as a literal, or as a constant of the policy's names"
        )
        self._doubts.setdefault(("unreadable-use", raw.place, f"which {what} is used here cannot be told"), help_)  # type: ignore[arg-type]
