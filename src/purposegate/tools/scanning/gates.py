"""Calls of a gate: which use each makes, and what it releases."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from purposegate.tools.scanning import telling
from purposegate.tools.scanning.covers import Cover, Ways, released
from purposegate.tools.scanning.frames import Frame, RawUse
from purposegate.tools.scanning.reading import doubt
from purposegate.tools.scanning.sighting import How, Judge, Mention
from purposegate.tools.scanning.values import (
    ANYTHING,
    NEVER,
    UNKNOWN,
    ABoundGate,
    AGate,
    ASealed,
    Covering,
    GateMethod,
    Guarded,
    InClass,
    Instance,
    Items,
    Nothing,
    Pending,
    Stem,
    Table,
    Taken,
    Text,
    Value,
    Verdict,
    either,
    one,
    texts,
)

if TYPE_CHECKING:
    from purposegate.tools.scanning.reader import Reader

# By which names a gate takes its arguments, in their order; behind the star they are named.
_USE: Final = ("data_category", "purpose", "recipient")
_PURPOSE: Final = ("purpose", "recipient")
_RELEASING: Final = {"check": How.CHECK, "acheck": How.CHECK}
_ASKING: Final = {"decide": How.DECIDE, "adecide": How.DECIDE}
_OPENING: Final = {"open": How.OPEN, "aopen": How.OPEN}
_DISCLOSING: Final = {"disclose": How.DISCLOSE, "adisclose": How.DISCLOSE, "fields": How.FIELDS}
METHODS: Final = frozenset({*_RELEASING, *_ASKING, *_OPENING, *_DISCLOSING, "guard", "bind", "purpose", "declassify", "resume"})


@dataclass(slots=True)
class Arguments:
    """The arguments of a call as they were evaluated; `open` tells that there may be more of them, by `*` or `**`."""

    positional: list[tuple[Value, ast.expr]] = field(default_factory=list)
    keywords: dict[str, tuple[Value, ast.expr]] = field(default_factory=dict)
    open: bool = False

    def by_name(self, *names: str) -> dict[str, tuple[Value, ast.expr]]:
        """Give what was passed for each parameter."""
        return {**dict(zip(names, self.positional, strict=False)), **self.keywords}


def called(reader: Reader, frame: Frame, node: ast.Call, method: GateMethod, arguments: Arguments) -> Value:  # noqa: C901, PLR0911, PLR0912 - a line a method
    """Note what a call of a gate's method uses, and give what comes of it."""
    gate, name = method
    awaited, frame.awaits = frame.awaits, False
    if arguments.open and name in METHODS and name != "guard":
        doubt(frame, node, "the arguments of this call are put together elsewhere, so that its use cannot be told")
    if name in _RELEASING:
        raws = _uses(frame, node, gate, arguments, _RELEASING[name])
        frame.emit(raws)
        if name.startswith("a") and not awaited:
            return one(Pending(covers_of(raws)))
        frame.ways = released(frame.ways, covers_of(raws))
        return one(Verdict(()))
    if name in _ASKING:
        raws = _uses(frame, node, gate, arguments, _ASKING[name], asks=True)
        frame.emit(raws)
        if name.startswith("a") and not awaited:
            return ANYTHING  # a coroutine is true, whatever it will answer
        return one(Verdict(covers_of(raws)))
    if isinstance(gate, ABoundGate):
        return ANYTHING
    if name == "bind":
        return _bound(frame, node, gate, arguments)
    if name == "purpose":
        return _block(frame, node, gate, arguments)
    if name == "guard":
        return _guard(frame, node, gate, arguments)
    if name in _OPENING:
        return _opened(frame, node, gate, arguments, _OPENING[name])
    if name in _DISCLOSING:
        return _disclosed(reader, frame, node, gate, arguments, _DISCLOSING[name])
    if name == "resume":
        return one(Covering((Cover(How.RESUME, gate.judge, None, None, None, frame.module.place(node)),)))
    if name == "propagate" and arguments.positional:
        return one(Guarded(arguments.positional[0][0], Covering(ambient_covers(frame.ways))))
    return ANYTHING


def unknown_receiver(frame: Frame, node: ast.Call, name: str, arguments: Arguments) -> None:
    """Note a use that is asked of something that may be a gate: judged, and told apart."""
    if frame.notes is None or not (name in _RELEASING or name in _ASKING):
        return
    parts = arguments.by_name(*_USE)
    if all(part in parts and texts(parts[part][0]) for part in _USE[:2]):
        how = _RELEASING.get(name) or _ASKING[name]
        raws = _uses(frame, node, AGate(Judge()), arguments, how, asks=name in _ASKING)
        frame.emit([raw._replace(receiver_known=False) for raw in raws])


def for_purpose(frame: Frame, node: ast.Call, arguments: Arguments) -> Value:
    """Read the dependency of a route."""
    parts = arguments.by_name("gate", "purpose", "recipient")
    judges = [atom.judge for atom in parts.get("gate", (NEVER, node))[0] if isinstance(atom, AGate)]
    raw = _raw(frame, node, judges[0] if judges else Judge(), parts, How.ROUTE)
    frame.emit([raw])
    refuses = "on_denied" in parts and any(text.text == "refuse" for text in texts(parts["on_denied"][0]))
    return one(Covering(tuple(cover._replace(refuses=refuses) for cover in _ambient(raw))))


def asserted(frame: Frame, node: ast.Call, arguments: Arguments, *, denied: bool) -> None:
    """Note what a test asserts of a gate."""
    parts = arguments.by_name("gate", *_USE)
    for atom in parts.get("gate", (NEVER, node))[0]:
        if isinstance(atom, AGate) and "data_category" in parts:
            raw = _raw(frame, node, atom.judge, parts, How.DECIDE)
            frame.emit([raw._replace(asks=True, expected=denied)])


def made(frame: Frame, node: ast.Call, arguments: Arguments, *, loads: bool) -> Value:
    """Read `Gate.load(path, …)` or `Gate(policy, …)`: which policy judges, with which ledger, and the facts it is given."""
    parts = arguments.by_name("path" if loads else "policy")
    ledger = parts.get("ledger")
    has_ledger = ledger is not None and not all(isinstance(atom, Nothing) for atom in ledger[0])
    path = telling.policy_path(parts.get("path", (NEVER, node))[0]) if loads else None
    judge = Judge(path, has_ledger)
    facts = parts.get("facts")
    if facts is not None and frame.notes is not None:
        frame.notes.facts += (fact._replace(judge=judge) for fact in telling.facts(facts[0], facts[1], frame))
    if frame.notes is not None:
        frame.notes.gates[judge] = frame.module.place(node)
    return one(AGate(judge))


def covers_of(raws: list[RawUse] | tuple[RawUse, ...]) -> tuple[Cover, ...]:
    """Give what a use covers once it was released: nothing where it cannot be told which it was."""
    found: list[Cover] = []
    for raw in raws:
        purpose, recipient = next(iter(_only(raw.purpose)), None), next(iter(_only(raw.recipient)), None)
        found += [Cover(raw.how, raw.judge, each, purpose, recipient, raw.place) for each in _only(raw.data_category)]
    return tuple(found)


def name_of(atom: object) -> str | None:
    """Give the name that an atom stands for: a text, or an instance whose id is no literal."""
    if isinstance(atom, Text):
        return atom.text
    if isinstance(atom, Stem) and "/" in atom.text:
        return f"{atom.text.partition('/')[0]}/..."
    return None


def settled(value: Value, frame: Frame) -> Value:
    """Have what a coroutine releases be released; give what is left of its value."""
    pending = [atom for atom in value if isinstance(atom, Pending)]
    if not pending:
        return value
    for atom in pending:
        frame.ways = released(frame.ways, atom.covers)
    return value.difference(pending) or ANYTHING


def entered(raws: tuple[RawUse, ...], frame: Frame) -> list[RawUse]:
    """Give the uses that a guard releases when its function is called: with what it takes from the call, and the purpose there."""
    found: list[RawUse] = []
    for raw in raws:
        purpose, recipient = _taken(raw.purpose, frame), _taken(raw.recipient, frame)
        found += _in_purpose(raw._replace(purpose=purpose, recipient=recipient), frame)
    return found


def _taken(value: Value | None, frame: Frame) -> Value | None:
    if value is None or not any(isinstance(atom, Taken) for atom in value):
        return value
    return either((frame.local(atom.parameter) or ANYTHING) if isinstance(atom, Taken) else one(atom) for atom in value)


def _in_purpose(raw: RawUse, frame: Frame) -> list[RawUse]:
    """Put a use that names no purpose under those that it may run in."""
    if raw.purpose is not None:
        return [raw]
    channel = _ambient_channel(frame)
    if raw.channel is None and channel is not None:
        raw = raw._replace(channel=one(Text(channel)))
    ambient = sorted({cover for way in frame.ways for cover in way if cover.data_category is None and cover.purpose}, key=str)
    return [
        raw._replace(
            purpose=one(Text(cover.purpose or "", cover.place)),
            recipient=one(Text(cover.recipient, cover.place)) if cover.recipient else None,
        )
        for cover in ambient
    ] or [raw]


def _uses(
    frame: Frame, node: ast.Call, gate: AGate | ABoundGate, arguments: Arguments, how: How, *, asks: bool = False
) -> list[RawUse]:
    parts = arguments.by_name(*(_USE[:1] if isinstance(gate, ABoundGate) else _USE))
    if isinstance(gate, ABoundGate):
        parts = {**parts, "purpose": (gate.purpose, node.func), "recipient": (gate.recipient, node.func)}
    if "data_category" not in parts:
        return []
    raw = _raw(frame, node, gate.judge, parts, how)
    return _in_purpose(raw._replace(asks=asks, bound=isinstance(gate, ABoundGate)), frame)


def _raw(frame: Frame, node: ast.Call, judge: Judge, parts: dict[str, tuple[Value, ast.expr]], how: How) -> RawUse:
    def part(name: str) -> Value | None:
        value = parts[name][0] if name in parts else None
        return None if value is None or (value and all(isinstance(atom, Nothing) for atom in value)) else value or ANYTHING

    purpose = part("purpose")
    if purpose is not None and any(_is_ambient(atom) for atom in purpose):
        purpose = None
    subject = part("subject")
    places = tuple((name, frame.module.place(each)) for name, (_, each) in parts.items() if name in (*_USE, "channel"))
    return RawUse(
        how,
        frame.module.place(node),
        judge,
        part("data_category"),
        purpose,
        part("recipient"),
        part("channel"),
        subject is not None or any(_has_subject(way) for way in frame.ways),
        places,
        expected=frame.expected,
    )


def ambient_covers(ways: Ways) -> tuple[Cover, ...]:
    """Give the purposes that every way stands under."""
    common = frozenset.intersection(*ways) if ways else frozenset[Cover]()
    return tuple(sorted((cover for cover in common if cover.data_category is None), key=str))


def _has_subject(way: frozenset[Cover]) -> bool:
    return any(cover.data_category is None and cover.subject for cover in way)


def _ambient_channel(frame: Frame) -> str | None:
    """Give the channel that every way's purpose names."""
    named = {next((cover.channel for cover in way if cover.data_category is None and cover.channel), None) for way in frame.ways}
    return named.pop() if len(named) == 1 else None


def _is_ambient(atom: object) -> bool:
    return getattr(atom, "dotted", "").endswith(".AMBIENT")


def _only(value: Value | None) -> list[str]:
    if value is None or len(value) != 1:
        return []
    return [name for name in map(name_of, value) if name is not None]


def _ambient(raw: RawUse) -> tuple[Cover, ...]:
    """Give the covers of a block in a purpose: what cannot be told is a purpose all the same."""
    purposes, recipients = _only(raw.purpose), _only(raw.recipient)
    return (
        Cover(
            raw.how,
            raw.judge,
            None,
            purposes[0] if purposes else None,
            recipients[0] if recipients else None,
            raw.place,
            raw.has_subject,
            channel=next(iter(_only(raw.channel)), None),
        ),
    )


def _block(frame: Frame, node: ast.Call, gate: AGate, arguments: Arguments) -> Value:
    raw = _raw(frame, node, gate.judge, arguments.by_name(*_PURPOSE), How.PURPOSE)
    frame.emit([raw])
    return one(Covering(_ambient(raw)))


def _bound(frame: Frame, node: ast.Call, gate: AGate, arguments: Arguments) -> Value:
    parts = arguments.by_name(*_PURPOSE)
    frame.emit([_raw(frame, node, gate.judge, parts, How.BIND)])
    none = one(Nothing())
    return one(
        ABoundGate(gate.judge, parts["purpose"][0] if "purpose" in parts else ANYTHING, parts.get("recipient", (none, node))[0])
    )


def _guard(frame: Frame, node: ast.Call, gate: AGate, arguments: Arguments) -> Value:
    """Read a guard; what it uses is noted where its function is entered."""
    raws = []
    for value, each in arguments.positional:
        raw = _raw(frame, node, gate.judge, {**arguments.keywords, "data_category": (value, each)}, How.GUARD)
        raws.append(raw)
    told = [raw for raw in raws if not _is_deferred(raw)]
    frame.emit(told)
    raws = [raw for raw in raws if raw not in told]
    covers = covers_of([*told, *raws])
    if arguments.open:
        doubt(frame, node, "the arguments of this guard are put together elsewhere, so that its uses cannot be told")
    return one(Covering(covers, tuple(raws), guards=True))


def _is_deferred(raw: RawUse) -> bool:
    """Tell whether a guard's use is known only where its function is called."""
    return raw.purpose is None or any(
        isinstance(atom, Taken) for value in (raw.purpose, raw.recipient, raw.channel) for atom in value or ()
    )


def _opened(frame: Frame, node: ast.Call, gate: AGate, arguments: Arguments, how: How) -> Value:
    parts = arguments.by_name("sealed", *_PURPOSE)
    sealed = [atom for atom in parts.get("sealed", (NEVER, node))[0] if isinstance(atom, ASealed)]
    raws: list[RawUse] = []
    for atom in sealed:
        for label in atom.labels:
            category = one(Text(label.name, label.place))
            raw = _raw(frame, node, gate.judge, {**parts, "data_category": (category, node)}, how)
            raws += _in_purpose(raw, frame)
    if not raws or any(not atom.known for atom in sealed):
        frame.emit(_in_purpose(_raw(frame, node, gate.judge, parts, how), frame))
        if not sealed:
            doubt(frame, node, "which data categories are opened here cannot be told")
    frame.emit(raws)
    frame.ways = released(frame.ways, covers_of(raws))
    return ANYTHING


def _disclosed(reader: Reader, frame: Frame, node: ast.Call, gate: AGate, arguments: Arguments, how: How) -> Value:
    parts = arguments.by_name("model" if how is How.FIELDS else "data", *_PURPOSE)
    denied = parts.get("on_denied")
    drops = denied is not None and not any(text.text == "refuse" for text in texts(denied[0]))
    data = parts.get("model" if how is How.FIELDS else "data", (NEVER, node))[0]
    if "as_type" in parts:
        data = data | parts["as_type"][0]
    labels = dict.fromkeys(_labels(reader, frame, data, 0))
    found: list[RawUse] = []
    for label in labels:
        category = one(Text(label.name, label.place))
        found += _in_purpose(_raw(frame, node, gate.judge, {**parts, "data_category": (category, node)}, how), frame)
    if not labels:
        found = _in_purpose(_raw(frame, node, gate.judge, parts, how)._replace(data_category=None), frame)
        if how is not How.FIELDS and (not data or UNKNOWN in data):
            doubt(frame, node, "which labelled data are disclosed here cannot be told")
    frame.emit([raw._replace(asks=how is How.FIELDS, drops=drops) for raw in found])
    return ANYTHING


def answered(reader: Reader, frame: Frame, node: ast.expr, value: Value) -> list[RawUse]:
    """Give the uses that a route's answer makes, of whose labelled fields the framework leaves out what may not be seen."""
    place = frame.module.place(node)
    covers = sorted({cover for way in frame.ways for cover in way if cover.data_category is None and cover.purpose}, key=str)
    if not covers:
        return []
    labels = dict.fromkeys(_labels(reader, frame, value, 0))
    return [
        RawUse(
            How.ROUTE,
            place,
            cover.judge,
            one(Text(label.name, label.place)),
            one(Text(cover.purpose or "", cover.place)),
            one(Text(cover.recipient, cover.place)) if cover.recipient else None,
            one(Text(cover.channel, cover.place)) if cover.channel else None,
            cover.subject,
            (),
            drops=True,
        )
        for cover in covers
        for label in labels
    ]


def _labels(reader: Reader, frame: Frame, value: Value, depth: int) -> Iterator[Mention]:
    if depth > 3:  # noqa: PLR2004 - deeper, data are nested in themselves
        return
    for atom in value:
        if isinstance(atom, (Instance, InClass)):
            for name in reader.classes.names_of(atom.owner):
                declared = reader.classes.field(atom.owner, name)
                if declared is not None:
                    if frame.notes is not None:
                        frame.notes.touched.update((owner, name) for owner in declared.declared)
                    yield from declared.labels
                    yield from _labels(reader, frame, declared.value, depth + 1)
        elif isinstance(atom, Items):
            yield from _labels(reader, frame, either(atom.exact) if atom.exact else atom.each, depth + 1)
        elif isinstance(atom, Table):
            yield from _labels(reader, frame, either([*(each for _, each in atom.entries), atom.rest]), depth + 1)
        elif isinstance(atom, ASealed):
            yield from atom.labels
