"""Walks the statements of a function: which of them can be come to, in which branch, under which covers."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from purposegate.tools.scanning import gates, reading, telling
from purposegate.tools.scanning.covers import NOWHERE, Cover, released, withdrawn
from purposegate.tools.scanning.evaluating import condition, evaluate
from purposegate.tools.scanning.frames import Frame, Point
from purposegate.tools.scanning.gates import METHODS
from purposegate.tools.scanning.modules import statements
from purposegate.tools.scanning.project import own_name
from purposegate.tools.scanning.values import (
    ANYTHING,
    NONE,
    UNKNOWN,
    Callee,
    Covering,
    Instance,
    Items,
    Labelled,
    Outside,
    Table,
    Value,
    either,
    one,
)

if TYPE_CHECKING:
    from purposegate.tools.scanning.reader import Reader

# A loop over so many literals is walked item by item.
_UNROLLED: Final = 12
_ENDING: Final = frozenset({"sys.exit", "os._exit", "builtins.exit", "builtins.quit", "pytest.fail", "pytest.skip", "os.abort"})
_LAZY: Final = frozenset({"builtins.map", "builtins.filter", "itertools.starmap"})
_SWALLOWING: Final = frozenset({"contextlib.suppress", "pytest.raises", "unittest.TestCase.assertRaises"})


def walk(reader: Reader, body: Iterable[ast.stmt], frame: Frame) -> None:
    """Walk statements, until one that nothing can come behind."""
    for statement in body:
        if not frame.ways:
            return
        step = _BY_KIND.get(type(statement))
        if step is not None:
            step(reader, statement, frame)


def _expression(reader: Reader, node: ast.stmt, frame: Frame) -> None:
    value: ast.expr = node.value  # type: ignore[attr-defined]  # by its kind
    evaluate(reader, value, frame)
    if isinstance(value, ast.Call) and telling.never_returns(reader, value.func, frame, _ENDING):
        frame.ways = NOWHERE


def _assignment(reader: Reader, node: ast.stmt, frame: Frame) -> None:
    value = evaluate(reader, node.value, frame)  # type: ignore[attr-defined]  # by its kind
    for target in node.targets:  # type: ignore[attr-defined]  # as above
        assign(reader, target, value, frame)


def _annotated(reader: Reader, node: ast.stmt, frame: Frame) -> None:
    target: ast.expr = node.target  # type: ignore[attr-defined]  # by its kind
    annotation = reader.annotation(node.annotation, frame)  # type: ignore[attr-defined]  # as above
    telling.note_labels(annotation, frame)
    given = evaluate(reader, node.value, frame) if node.value is not None else None  # type: ignore[attr-defined]  # as above
    value = annotation.value if given is None else reader.rather(given, annotation.value)
    if annotation.labels and not annotation.sealed and isinstance(target, ast.Name) and frame.owner is None:
        value = value | one(Labelled(annotation.labels, target.id))
    assign(reader, target, value, frame)


def _augmented(reader: Reader, node: ast.stmt, frame: Frame) -> None:
    evaluate(reader, node.value, frame)  # type: ignore[attr-defined]  # by its kind
    target: ast.expr = node.target  # type: ignore[attr-defined]  # as above
    if isinstance(target, ast.Name):
        frame.env[target.id] = ANYTHING
    else:
        loaded: ast.expr = target
        if isinstance(target, ast.Attribute):
            loaded = ast.copy_location(ast.Attribute(target.value, target.attr, ast.Load()), target)
        evaluate(reader, loaded, frame)


def assign(reader: Reader, target: ast.expr, value: Value, frame: Frame) -> None:  # noqa: C901 - a line a kind
    """Put a value into a target: a variable, an attribute, or several at once."""
    match target:
        case ast.Name():
            if target.id in frame.globals:
                reader.assign_global(frame.module, target.id, value)
            else:
                frame.env[target.id] = value
        case ast.Attribute():
            holder = evaluate(reader, target.value, frame)
            if target.attr in METHODS and telling.is_gate(holder):
                message = f"`{target.attr}` of a gate is replaced here, so that nothing holds what it would have refused"
                reading.doubt(frame, target, message)
            reader.assign_attribute(holder, target.attr, value)
        case ast.Starred():
            assign(reader, target.value, one(Items(reader.each(value))), frame)
        case ast.Tuple() | ast.List():
            exact = [atom.exact for atom in value if isinstance(atom, Items) and atom.exact is not None]
            alike = len(exact) == len(value) > 0 and len({len(items) for items in exact}) == 1
            whole = tuple(either(items) for items in zip(*exact, strict=True)) if alike else None
            fits = whole is not None and len(whole) == len(target.elts)
            if whole is None:
                whole = _taken_apart(reader, target, value, frame)
                fits = whole is not None
            for index, each in enumerate(target.elts):
                assign(reader, each, whole[index] if whole is not None and fits else reader.each(value), frame)
        case ast.Subscript():
            evaluate(reader, target.value, frame)
            evaluate(reader, target.slice, frame)
            held = one(Table((), value))
            if isinstance(target.value, ast.Name) and target.value.id in frame.env:
                frame.env[target.value.id] = frame.env[target.value.id] | held
            elif isinstance(target.value, ast.Attribute):
                reader.assign_attribute(evaluate(reader, target.value.value, frame.quiet()), target.value.attr, held)


def _taken_apart(reader: Reader, target: ast.expr, value: Value, frame: Frame) -> tuple[Value, ...] | None:
    """Read the fields of a named tuple that is taken apart."""
    for atom in value:
        if isinstance(atom, Instance) and reader.project.derives(atom.owner, "typing.NamedTuple"):
            names = reader.classes.names_of(atom.owner)
            found = tuple(reading.attribute(reader, frame, target, one(atom), name) for name in names)
            elements = target.elts if isinstance(target, (ast.Tuple, ast.List)) else []
            return found if len(elements) == len(found) else None
    return None


def _returned(reader: Reader, node: ast.stmt, frame: Frame) -> None:
    given: ast.expr | None = node.value  # type: ignore[attr-defined]  # by its kind
    value = _given_back(reader, given, frame) if given is not None else NONE
    answer = isinstance(given, ast.Constant) and isinstance(given.value, (bool, type(None)))
    frame.answers.append((bool(given.value) if answer and isinstance(given, ast.Constant) else None, frame.ways))
    if frame.route and given is not None and frame.function is not None:
        sent = reader.rather(value, reader.annotation(frame.function.node.returns, frame).value)
        _sent(reader, frame, given, sent)
    frame.returned.append(value)
    frame.ended.append(frame.ways)
    frame.ways = NOWHERE


def _given_back(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    """Evaluate what is returned: what runs only later, as a generator does, runs outside of the blocks around the `return`."""
    if not frame.blocks or not _is_lazy(reader, node, frame):
        return evaluate(reader, node, frame)
    ways = frame.ways
    frame.ways = withdrawn(ways, frame.blocks)
    value = evaluate(reader, node, frame)
    frame.ways = ways
    return value


def _is_lazy(reader: Reader, node: ast.expr, frame: Frame) -> bool:
    if isinstance(node, ast.GeneratorExp):
        return True
    callee = evaluate(reader, node.func, frame.quiet()) if isinstance(node, ast.Call) else ANYTHING
    return all(
        (isinstance(atom, Outside) and atom.dotted in _LAZY)
        or (
            isinstance(atom, Callee)
            and (isinstance(atom.function.node, ast.AsyncFunctionDef) or _yields(atom.function.node.body))
            and not reader.is_manager(atom.function)
        )
        for atom in callee
    )


def _sent(reader: Reader, frame: Frame, node: ast.expr, value: Value) -> None:
    """Note what a web framework serialises; a purpose there has it leave out what may not be seen."""
    ways = frame.ways
    frame.emit(gates.answered(reader, frame, node, value))
    frame.ways = frozenset(way for way in ways if not any(cover.data_category is None and not cover.refuses for cover in way))
    if frame.ways:
        reading.shown(reader, frame, node, value)
    frame.ways = ways


def _raised(reader: Reader, node: ast.stmt, frame: Frame) -> None:
    for each in (node.exc, node.cause):  # type: ignore[attr-defined]  # by its kind
        if each is not None:
            evaluate(reader, each, frame)
    frame.ways = NOWHERE


def _if(reader: Reader, node: ast.stmt, frame: Frame) -> None:
    yes, no = condition(reader, node.test, frame)  # type: ignore[attr-defined]  # by its kind
    before = dict(frame.env)
    held = dict(_narrowings(reader, node.test, frame))  # type: ignore[attr-defined]  # as above
    ends: list[Point] = []
    for ways, body, known in ((yes, node.body, held), (no, node.orelse, {})):  # type: ignore[attr-defined]  # as above
        frame.env, frame.ways = {**before, **known}, ways
        if ways:
            walk(reader, body, frame)
        ends.append(frame.here())
    frame.go_to(ends)


def _narrowings(reader: Reader, test: ast.expr, frame: Frame) -> Iterator[tuple[str, Value]]:
    """Yield what variables are where a condition holds that asks for their class."""
    for each in test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]:
        match each:
            case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=name), kind]):
                found = evaluate(reader, kind, frame.quiet())
                objects = reader.instances(reader.each(found) if isinstance(kind, ast.Tuple) else found)
                if objects and (not frame.local(name) or UNKNOWN in frame.local(name)):
                    yield name, objects


def _for(reader: Reader, node: ast.stmt, frame: Frame) -> None:
    """Walk a loop: item by item where all are literals, else as if it may run or not."""
    walked = evaluate(reader, node.iter, frame)  # type: ignore[attr-defined]  # by its kind
    reading.walked_over(reader, frame, node.iter, walked)  # type: ignore[attr-defined]  # as above
    exact = [atom.exact for atom in walked if isinstance(atom, Items) and atom.exact is not None]
    frame.breaks.append([])
    ends: list[Point] = []
    if len(walked) == 1 and exact and len(exact[0]) <= _UNROLLED:
        for item in exact[0]:
            if frame.ways:
                _once(reader, node, item, frame)
    else:
        before = frame.here()
        _widen(node, frame)
        _once(reader, node, reader.each(walked), frame)
        ends.append(before)
    ends.append(frame.here())
    frame.go_to(ends)
    if frame.ways:
        walk(reader, node.orelse, frame)  # type: ignore[attr-defined]  # as above
    frame.go_to([frame.here(), *frame.breaks.pop()])


def _widen(loop: ast.stmt, frame: Frame) -> None:
    """Have the variables that a loop assigns be anything besides: it is walked once for all its turns."""
    for each in ast.walk(loop):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store) and each.id in frame.env:
            frame.env[each.id] = frame.env[each.id] | ANYTHING


def _once(reader: Reader, node: ast.stmt, item: Value, frame: Frame) -> None:
    frame.continues.append([])
    assign(reader, node.target, item, frame)  # type: ignore[attr-defined]  # by its kind
    walk(reader, node.body, frame)  # type: ignore[attr-defined]  # as above
    frame.go_to([frame.here(), *frame.continues.pop()])


def _while(reader: Reader, node: ast.stmt, frame: Frame) -> None:
    frame.breaks.append([])
    frame.continues.append([])
    _widen(node, frame)
    yes, no = condition(reader, node.test, frame)  # type: ignore[attr-defined]  # by its kind
    skipped = (dict(frame.env), no)
    frame.ways = yes
    if yes:
        walk(reader, node.body, frame)  # type: ignore[attr-defined]  # as above
    frame.go_to([frame.here(), *frame.continues.pop()])
    ends: list[Point] = [skipped] if no else []
    if no and frame.ways:
        again = condition(reader, node.test, frame)[1]  # type: ignore[attr-defined]  # as above
        ends.append((dict(frame.env), again))
    frame.go_to(ends)
    if frame.ways:
        walk(reader, node.orelse, frame)  # type: ignore[attr-defined]  # as above
    frame.go_to([frame.here(), *frame.breaks.pop()])


def _break(reader: Reader, node: ast.stmt, frame: Frame) -> None:
    if frame.breaks:
        frame.breaks[-1].append(frame.here())
    frame.ways = NOWHERE


def _continue(reader: Reader, node: ast.stmt, frame: Frame) -> None:
    if frame.continues:
        frame.continues[-1].append(frame.here())
    frame.ways = NOWHERE


def _try(reader: Reader, node: ast.stmt, frame: Frame) -> None:
    """Walk a `try`: a handler may be come to from before its first statement, so that no check in it holds there."""
    before = frame.here()
    passing: list[Point] = []
    for statement in node.body:  # type: ignore[attr-defined]  # by its kind
        if not telling.is_check(reader, statement, frame):
            passing.append(frame.here())
        walk(reader, [statement], frame)
    tried = frame.here()
    if frame.ways:
        walk(reader, node.orelse, frame)  # type: ignore[attr-defined]  # as above
    ends = [frame.here()]
    yields = _yields(node.body)  # type: ignore[attr-defined]  # as above
    for handler in node.handlers:  # type: ignore[attr-defined]  # as above
        catches, returned = telling.catches_violations(reader, handler.type, frame), len(frame.ended)
        # A check can be left by a violation only.
        reached = [before, tried] if telling.catches_violations(reader, handler.type, frame) else [*passing, tried]
        frame.go_to(reached)
        if handler.type is not None:
            evaluate(reader, handler.type, frame)
        if handler.name:
            frame.env[handler.name] = ANYTHING
        walk(reader, handler.body, frame)
        silent = yields and catches and bool(frame.ways or len(frame.ended) > returned)
        frame.yields_in_silence = frame.yields_in_silence or silent
        ends.append(frame.here())
    if not node.finalbody:  # type: ignore[attr-defined]  # as above
        frame.go_to(ends)
        return
    frame.go_to([before, *ends])
    walk(reader, node.finalbody, frame)  # type: ignore[attr-defined]  # as above
    goes_on = bool(frame.ways)
    frame.yields_in_silence = frame.yields_in_silence or (yields and not goes_on)
    more = frozenset.intersection(*frame.ways) - frozenset[Cover]().union(*before[1]) if frame.ways else frozenset[Cover]()
    frame.go_to(ends)
    frame.ways = released(frame.ways, more) if goes_on else NOWHERE


def _with(reader: Reader, node: ast.stmt, frame: Frame) -> None:
    """Walk a `with`: a purpose covers its block; what swallows exceptions may have it left anywhere."""
    covers: list[Cover] = []
    swallows = False
    expected, around = frame.expected, frame.swallows
    frame.swallows = False
    for item in node.items:  # type: ignore[attr-defined]  # by its kind
        value = evaluate(reader, item.context_expr, frame)
        if telling.is_call_of(reader, item.context_expr, frame, _SWALLOWING):
            swallows = True
            frame.expected = frame.expected or _expects(reader, item.context_expr, frame)
        swallows = swallows or reader.swallows(value)
        given = reader.begun(value, frame, item.context_expr)
        for atom in value:
            if isinstance(atom, Covering):
                covers += atom.covers
                frame.ways = released(frame.ways, atom.covers)
        if item.optional_vars is not None:
            assign(reader, item.optional_vars, reader.entered(given), frame)
    before, outer = frame.here(), frame.blocks
    frame.blocks = [*outer, *(cover for cover in covers if cover.data_category is None)]
    walk(reader, node.body, frame)  # type: ignore[attr-defined]  # as above
    frame.blocks = outer
    if swallows or frame.swallows:
        frame.go_to([before, frame.here()])
        frame.yields_in_silence = frame.yields_in_silence or _yields(node.body)  # type: ignore[attr-defined]  # as above
    frame.expected, frame.swallows = expected, around
    frame.ways = withdrawn(frame.ways, covers)


def _yields(body: Iterable[ast.stmt]) -> bool:
    """Tell whether statements yield, those of functions in them left out."""
    return any(
        isinstance(each, (ast.Yield, ast.YieldFrom))
        for statement in statements(list(body))
        if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        for child in ast.iter_child_nodes(statement)
        if isinstance(child, ast.expr)
        for each in ast.walk(child)
    )


def _expects(reader: Reader, node: ast.expr, frame: Frame) -> bool:
    """Tell whether a block is one in which a violation is expected, as a test's is."""
    if not isinstance(node, ast.Call) or not telling.is_call_of(
        reader, node, frame, frozenset({"pytest.raises", "unittest.TestCase.assertRaises"})
    ):
        return False
    for each in node.args:
        for atom in evaluate(reader, each, frame.quiet()):
            name = atom.dotted if isinstance(atom, Outside) else getattr(getattr(atom, "owner", None), "dotted", "")
            if own_name(name) in ("PurposeViolation", "PurposegateError"):
                return True
    return False


def _match(reader: Reader, node: ast.stmt, frame: Frame) -> None:
    subject = evaluate(reader, node.subject, frame)  # type: ignore[attr-defined]  # by its kind
    before = frame.here()
    ends: list[Point] = []
    exhaustive = False
    for case in node.cases:  # type: ignore[attr-defined]  # as above
        frame.env, frame.ways = dict(before[0]), before[1]
        _pattern(reader, case.pattern, subject, frame)
        if case.guard is not None:
            frame.ways = condition(reader, case.guard, frame)[0]
        elif isinstance(case.pattern, (ast.MatchAs,)) and case.pattern.pattern is None:
            exhaustive = True
        if frame.ways:
            walk(reader, case.body, frame)
        ends.append(frame.here())
    frame.go_to(ends if exhaustive else [*ends, before])


def _pattern(reader: Reader, pattern: ast.pattern, subject: Value, frame: Frame) -> None:  # noqa: C901, PLR0912 - a line a kind
    """Bind what a pattern takes apart; that reads the fields that it names."""
    match pattern:
        case ast.MatchAs():
            if pattern.pattern is not None:
                _pattern(reader, pattern.pattern, subject, frame)
            if pattern.name:
                narrowed = _narrowed(reader, pattern.pattern, subject, frame)
                frame.env[pattern.name] = narrowed
        case ast.MatchClass():
            owner = evaluate(reader, pattern.cls, frame)
            instances = reader.instances(owner) or subject
            names = [*reader.positional(instances, len(pattern.patterns)), *pattern.kwd_attrs]
            for name, inner in zip(names, [*pattern.patterns, *pattern.kwd_patterns], strict=False):
                node = ast.copy_location(ast.Attribute(pattern.cls, name, ast.Load()), pattern)
                _pattern(reader, inner, reading.attribute(reader, frame, node, instances, name), frame)
        case ast.MatchMapping():
            for key, inner in zip(pattern.keys, pattern.patterns, strict=True):
                where = ast.copy_location(ast.Subscript(key, key, ast.Load()), pattern)
                _pattern(reader, inner, reading.item(reader, frame, where, subject, evaluate(reader, key, frame)), frame)
            if pattern.rest:
                frame.env[pattern.rest] = subject
        case ast.MatchSequence() | ast.MatchOr():
            for inner in pattern.patterns:
                _pattern(reader, inner, subject if isinstance(pattern, ast.MatchOr) else reader.each(subject), frame)
        case ast.MatchStar():
            if pattern.name:
                frame.env[pattern.name] = one(Items(reader.each(subject)))
        case ast.MatchValue():
            evaluate(reader, pattern.value, frame)


def _narrowed(reader: Reader, pattern: ast.pattern | None, subject: Value, frame: Frame) -> Value:
    if isinstance(pattern, ast.MatchClass):
        return reader.instances(evaluate(reader, pattern.cls, frame.quiet())) or subject
    return subject


def _function(reader: Reader, node: ast.stmt, frame: Frame) -> None:
    frame.env[node.name] = reader.define(node, frame)  # type: ignore[attr-defined, arg-type]  # by its kind
    for each in statements(node.body):  # type: ignore[attr-defined]  # as above
        for name in each.names if isinstance(each, ast.Nonlocal) else ():
            frame.env[name] = frame.local(name) | ANYTHING  # it may be set there at any time


def _class(reader: Reader, node: ast.stmt, frame: Frame) -> None:
    frame.env[node.name] = reader.define_class(node, frame)  # type: ignore[attr-defined, arg-type]  # by its kind


def _import(reader: Reader, node: ast.stmt, frame: Frame) -> None:
    """Bind what a function imports; at the top of a module, that is looked up when it is needed."""
    if frame.function is not None:
        for name, value in reader.imported(node, frame.module):
            frame.env[name] = value


def _global(reader: Reader, node: ast.stmt, frame: Frame) -> None:
    if isinstance(node, ast.Global):
        frame.globals.update(node.names)


def _assertion(reader: Reader, node: ast.stmt, frame: Frame) -> None:
    """Walk an `assert`: it is left out under `python -O`, and so covers nothing."""
    ways = frame.ways
    evaluate(reader, node.test, frame)  # type: ignore[attr-defined]  # by its kind
    if node.msg is not None:  # type: ignore[attr-defined]  # as above
        reading.shown(reader, frame, node.msg, evaluate(reader, node.msg, frame))  # type: ignore[attr-defined]  # as above
    frame.ways = ways


def _deleted(reader: Reader, node: ast.stmt, frame: Frame) -> None:
    for target in node.targets:  # type: ignore[attr-defined]  # by its kind
        if isinstance(target, ast.Name):
            frame.env.pop(target.id, None)
        elif isinstance(target, ast.Subscript):
            evaluate(reader, target.value, frame)
            evaluate(reader, target.slice, frame)


_BY_KIND: Final[dict[type[ast.stmt], Callable[[Reader, ast.stmt, Frame], None]]] = {
    ast.Expr: _expression,
    ast.Assign: _assignment,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Return: _returned,
    ast.Raise: _raised,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Match: _match,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.Global: _global,
    ast.Nonlocal: _global,
    ast.Assert: _assertion,
    ast.Delete: _deleted,
}
