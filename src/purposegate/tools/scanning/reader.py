"""Reads a project: walks its modules and functions, each function once for every way in which it is called."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from purposegate.tools.scanning import annotations as annotating
from purposegate.tools.scanning import evaluating, flow, telling
from purposegate.tools.scanning.calling import apply
from purposegate.tools.scanning.classes import Classes
from purposegate.tools.scanning.covers import NOWHERE, UNCOVERED, Cover, Ways, any_of, joined, released, withdrawn
from purposegate.tools.scanning.frames import Frame, Notes
from purposegate.tools.scanning.gates import METHODS, Arguments, entered
from purposegate.tools.scanning.modules import (
    Binding,
    Class,
    Definition,
    Function,
    Module,
    bindings_of,
    is_stub,
    statements,
    words_of,
)
from purposegate.tools.scanning.parameters import environment, names_only, of_matter, parameters, unplaced_in
from purposegate.tools.scanning.project import OWN, Project, own_name
from purposegate.tools.scanning.reading import doubt
from purposegate.tools.scanning.sighting import Place
from purposegate.tools.scanning.values import (
    ANYTHING,
    NEVER,
    NONE,
    UNKNOWN,
    ABoundGate,
    AGate,
    Anonymous,
    Applied,
    Atom,
    Callee,
    Covering,
    Foreign,
    GateMethod,
    Getter,
    Guarded,
    InClass,
    InModule,
    Instance,
    Items,
    Labelled,
    Outside,
    Pending,
    Table,
    Value,
    Verdict,
    each_of,
    either,
    one,
)

if TYPE_CHECKING:
    from purposegate.tools.scanning.annotations import Annotation

# In so many ways a function is told apart by how it is called, then by names alone, and then, as decorators make many of one, by
# what is around it; and so deep calls are followed at once.
_WAYS_OF_CALLING: Final = 250
_WAYS_BY_NAMES: Final = 300
_WAYS_OF_MAKING: Final = 3_000
_ALIKE: Final = 24
_DEEPEST_LAMBDA: Final = 8
_DEEPEST: Final = 12
_NESTED: Final = 3
# Decorators by which frameworks learn of a function, to call it when they please.
_ENTRIES: Final = frozenset(
    {
        *("command", "task", "shared_task", "periodic_task", "route", "get", "post", "put", "patch", "delete", "websocket"),
        *("receiver", "on", "on_event", "event", "listens_for", "subscribe", "subscriber", "handler", "errorhandler"),
        *("exception_handler", "middleware", "before_request", "after_request", "callback", "job", "scheduled_job", "cron"),
        "api_view",
    }
)
_STATIC: Final = frozenset({"builtins.staticmethod"})
_OF_CLASS: Final = frozenset({"builtins.classmethod"})
_PROPERTIES: Final = frozenset({"builtins.property", "functools.cached_property", "pydantic.computed_field"})
_MANAGERS: Final = frozenset({"contextlib.contextmanager", "contextlib.asynccontextmanager"})
_MAKING: Final = frozenset({"__init__", "__post_init__", "__attrs_post_init__", "__new__", "model_post_init", "__init_subclass__"})


class Outcome(NamedTuple):
    """What comes of a call: what it gives back or yields, and on which ways it ends or yields."""

    returned: Value
    ended: Ways
    yielded: Value | None = None
    yielding: Ways = NOWHERE
    swallows: bool = False


@dataclass(eq=False, slots=True)
class Context:
    """One way in which a function is called, with what was noted in it; `calls` are those made from it, and where."""

    function: Function | None
    notes: Notes
    outcome: Outcome
    calls: dict[tuple[Context, Place], None] = field(default_factory=dict)


class Entry(NamedTuple):
    """What the decorators of a function say: its covers, and what kind of function it is."""

    coverings: tuple[Covering, ...] = ()
    names: frozenset[str] = frozenset()
    result: Value = NEVER


class Reader:
    """Walks a project. Everything that can be known of a name, an expression or a call is asked here."""

    def __init__(self, modules: Iterable[Module]) -> None:
        self.project = Project(modules, self._bound)
        self.classes = Classes(self)
        self.contexts: dict[object, Context] = {}
        self.tops: list[Context] = []
        self.defined: dict[Function, Callee] = {}
        self.own: dict[Function, Context] = {}
        self.hot: frozenset[str] = frozenset()
        # What makes a function matter in modules that have nothing to do with this library, and which have.
        self.seeds: frozenset[str] = frozenset()
        # Modules in which nothing can matter, by their text.
        self.cold: frozenset[Module] = frozenset()
        self.annotations: dict[ast.expr, Annotation] = {}
        self.near: frozenset[Module] = frozenset()
        # Classes some of whose methods matter, so that it matters how their objects are made.
        self.warm: set[Class] = set()
        self.labelled_names: frozenset[str] = frozenset()
        self.labelled_keys: frozenset[str] = frozenset()
        # Lambdas that are being walked.
        self.within: set[ast.Lambda] = set()
        self._entries: dict[Function, Entry] = {}
        self._class_values: dict[ast.expr, Value] = {}
        self._lambdas: dict[ast.Lambda, tuple[Anonymous, Frame]] = {}
        self._called: set[ast.Lambda] = set()
        self._depth = 0
        self._counts: dict[Function, int] = {}
        self._alike: dict[object, list[Context]] = {}
        self._routers: dict[Place | None, tuple[Cover, ...]] = {}
        self._current: list[Context] = []
        self._waiting: list[tuple[Context, Callee, dict[str, Value], Ways, bool]] = []

    # What is asked while an expression is evaluated.

    def evaluate(self, node: ast.expr, frame: Frame) -> Value:
        """Give what an expression may come to."""
        return evaluating.evaluate(self, node, frame)

    def still(self, module: Module) -> Frame:
        """Give the point at the top of a module, with nothing noted."""
        return Frame(module)

    def annotation(self, node: ast.expr | None, frame: Frame) -> Annotation:
        """Read an annotation."""
        return annotating.read(self, node, frame)

    def bind(self, target: ast.expr, value: Value, frame: Frame) -> None:
        """Put a value into a target."""
        flow.assign(self, target, value, frame)

    def each(self, value: Value) -> Value:
        """Give what one walks over in a value; in an enumeration, its members."""
        members = [self.classes.members_of_enumeration(atom.owner) for atom in value if isinstance(atom, InClass)]
        for atom in value:
            for owner, binding in self.classes.members(atom.owner, "__iter__")[:1] if isinstance(atom, Instance) else ():
                if isinstance(binding.node, ast.FunctionDef):
                    members.append(each_of(self._by_annotation(self.project.function_of(binding.node, owner.module, owner=owner))))
        return either([*members, *([each_of(value)] if len(members) < len(value) else [])])

    def rather(self, found: Value, annotated: Value) -> Value:
        """Prefer what was found to what an annotation says, as far as it is known."""
        if not found or found == ANYTHING or (annotated != ANYTHING and all(map(_is_hollow, found))):
            return annotated
        return (found - ANYTHING) | annotated if UNKNOWN in found else found

    def entered(self, value: Value) -> Value:
        """Give what `with … as name` binds."""
        return frozenset(atom for atom in value if not isinstance(atom, Covering)) or ANYTHING

    def swallows(self, value: Value) -> bool:
        """Tell whether something that is entered may keep an exception from those around it."""
        return any(
            (isinstance(atom, Covering) and atom.swallows)
            or (isinstance(atom, Callee) and may_be_true(atom.function.node))
            or (isinstance(atom, Instance) and self._exits_in_silence(atom.owner))
            for atom in value
        )

    def apply(self, frame: Frame, node: ast.expr, callee: Value, arguments: Arguments) -> Value:
        """Call whatever a value may be."""
        return apply(self, frame, node, callee, arguments)

    def call(self, frame: Frame, node: ast.expr, callee: Value, *given: Value) -> Value:
        """Call something with values that stand at one place."""
        return apply(self, frame, node, callee, Arguments([(value, node) for value in given]))

    def begun(self, value: Value, frame: Frame, node: ast.expr) -> Value:
        """Enter what is entered; give what that gives."""
        found: list[Value] = []
        for atom in value:
            own = (
                self.classes.members(atom.owner, "__enter__") + self.classes.members(atom.owner, "__aenter__")
                if isinstance(atom, Instance)
                else []
            )
            frame.awaits = True
            found.append(apply(self, frame, node, self.bound(own[0], atom, frame, node), Arguments()) if own else one(atom))  # type: ignore[arg-type]  # only an object has members
        frame.awaits = False
        return either(found) if found else value

    def _exits_in_silence(self, owner: Class) -> bool:
        found = [*self.classes.members(owner, "__exit__")[:1], *self.classes.members(owner, "__aexit__")[:1]]
        return any(may_be_true(binding.node) for _, binding in found)

    def assigned(self, owner: Class, name: str) -> Value:
        """Give what code puts into an attribute of the objects of a class."""
        return either(
            each.assigned[name] for each in self.project.line_of(owner) if isinstance(each, Class) and name in each.assigned
        )

    def instances(self, value: Value) -> Value:
        """Give the objects of classes."""
        return either(self.classes.object_of(atom.owner) for atom in value if isinstance(atom, InClass))

    def positional(self, value: Value, count: int) -> list[str]:
        """Give the fields that positional patterns take apart."""
        return next((list(self.classes.names_of(atom.owner)[:count]) for atom in value if isinstance(atom, Instance)), [""] * count)

    def class_of(self, value: Value) -> Value:
        """Give the classes of objects."""
        found = {Outside(f"{OWN}Gate") if isinstance(atom, (AGate, ABoundGate)) else UNKNOWN for atom in value}
        return (
            frozenset(found - {UNKNOWN}) | frozenset(InClass(atom.owner) for atom in value if isinstance(atom, Instance))
            or ANYTHING
        )

    def walk(self, body: list[ast.stmt], frame: Frame) -> None:
        """Walk statements where they stand."""
        flow.walk(self, body, frame)

    def keep_lambda(self, made: Anonymous, frame: Frame) -> None:
        """Remember a lambda, to walk it as one calls it of whom nothing is known where nobody is seen to call it."""
        self._lambdas.setdefault(made.node, (made, frame))

    def enters_lambda(self, made: Anonymous, frame: Frame) -> bool:
        """Tell whether a lambda is to be walked: lambdas that make lambdas come to an end."""
        self._called.add(made.node)
        if self._depth >= _DEEPEST_LAMBDA:
            doubt(frame, made.node, "what this lambda does is nested too deeply to be followed")
            return False
        self._depth += 1
        return True

    def leaves_lambda(self) -> None:
        """Have the walk of a lambda ended."""
        self._depth -= 1

    def above(self, frame: Frame) -> Value:
        """Give what `super()` is in a method."""
        owner = frame.owner
        bases = self.project.bases(owner) if owner else ()
        return (
            either(one(Instance(base, above=True)) if isinstance(base, Class) else one(Foreign(base)) for base in bases) or ANYTHING
        )

    def included(self, router: Foreign) -> tuple[Cover, ...]:
        """Give what covers the apps that include a router."""
        return self._routers.get(router.made, ())

    def include(self, router: Foreign, covers: tuple[Cover, ...]) -> None:
        """Have a router run under what covers the app that includes it."""
        if router.made is not None and covers:
            self._routers[router.made] = tuple(dict.fromkeys((*self._routers.get(router.made, ()), *covers)))

    def imported(self, node: ast.stmt, module: Module) -> Iterator[tuple[str, Value]]:
        """Yield what an import in a function binds."""
        for name, found in bindings_of([node]).items():
            yield name, self._bound(found[0], module)

    def binding_of(self, node: ast.expr, module: Module, frame: Frame, depth: int = 0) -> tuple[Binding, Module] | None:
        """Give what binds a name or an attribute of a module, through imports; None unless it is one thing."""
        if depth > _DEEPEST:
            return None
        there, name = module, node.id if isinstance(node, ast.Name) else ""
        if isinstance(node, ast.Attribute):
            base = frame if module is frame.module else self.still(module)
            inside = [atom.module for atom in self.evaluate(node.value, base.quiet()) if isinstance(atom, InModule)]
            if len(inside) != 1:
                return None
            there, name = inside[0], node.attr
        bindings = there.bindings.get(name, ())
        if len(bindings) != 1:
            return None
        if bindings[0].kind != "from":
            return bindings[0], there
        origin: ast.ImportFrom = bindings[0].node  # type: ignore[assignment]  # by its kind
        for atom in self.project.imported(there, origin.module or "", origin.level):
            if isinstance(atom, InModule):
                return self.binding_of(ast.Name(origin.names[0].name), atom.module, frame, depth + 1)
        return None

    def assign_attribute(self, holder: Value, name: str, value: Value) -> None:
        """Remember what code puts into an attribute."""
        for atom in holder:
            place = (
                atom.owner.assigned
                if isinstance(atom, (Instance, InClass))
                else atom.module.assigned
                if isinstance(atom, InModule)
                else None
            )
            if place is not None:
                place[name] = either([place.get(name, NEVER), value])

    def assign_global(self, module: Module, name: str, value: Value) -> None:
        """Remember what a function puts into a global name."""
        module.assigned[name] = either([module.assigned.get(name, NEVER), value])

    # Definitions.

    def define(self, node: Definition, frame: Frame) -> Value:
        """Take up a function where it is defined; give what its name means with its decorators."""
        outer = frame.function if frame.owner is None or frame.function else None
        owner = frame.owner if frame.function is None else None
        function = self.project.function_of(node, frame.module, owner=owner, outer=outer)
        closure: tuple[tuple[str, Value], ...] = ()
        if frame.function is not None:
            words = self.words(function)
            around = {**frame.closure, **frame.env}
            closure = tuple(sorted(((name, value) for name, value in around.items() if name in words), key=lambda pair: pair[0]))
        callee = Callee(function, None, closure)
        if frame.notes is not None:
            for parameter in parameters(node):
                if parameter.annotation is not None:
                    telling.note_labels(self.annotation(parameter.annotation, frame), frame)
            for default in (*node.args.defaults, *(each for each in node.args.kw_defaults if each is not None)):
                self.evaluate(default, frame)
        entry = self._decorated(node, callee, frame)
        self._entries[function] = entry
        if self.relevant(function):
            self.defined[function] = callee
        return entry.result or one(callee)

    def define_class(self, node: ast.ClassDef, frame: Frame) -> Value:
        """Walk the body of a class where it is defined."""
        owner = self.project.class_of(node, frame.module, self._class_name(node, frame))
        inside = Frame(
            frame.module, None, owner, {}, {**frame.closure, **frame.env} if frame.function else frame.closure, frame.notes
        )
        coverings: list[Covering] = []
        for given in (*node.bases, *(keyword.value for keyword in node.keywords)):
            self.evaluate(given, frame)
        for decorator in node.decorator_list:
            coverings += [atom for atom in self.evaluate(decorator, frame) if isinstance(atom, Covering)]
        self.classes.coverings[owner] = tuple(coverings)
        if (
            own_name(owner.dotted) is None
            and telling.is_gate(self.classes.object_of(owner))
            and not self.classes.is_protocol(owner)
        ):
            for name in METHODS & owner.bindings.keys():
                message = f"`{name}` of a gate is replaced here, so that nothing holds what it would have refused"
                doubt(frame, owner.bindings[name][0].node, message)  # type: ignore[arg-type]  # what binds it stands there
        frame.emit([raw for covering in coverings for raw in covering.uses if raw.purpose is None])
        flow.walk(self, node.body, inside)
        return one(InClass(owner))

    def _class_name(self, node: ast.ClassDef, frame: Frame) -> str:
        around = frame.owner.name if frame.owner else frame.function.name if frame.function else ""
        return f"{around}.{node.name}" if around else node.name

    def _decorated(self, node: Definition, callee: Callee, frame: Frame) -> Entry:
        coverings: list[Covering] = []
        names: set[str] = set()
        value: Value = one(callee)
        registered = False
        for decorator in reversed(node.decorator_list):
            for atom in self.evaluate(decorator, frame):
                if isinstance(atom, Covering) and atom.guards and registered:
                    continue  # the framework calls what stands below the guard
                if isinstance(atom, Covering):
                    coverings.append(atom)
                elif isinstance(atom, Instance) and self.swallows(one(atom)):
                    coverings.append(Covering(swallows=True))
                elif isinstance(atom, Outside):
                    names.add(atom.dotted)
                elif isinstance(atom, (Callee,)):
                    made = apply(self, frame, decorator, one(atom), Arguments([(value, decorator)]))
                    value = made if made and UNKNOWN not in made else value | (made - ANYTHING)
            registered = registered or _last(decorator) in _ENTRIES
        return Entry(tuple(coverings), frozenset(names), value)

    def is_manager(self, function: Function) -> bool:
        """Tell whether a generator is run as a `with` block."""
        return bool(self.entry(function).names & _MANAGERS)

    def is_entered(self, function: Function) -> bool:
        """Tell whether somebody unseen calls a function too: a decorator hands it to a framework, or it is called by its name."""
        handed = any(name.rpartition(".")[2] in _ENTRIES for name in self.entry(function).names)
        return handed or any(_last(each) in _ENTRIES for each in function.node.decorator_list)

    def entry(self, function: Function) -> Entry:
        """Give what the decorators of a function say."""
        if function not in self._entries:
            frame = Frame(function.module, None, function.owner)
            self._entries[function] = Entry()
            self.define(function.node, frame)
        return self._entries[function]

    def bound(self, member: tuple[Class, Binding], atom: Instance | InClass, frame: Frame, node: ast.expr) -> Value:
        """Give a member of a class as an attribute of an object of it, or of itself."""
        owner, binding = member
        if isinstance(binding.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            function = self.project.function_of(binding.node, owner.module, owner=owner)
            entry = self.entry(function)
            value = entry.result or one(Callee(function))
            if entry.names & _STATIC:
                return value
            holder = one(Instance(atom.owner) if isinstance(atom, Instance) else atom)
            if not entry.names & _OF_CLASS and isinstance(atom, InClass):
                return value
            if entry.names & _OF_CLASS:
                holder = one(InClass(atom.owner))
            value = frozenset(each._replace(bound=holder) if isinstance(each, Callee) else each for each in value)
            if entry.names & _PROPERTIES and isinstance(atom, Instance):
                return apply(self, frame, node, value, Arguments())
            return value
        inside = Frame(owner.module, None, owner)
        given = binding.node.value if isinstance(binding.node, ast.AnnAssign) else binding.node
        if isinstance(binding.node, ast.ClassDef):
            return one(InClass(self.project.class_of(binding.node, owner.module, f"{owner.name}.{binding.node.name}")))
        return self._of_class(given, inside) if isinstance(given, ast.expr) else ANYTHING

    def _of_class(self, given: ast.expr, inside: Frame) -> Value:
        """Give what a class binds a name to, worked out once."""
        if given not in self._class_values:
            self._class_values[given] = ANYTHING  # for whoever asks while it is worked out
            self._class_values[given] = self.evaluate(given, inside)
        return self._class_values[given]

    def construct(self, made: Instance, arguments: Arguments, frame: Frame, node: ast.Call) -> None:
        """Make an object: its fields take the arguments, or its `__init__` is called."""
        own = self.classes.members(made.owner, "__init__")
        if own:
            apply(self, frame, node, self.bound(own[0], made, frame, node), arguments)
            return
        for name, (value, _) in arguments.by_name(*self.classes.names_of(made.owner)).items():
            kept = frozenset(atom for atom in value if isinstance(atom, (AGate, ABoundGate, Callee, Instance)))
            if kept and not self.classes.labels_of(made.owner, name):
                made.owner.assigned[name] = either([made.owner.assigned.get(name, NEVER), kept])
        for member in self.classes.members(made.owner, "__post_init__")[:1]:
            apply(self, frame, node, self.bound(member, made, frame, node), Arguments())

    # Calls.

    def words(self, function: Function) -> frozenset[str]:
        """Give the words of a function."""
        if function.words is None:
            function.words = words_of(function.node)
        return function.words

    def relevant(self, function: Function) -> bool:
        """Tell whether a function may matter: whether it has any of the words that do."""
        if function.module in self.cold:
            return False
        hot = self.hot if function.module in self.near else self.seeds
        return not hot.isdisjoint(self.words(function)) or (function.owner in self.warm and function.node.name in _MAKING)

    def run(self, callee: Callee, arguments: Arguments, frame: Frame, node: ast.expr) -> Value:
        """Call a function of the project: walk it as it is called here, and go on with what comes of that."""
        function = callee.function
        awaited, frame.awaits = frame.awaits, False
        matters = self.relevant(function) or _only_returns(function) or self._is_handed_what_matters(callee, arguments)
        if not matters and (function.module not in self.near or not self.entry(function).names & _MANAGERS):
            frame.ways = NOWHERE if self._never_returns(function) else frame.ways
            return self._by_annotation(function)
        context = self._context(callee, arguments, frame)
        if self._current and frame.notes is not None and context.function is not None:
            self._current[-1].calls[context, frame.module.place(node)] = None
        outcome = context.outcome
        if outcome.yielded is not None:
            if self.entry(function).names & _MANAGERS:
                before = frozenset.intersection(*frame.ways) if frame.ways else frozenset[Cover]()
                more = frozenset.intersection(*outcome.yielding) - before if outcome.yielding else frozenset[Cover]()
                return one(Covering(tuple(sorted(more, key=str)), swallows=outcome.swallows)) | outcome.yielded
            return one(Items(outcome.yielded))
        if isinstance(function.node, ast.AsyncFunctionDef) and not awaited:
            before = frozenset.intersection(*frame.ways) if frame.ways else frozenset[Cover]()
            more = frozenset.intersection(*outcome.ended) - before if outcome.ended else frozenset[Cover]()
            return outcome.returned | one(Pending(tuple(sorted(more, key=str))))
        frame.ways = outcome.ended
        return outcome.returned

    def _is_handed_what_matters(self, callee: Callee, arguments: Arguments) -> bool:
        """Tell whether a function that says nothing itself is handed something that it could use, show or call."""
        given = (value for value, _ in (*arguments.positional, *arguments.keywords.values()))
        around = (value for _, value in callee.closure)
        return any(self.matters(value) for value in (*given, *around, callee.bound or NEVER))

    def matters(self, value: Value, depth: int = 0) -> bool:
        """Tell whether labelled data, a gate or code that concerns them may be in a value."""
        return depth <= _NESTED and any(self._matters(atom, depth + 1) for atom in value)

    def _matters(self, atom: Atom, depth: int) -> bool:  # noqa: PLR0911 - a line a kind
        match atom:
            case Instance():
                return self.classes.holds(atom.owner)
            case Callee():
                return self.relevant(atom.function)
            case Items():
                return self.matters(atom.each if atom.exact is None else either(atom.exact), depth)
            case Table():
                return self.matters(either([atom.rest, *(each for _, each in atom.entries)]), depth)
            case Anonymous():
                return not self.hot.isdisjoint(words_of(atom.node))
            case Applied():
                return self.matters(atom.callee, depth)
        return isinstance(atom, (GateMethod, Guarded, Getter))

    def walk_own(self, callee: Callee) -> Context:
        """Walk a function as one calls it of whom nothing is known."""
        function = callee.function
        if function.owner is not None and not self.entry(function).names & _STATIC:
            owner: Value = (
                one(InClass(function.owner)) if self.entry(function).names & _OF_CLASS else self.classes.object_of(function.owner)
            )
            callee = callee._replace(bound=owner)
        frame = Frame(function.module)
        return self._context(callee, Arguments(), frame, own=True)

    def walk_top(self, module: Module) -> Context:
        """Walk the top of a module."""
        notes = Notes(module.name)
        context = Context(None, notes, Outcome(ANYTHING, UNCOVERED))
        self._current.append(context)
        frame = Frame(module, notes=notes)
        try:
            flow.walk(self, module.tree.body, frame)
        except RecursionError:
            doubt(frame, module.tree.body[0], "this module is nested too deeply to be followed")
        finally:
            self._current.pop()
        self.tops.append(context)
        return context

    def _context(self, callee: Callee, arguments: Arguments, frame: Frame, *, own: bool = False) -> Context:
        function = callee.function
        env = environment(self, callee, arguments, frame, own=own)
        told = tuple((name, of_matter(value)) for name, value in env.items())
        key: object = (function, told, callee.closure, frame.ways, frame.expected)
        if key not in self.contexts and not own:
            alike = (function, unplaced_in(told), unplaced_in(callee.closure), frame.ways, frame.expected)
            same = self._alike.setdefault(alike, [])
            if len(same) >= _ALIKE:  # calls that differ only in where they stand
                return same[0]
            same_as = same
        else:
            same_as = []
        if key not in self.contexts and not own and self._counts.get(function, 0) >= _WAYS_OF_CALLING:
            env, key = self._of_too_many(callee, arguments, frame, env)
        context = self.contexts.get(key)
        if context is None:
            self._counts[function] = self._counts.get(function, 0) + 1
            default = Outcome(self._by_annotation(function), frame.ways)
            context = Context(function, Notes(function.dotted), default)
            self.contexts[key] = context
            same_as.append(context)
            if len(self._current) <= _DEEPEST:
                self._walk(context, callee, env, frame)
            else:
                self._waiting.append((context, callee, env, frame.ways, frame.expected))
        if own:
            self.own[function] = context
        return context

    def _of_too_many(
        self, callee: Callee, arguments: Arguments, frame: Frame, env: dict[str, Value]
    ) -> tuple[dict[str, Value], object]:
        """Tell calls of a function apart by less, the more ways of calling it there are; what is left out then is anything."""
        count = self._counts[callee.function]
        if count < _WAYS_BY_NAMES:
            env = {name: names_only(value) for name, value in env.items()}
            told = unplaced_in(tuple(env.items()))
        else:
            env, told = environment(self, callee, Arguments(), frame, own=True), ()
        closure = unplaced_in(callee.closure)
        if closure and count >= _WAYS_OF_MAKING:
            where = arguments.positional[0][1] if arguments.positional else callee.function.node
            doubt(frame, where, f"`{callee.function.name}` is made in too many ways for all of them to be followed")
            closure = ()
        return env, (callee.function, told, closure, frame.ways, frame.expected)

    def begin_again(self) -> None:
        """Forget all walks, and keep what code was seen to assign."""
        self.project.begin_again()
        self._class_values.clear()
        self.contexts.clear()
        self.tops.clear()
        self.defined.clear()
        self.own.clear()
        self._entries.clear()
        self._lambdas.clear()
        self._called.clear()
        self._counts.clear()
        self._alike.clear()

    def finish(self) -> None:
        """Walk what was too deep in calls to be walked at once, and the lambdas that nobody was seen to call."""
        self._finish_calls()
        while uncalled := [node for node in self._lambdas if node not in self._called]:
            for node in uncalled:
                self._walk_lambda(*self._lambdas[node])
            self._finish_calls()

    def _walk_lambda(self, made: Anonymous, there: Frame) -> None:
        name = there.function.dotted if there.function else there.module.name
        context = Context(None, Notes(name), Outcome(ANYTHING, UNCOVERED))
        frame = Frame(there.module, there.function, there.owner, {}, dict(made.closure), context.notes)
        self._current.append(context)
        try:
            apply(self, frame, made.node, one(made), Arguments())
        except RecursionError:
            doubt(frame, made.node, "this lambda is nested too deeply to be followed")
        finally:
            self._current.pop()
        self.tops.append(context)

    def _finish_calls(self) -> None:
        while self._waiting:
            context, callee, env, ways, expected = self._waiting.pop()
            frame = Frame(callee.function.module, ways=ways, expected=expected)
            self._walk(context, callee, env, frame)

    def _walk(self, context: Context, callee: Callee, env: dict[str, Value], frame: Frame) -> None:
        function = callee.function
        inside = Frame(
            function.module,
            function,
            function.owner,
            env,
            dict(callee.closure),
            context.notes,
            frame.ways,
            expected=frame.expected,
        )
        self._current.append(context)
        try:
            self._enter(function, inside)
            flow.walk(self, function.node.body, inside)
        except RecursionError:
            doubt(inside, function.node, f"`{function.name}` is nested too deeply to be followed")
        finally:
            self._current.pop()
        if inside.ways:
            inside.returned.append(NONE)
            inside.ended.append(inside.ways)
        ambient = [cover for covering in self._coverings(function) for cover in covering.covers if cover.data_category is None]
        ended = NOWHERE if self._never_returns(function) else withdrawn(any_of(inside.ended), ambient)
        if any(covering.swallows for covering in self._coverings(function)):
            ended = joined(ended, frame.ways)
        returned = either(inside.returned) if inside.returned else NEVER
        if UNKNOWN in returned or not returned or returned == NONE:
            returned = self.rather(frozenset() if returned == NONE else returned, self._by_annotation(function)) | (returned & NONE)
        returned = self._answer(inside, frame.ways) or returned
        yielded = either(inside.yielded) if inside.yielded else None
        context.outcome = Outcome(returned, ended, yielded, any_of(inside.yielding), inside.yields_in_silence)

    def _answer(self, inside: Frame, entered_by: Ways) -> Value:
        """Give a verdict for a function that only answers yes or no: what it has released wherever it says yes."""
        answers = [*inside.answers, *([(False, inside.ways)] if inside.ways else [])]
        yes = any_of(ways for answer, ways in answers if answer)
        if not yes or not any(answer is False for answer, _ in answers) or any(answer is None for answer, _ in answers):
            return NEVER
        before = frozenset.intersection(*entered_by) if entered_by else frozenset[Cover]()
        more = frozenset.intersection(*yes) - before
        return one(Verdict(tuple(sorted(more, key=str)))) if more else NEVER

    def _never_returns(self, function: Function) -> bool:
        """Tell whether a function says that it does not come back."""
        node = function.node.returns
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if name in ("NoReturn", "Never"):
            return True
        ends = isinstance(function.node.body[-1], ast.Raise) and isinstance(function.node, ast.FunctionDef)
        return (
            ends
            and not any(isinstance(each, ast.Return) for each in statements(function.node.body))
            and (function.owner is None or not is_stub(function.node))
        )

    def _coverings(self, function: Function) -> tuple[Covering, ...]:
        of_class: list[Covering] = []
        if function.owner is not None and not function.node.name.startswith("_"):
            for each in self.project.line_of(function.owner):
                of_class += self.classes.coverings.get(each, ()) if isinstance(each, Class) else ()
        return (*of_class, *self.entry(function).coverings)

    def _enter(self, function: Function, frame: Frame) -> None:
        """Put a function under what its decorators and its parameters say."""
        for covering in self._coverings(function):
            frame.emit(entered(covering.uses, frame))
            frame.ways = released(frame.ways, covering.covers)
            frame.route = frame.route or covering.route
        for value in frame.env.values():
            for atom in value:
                if isinstance(atom, Covering):  # a dependency among the parameters
                    frame.ways = released(frame.ways, atom.covers)

    def _by_annotation(self, function: Function) -> Value:
        return self.annotation(function.node.returns, Frame(function.module, None, function.owner)).value

    # Names at the top of a module.

    def _bound(self, binding: Binding, module: Module) -> Value:  # noqa: C901, PLR0911 - a line a kind
        node, frame = binding.node, self.still(module)
        match binding.kind:
            case "definition":
                if isinstance(node, ast.ClassDef):
                    return one(InClass(self.project.class_of(node, module)))
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    function = self.project.function_of(node, module)
                    return self.entry(function).result or one(Callee(function))
            case "import" | "root" if isinstance(node, ast.alias):
                dotted = node.name if binding.kind == "import" else node.name.partition(".")[0]
                return self.project.imported(module, dotted, 0)
            case "from" if isinstance(node, ast.ImportFrom):
                return self._imported(module, node)
            case "annotated" if isinstance(node, ast.AnnAssign):
                annotation = self.annotation(node.annotation, frame)
                given = self.evaluate(node.value, frame) if node.value is not None else NEVER
                value = self.rather(given, annotation.value)
                if isinstance(node.target, ast.Name) and annotation.labels and not annotation.sealed:
                    return value | one(Labelled(annotation.labels, node.target.id))
                return value
            case "each" if isinstance(node, (ast.For, ast.AsyncFor)):
                return self.each(self.evaluate(node.iter, frame))
            case "entered" if isinstance(node, ast.expr):
                return self.entered(self.evaluate(node, frame))
            case "value" if isinstance(node, ast.expr):
                return self.evaluate(node, frame)
        return ANYTHING

    def _imported(self, module: Module, node: ast.ImportFrom) -> Value:
        name = node.names[0].name
        found: list[Value] = []
        for atom in self.project.imported(module, node.module or "", node.level):
            if isinstance(atom, InModule):
                found.append(self.project.member(atom.module, name) if atom.module is not module else ANYTHING)
            elif isinstance(atom, Outside):
                found.append(one(Outside(f"{atom.dotted}.{name}")))
            elif node.level and not node.module:
                beside = self.project.find(module, (name,), near=module)
                found.append(one(InModule(beside)) if beside else ANYTHING)
        return either(found) if found else ANYTHING


def _only_returns(function: Function) -> bool:
    """Tell whether a function does nothing but give something back, which is soon looked at."""
    body = function.node.body
    first = body[0] if body else None
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return len(body) == 1 + documented and isinstance(body[-1], ast.Return)


def _last(node: ast.expr) -> str:
    func = node.func if isinstance(node, ast.Call) else node
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def may_be_true(node: ast.AST) -> bool:
    """Tell whether a function may give back something that is true, as an `__exit__` does that swallows exceptions."""
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    if isinstance(node.returns, ast.Constant) and node.returns.value is None:
        return False
    returned = [statement.value for statement in statements(node.body) if isinstance(statement, ast.Return)]
    return any(value is not None and not (isinstance(value, ast.Constant) and not value.value) for value in returned)


def _is_hollow(atom: Atom) -> bool:
    """Tell whether something is a container of which it is not known what it will hold."""
    if isinstance(atom, Items):
        return not atom.exact and atom.each == ANYTHING
    return isinstance(atom, Table) and not atom.entries and (not atom.rest or atom.rest == ANYTHING)
