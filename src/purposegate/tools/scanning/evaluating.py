"""What an expression comes to, with what it does on the way: calls, reads, conditions that were asked."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from purposegate.tools.scanning import reading
from purposegate.tools.scanning.calling import called
from purposegate.tools.scanning.covers import NOWHERE, Ways, any_of, joined, released
from purposegate.tools.scanning.frames import Frame
from purposegate.tools.scanning.gates import settled
from purposegate.tools.scanning.modules import words_of
from purposegate.tools.scanning.values import (
    ANYTHING,
    NEVER,
    NONE,
    UNKNOWN,
    Anonymous,
    Folded,
    Items,
    Labelled,
    Number,
    Outside,
    Stem,
    Table,
    Text,
    Value,
    Verdict,
    either,
    one,
)

if TYPE_CHECKING:
    from purposegate.tools.scanning.reader import Reader

_MANY: Final = 64
# No name is longer; what doubles a text in a loop would have no end.
_LONGEST: Final = 1_000
# A comprehension over so many literals is walked item by item.
_UNROLLED: Final = 12


def evaluate(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    """Give what an expression may come to."""
    evaluation = _BY_KIND.get(type(node))
    if evaluation is None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                evaluate(reader, child, frame)
        return ANYTHING
    return evaluation(reader, node, frame)


def _constant(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    value = node.value  # type: ignore[attr-defined]  # by its kind
    if isinstance(value, str):
        return one(Text(value, frame.module.place(node)))
    if value is None:
        return NONE
    if type(value) is int:
        return one(Number(value))
    return ANYTHING


def _name(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    name: str = node.id  # type: ignore[attr-defined]  # by its kind
    value = frame.local(name)
    if not value:
        if name == "__file__":
            return one(Folded(posixpath.abspath(frame.module.path)))
        value = reader.project.meant(frame.module, name)
    labelled = [atom for atom in value if isinstance(atom, Labelled)]
    for atom in labelled:
        reading.of_variable(frame, node, atom)
    return value.difference(labelled) or ANYTHING if labelled else value


def _attribute(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    receiver = evaluate(reader, node.value, frame)  # type: ignore[attr-defined]  # by its kind
    return reading.attribute(reader, frame, node, receiver, node.attr)  # type: ignore[attr-defined]  # as above


def _call(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    return called(reader, node, frame)  # type: ignore[arg-type]  # by its kind


def _joined(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    """Fold an f-string; what is shown of an object that bears labels is read."""
    text, whole = "", True
    for part in node.values:  # type: ignore[attr-defined]  # by its kind
        if isinstance(part, ast.Constant):
            text += str(part.value) if whole else ""
            continue
        value = evaluate(reader, part.value, frame)
        reading.shown(reader, frame, part.value, value)
        if isinstance(part.format_spec, ast.expr):
            evaluate(reader, part.format_spec, frame)
        atoms = list(value)
        if whole and len(atoms) == 1 and isinstance(atoms[0], Text) and part.conversion == -1 and part.format_spec is None:
            text += atoms[0].text
        else:
            text += atoms[0].text if whole and len(atoms) == 1 and isinstance(atoms[0], Stem) else ""
            whole = False
    if whole:
        return one(Text(text, frame.module.place(node)))
    return one(Stem(text)) if text else ANYTHING


def _operation(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    left = evaluate(reader, node.left, frame)  # type: ignore[attr-defined]  # by its kind
    right = evaluate(reader, node.right, frame)  # type: ignore[attr-defined]  # as above
    operator = node.op  # type: ignore[attr-defined]  # as above
    if isinstance(operator, ast.Mod):
        for each in right:
            for item in each.exact or () if isinstance(each, Items) else ():
                reading.shown(reader, frame, node, item)
        reading.shown(reader, frame, node, right)
        stems = [one(Stem(atom.text.partition("%")[0])) for atom in left if isinstance(atom, Text) and atom.text.partition("%")[0]]
        return either(stems) if stems and len(stems) == len(left) else ANYTHING
    found = [_folded(operator, first, second, frame, node) for first in left for second in right]
    return either(found[:_MANY]) if found else ANYTHING


def _folded(operator: ast.operator, first: object, second: object, frame: Frame, node: ast.expr) -> Value:
    if isinstance(operator, ast.Div) and isinstance(first, Folded) and isinstance(second, Text):
        return one(Folded(posixpath.normpath(posixpath.join(first.path, second.text))))
    if isinstance(operator, ast.Add):
        if isinstance(first, Text) and isinstance(second, Text):
            if len(first.text) + len(second.text) > _LONGEST:
                return one(Stem(first.text[:_LONGEST]))
            return one(Text(first.text + second.text, frame.module.place(node)))
        if isinstance(first, (Text, Stem)) and first.text:
            return one(Stem(first.text))
        if isinstance(first, Items) and isinstance(second, Items):
            exact = None if first.exact is None or second.exact is None else first.exact + second.exact
            return one(Items(either([first.each, second.each]), exact))
    return ANYTHING


def _display(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    found: list[Value] = []
    exact = True
    for each in node.elts:  # type: ignore[attr-defined]  # by its kind
        if isinstance(each, ast.Starred):
            for atom in evaluate(reader, each.value, frame):
                if isinstance(atom, Items) and atom.exact is not None:
                    found += atom.exact
                else:
                    exact = False
                    found.append(atom.each if isinstance(atom, Items) else ANYTHING)
        else:
            found.append(evaluate(reader, each, frame))
    if len(found) > _MANY:
        return one(Items(either(found)))
    return one(Items(either(found) if found else ANYTHING, tuple(found) if exact else None))


def _dictionary(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    entries: list[tuple[str, Value]] = []
    rest: list[Value] = []
    for key, content in zip(node.keys, node.values, strict=True):  # type: ignore[attr-defined]  # by its kind
        value = evaluate(reader, content, frame)
        if key is None:  # of `**`
            reading.shown(reader, frame, content, value)
            for atom in value:
                if isinstance(atom, Table):
                    entries += atom.entries
                    rest.append(atom.rest)
                else:
                    rest.append(ANYTHING)
            continue
        named = [atom.text for atom in evaluate(reader, key, frame) if isinstance(atom, Text)]
        if len(named) == 1:
            entries.append((named[0], value))
        else:
            rest.append(value)
    if len(entries) > _MANY:
        return one(Table((), either([*rest, *(value for _, value in entries)])))
    return one(Table(tuple(entries), either(rest) if rest else NEVER))


def _subscript(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    receiver = evaluate(reader, node.value, frame)  # type: ignore[attr-defined]  # by its kind
    key = evaluate(reader, node.slice, frame)  # type: ignore[attr-defined]  # as above
    return reading.item(reader, frame, node, receiver, key)


def _slice(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    for each in (node.lower, node.upper, node.step):  # type: ignore[attr-defined]  # by its kind
        if each is not None:
            evaluate(reader, each, frame)
    return ANYTHING


def _choice(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    """Walk `a if c else b`: each side where the condition has held, or not."""
    yes, no = condition(reader, node.test, frame)  # type: ignore[attr-defined]  # by its kind
    found: list[Value] = []
    ends: list[Ways] = []
    for ways, branch in ((yes, node.body), (no, node.orelse)):  # type: ignore[attr-defined]  # as above
        if ways:
            frame.ways = ways
            found.append(evaluate(reader, branch, frame))
            ends.append(frame.ways)
    frame.ways = any_of(ends)
    return either(found) if found else ANYTHING


def _either(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    """Walk `a and b`, `a or b` for their values; what they tell as a condition, `condition` says."""
    values: list[Value] = []
    conjunction = isinstance(node.op, ast.And)  # type: ignore[attr-defined]  # by its kind
    ends: list[Ways] = []
    for operand in node.values:  # type: ignore[attr-defined]  # as above
        verdicts = evaluate(reader, operand, frame)
        values.append(verdicts)
        ends.append(frame.ways)
        yes, no = _told(verdicts, frame)
        frame.ways = yes if conjunction else no
    frame.ways = any_of(ends)
    if conjunction and all(any(isinstance(atom, Verdict) and not atom.denied for atom in value) for value in values):
        covers = tuple(cover for value in values for atom in value if isinstance(atom, Verdict) for cover in atom.covers)
        return one(Verdict(covers))
    return either(values)


def _negation(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    value = evaluate(reader, node.operand, frame)  # type: ignore[attr-defined]  # by its kind
    if isinstance(node.op, ast.Not):  # type: ignore[attr-defined]  # as above
        return frozenset(Verdict(atom.covers, denied=not atom.denied) if isinstance(atom, Verdict) else UNKNOWN for atom in value)
    if isinstance(node.op, ast.USub):  # type: ignore[attr-defined]  # as above
        return frozenset(Number(-atom.number) if isinstance(atom, Number) else UNKNOWN for atom in value)
    return ANYTHING


def _comparison(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    """Take `decision.reason is Reason.PERMITTED` for the verdict; every other comparison is anything."""
    values = [evaluate(reader, each, frame) for each in (node.left, *node.comparators[:1])]  # type: ignore[attr-defined]  # by its kind
    ways = frame.ways
    for each in node.comparators[1:]:  # type: ignore[attr-defined]  # as above
        values.append(evaluate(reader, each, frame))  # evaluated only where what stands before holds
        frame.ways = joined(ways, frame.ways)
    operator = node.ops[0]  # type: ignore[attr-defined]  # as above
    if len(values) != 2 or not isinstance(operator, (ast.Is, ast.Eq, ast.IsNot, ast.NotEq)):  # noqa: PLR2004 - two sides
        return ANYTHING
    for reason, other in (values, values[::-1]):
        verdicts = [atom for atom in reason if isinstance(atom, Verdict)]
        if verdicts and any(_is_permitted(atom) for atom in other):
            return one(Verdict(verdicts[0].covers, denied=isinstance(operator, (ast.IsNot, ast.NotEq))))
    return ANYTHING


def _is_permitted(atom: object) -> bool:
    return (isinstance(atom, Outside) and atom.dotted.endswith("Reason.PERMITTED")) or (
        isinstance(atom, Text) and atom.text == "permitted"
    )


def _named(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    value = evaluate(reader, node.value, frame)  # type: ignore[attr-defined]  # by its kind
    frame.env[node.target.id] = value  # type: ignore[attr-defined]  # as above
    return value


def _comprehension(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    """Walk a comprehension as a loop that stands here."""
    kept, ways = dict(frame.env), frame.ways
    exact: tuple[Value, ...] | None = None
    for generator in node.generators:  # type: ignore[attr-defined]  # by its kind
        over = evaluate(reader, generator.iter, frame)
        reading.walked_over(reader, frame, generator.iter, over)
        reader.bind(generator.target, reader.each(over), frame)
        for test in generator.ifs:
            frame.ways = condition(reader, test, frame)[0] or frame.ways
    if isinstance(node, ast.DictComp):
        evaluate(reader, node.key, frame)
        result = one(Table((), evaluate(reader, node.value, frame)))
    else:
        literals = _literals(over) if len(node.generators) == 1 and not node.generators[0].ifs else ()  # type: ignore[attr-defined]  # as above
        for item in literals:
            reader.bind(node.generators[0].target, item, frame)  # type: ignore[attr-defined]  # as above
            exact = (*(exact or ()), evaluate(reader, node.elt, frame))  # type: ignore[attr-defined]  # as above
        result = one(Items(either(exact) if exact else evaluate(reader, node.elt, frame), exact))  # type: ignore[attr-defined]  # as above
    named = {name: value for name, value in frame.env.items() if name not in kept and _is_walrus(node, name)}
    frame.env.clear()
    frame.env.update(kept | named)
    frame.ways = ways
    return result


def _literals(over: Value) -> tuple[Value, ...]:
    """Give the items that a comprehension walks over, where they are few texts."""
    exact = next((atom.exact for atom in over if isinstance(atom, Items) and atom.exact), ()) if len(over) == 1 else ()
    return exact if len(exact) <= _UNROLLED and all(isinstance(atom, Text) for item in exact for atom in item) else ()


def _is_walrus(node: ast.expr, name: str) -> bool:
    return any(isinstance(each, ast.NamedExpr) and each.target.id == name for each in ast.walk(node))


def _lambda(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    for default in (*node.args.defaults, *(each for each in node.args.kw_defaults if each is not None)):  # type: ignore[attr-defined]  # by its kind
        evaluate(reader, default, frame)
    # What a module binds is looked up there when it is needed.
    bound = frame.module.bindings if frame.function is None else {}
    around = frame.closure | {name: value for name, value in frame.env.items() if name not in bound}
    words = words_of(node) if around else frozenset[str]()
    closure = tuple(sorted((name, value) for name, value in around.items() if name in words))
    made = Anonymous(node, closure)  # type: ignore[arg-type]  # by its kind
    reader.keep_lambda(made, frame)
    return one(made)


def _awaited(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    frame.awaits = isinstance(node.value, ast.Call)  # type: ignore[attr-defined]  # by its kind
    value = evaluate(reader, node.value, frame)  # type: ignore[attr-defined]  # as above
    return settled(value, frame)


def _yielded(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    value = evaluate(reader, node.value, frame) if node.value else NONE  # type: ignore[attr-defined]  # by its kind
    frame.yielded.append(value)
    frame.yielding.append(frame.ways)
    return ANYTHING


def _yielded_from(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    frame.yielded.append(reader.each(evaluate(reader, node.value, frame)))  # type: ignore[attr-defined]  # by its kind
    frame.yielding.append(frame.ways)
    return ANYTHING


def condition(reader: Reader, node: ast.expr, frame: Frame) -> tuple[Ways, Ways]:
    """Give the ways on which a condition holds, and those on which it does not; none where it cannot."""
    if isinstance(node, ast.Constant):
        return (frame.ways, NOWHERE) if node.value else (NOWHERE, frame.ways)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yes, no = condition(reader, node.operand, frame)
        return no, yes
    if isinstance(node, ast.BoolOp):
        return _both(reader, node, frame)
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
        same = _same(evaluate(reader, node.left, frame.quiet()), evaluate(reader, node.comparators[0], frame.quiet()))
        if same is not None:
            return (frame.ways, NOWHERE) if same is isinstance(node.ops[0], ast.Eq) else (NOWHERE, frame.ways)
    return _told(evaluate(reader, node, frame), frame)


def _same(first: Value, second: Value) -> bool | None:
    """Tell whether two texts are the same; None where it is not known which they are."""
    if len(first) != 1 or len(second) != 1:
        return None
    (one_text,), (other,) = first, second
    return one_text.text == other.text if isinstance(one_text, Text) and isinstance(other, Text) else None


def _both(reader: Reader, node: ast.BoolOp, frame: Frame) -> tuple[Ways, Ways]:
    conjunction = isinstance(node.op, ast.And)
    other = NOWHERE
    for operand in node.values:
        yes, no = condition(reader, operand, frame)
        goes_on, leaves = (yes, no) if conjunction else (no, yes)
        other = joined(other, leaves)
        if not goes_on:
            return (NOWHERE, other) if conjunction else (other, NOWHERE)
        frame.ways = goes_on
    return (frame.ways, other) if conjunction else (other, frame.ways)


def _told(value: Value, frame: Frame) -> tuple[Ways, Ways]:
    ways = frame.ways
    if len(value) == 1:
        (atom,) = value
        if isinstance(atom, Verdict):
            permitted = released(ways, atom.covers)
            return (ways, permitted) if atom.denied else (permitted, ways)
    return ways, ways


def _starred(reader: Reader, node: ast.expr, frame: Frame) -> Value:
    evaluate(reader, node.value, frame)  # type: ignore[attr-defined]  # by its kind
    return ANYTHING


_BY_KIND: Final[dict[type[ast.AST], Callable[[Reader, ast.expr, Frame], Value]]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.JoinedStr: _joined,
    ast.BinOp: _operation,
    ast.List: _display,
    ast.Tuple: _display,
    ast.Set: _display,
    ast.Dict: _dictionary,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.IfExp: _choice,
    ast.BoolOp: _either,
    ast.UnaryOp: _negation,
    ast.Compare: _comparison,
    ast.NamedExpr: _named,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _comprehension,
    ast.Lambda: _lambda,
    ast.Await: _awaited,
    ast.Yield: _yielded,
    ast.YieldFrom: _yielded_from,
    ast.Starred: _starred,
}
