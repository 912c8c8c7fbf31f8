"""`@gate.guard`: a function that uses personal data asks before its first line runs."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from types import AsyncGeneratorType, CoroutineType, FrameType, GeneratorType
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakSet

from purposegate.errors import DeclarationError
from purposegate.findings import Finding, Location, Severity, listed
from purposegate.gate.ambient import AMBIENT, Ambient, Why, why_now, why_of
from purposegate.gate.declared import line_of, no_ids, wrong, wrong_names
from purposegate.gate.returned import Returned
from purposegate.gate.stepping import Steps, stepping, stepping_async
from purposegate.gate.taking import From, Taker, as_id, as_name
from purposegate.gate.wrapping import public_members, wrapped, wrapped_member

if TYPE_CHECKING:
    from purposegate.gate.gate import Gate

_T = TypeVar("_T")
# What a function may give back of which no line has run.
_UNBEGUN: Final = frozenset({AsyncGeneratorType, CoroutineType, GeneratorType})
# The classes that are guarded: what another class has from one of them is guarded by that one's own guard.
_guarded: Final[WeakSet[type]] = WeakSet()
_NAMES: Final = ("purpose", "recipient", "channel")


@dataclass(frozen=True, slots=True, eq=False)
class Guard:
    """What `Gate.guard` gives: a decorator that leaves what it decorates what it was, and asks first."""

    gate: Gate
    data_categories: tuple[str, ...]
    # What was given for the parts of a use: text, or where to take it from; what comes from the ambient purpose is not in it.
    parts: Mapping[str, str | From]
    check_return: bool = False

    def __call__(self, target: _T) -> _T:
        """Guard a function, a method, or the public methods of a class; raise `DeclarationError` where that cannot be done."""
        if isinstance(target, type):
            self._guard_class(target)
            self._guard_subclasses(target)
            return target
        guarded = wrapped_member(target, self._guarded) if not callable(target) or inspect.isroutine(target) else None
        if guarded is None:
            if not callable(target):
                raise wrong("no-function", "a guard goes on a function, a method or a class", _place(target))
            guarded = self._guarded(target)
        return guarded  # type: ignore[return-value]  # it is called as the target was, and inspected as that

    def _guarded(self, function: Callable[..., Any]) -> Callable[..., Any]:
        signature = _signature(function)
        takers: dict[str, Taker] = {}
        findings = []
        for part, value in self.parts.items():
            if isinstance(value, From):
                missing = value.missing(signature)
                if missing:
                    help_ = f"it has {listed(signature.parameters)}" if signature.parameters else None
                    message = f"the {part} is taken from {listed(missing)}, which the function has no parameter for"
                    findings.append(Finding("unknown-parameter", Severity.ERROR, message, _place(function), help=help_))
                else:
                    takers[part] = value.taker(signature)
        if findings:
            raise DeclarationError(findings)
        literal = {part: value for part, value in self.parts.items() if isinstance(value, str)}
        returned = Returned(self.gate, self.data_categories, function, _place(function)) if self.check_return else None
        return wrapped(function, _Guarding(Passage(self.gate, self.data_categories, literal, takers), returned))

    def _guard_class(self, owner: type, guarded_bases: AbstractSet[type] = frozenset()) -> None:
        members = {}
        for name, member in public_members(owner, guarded_bases):
            guarded = wrapped_member(member, self._guarded)
            if guarded is None:
                raise wrong(
                    "unguarded-member",
                    f"`{owner.__name__}.{name}` is neither a method nor a property, and would be used unguarded",
                    _place(member),
                    help_="guard the methods one by one, or give it a private name",
                )
            members[name] = guarded
        for name, guarded in members.items():
            setattr(owner, name, guarded)

    def _guard_subclasses(self, owner: type) -> None:
        """Have the methods guarded that a subclass adds or overrides, as they are when it is made."""
        own = vars(owner).get("__init_subclass__")

        def init_subclass(subclass: type, /, **kwargs: Any) -> None:
            inherited = super(owner, subclass).__init_subclass__  # type: ignore[arg-type]  # a class that is not known before
            (inherited if own is None else own.__get__(None, subclass))(**kwargs)
            self._guard_class(subclass, set(_guarded))

        _guarded.add(owner)
        owner.__init_subclass__ = classmethod(init_subclass)  # type: ignore[assignment]  # as Python makes it of a method


class Passage:
    """The use that one guarded function makes, call by call."""

    __slots__ = ("_data_categories", "_literal", "_takers", "ambient", "fixed", "gate", "mark")

    def __init__(
        self, gate: Gate, data_categories: tuple[str, ...], literal: Mapping[str, str], takers: Mapping[str, Taker]
    ) -> None:
        self.gate = gate
        self._data_categories = data_categories
        self._literal = literal
        self._takers = takers
        self.ambient = "purpose" not in literal and "purpose" not in takers
        self.fixed = None if takers or self.ambient else Why(**literal)
        # The mark of the snapshot under which the use is settled and permitted: nothing needs to be asked then.
        self.mark: object = None

    def release(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        """Release what the function uses in one call, or raise `PurposeViolation`."""
        if self.fixed is not None:
            self.mark = self.gate._release_all(self._data_categories, self.fixed)  # noqa: SLF001 - a guard is a part of its gate
        else:
            self.gate._release_all(self._data_categories, self._why(args, kwargs))  # noqa: SLF001 - as above

    async def arelease(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        """Release what the function uses in one call, without blocking the event loop."""
        if self.fixed is not None:
            self.mark = await self.gate._arelease_all(self._data_categories, self.fixed)  # noqa: SLF001 - as above
        else:
            await self.gate._arelease_all(self._data_categories, self._why(args, kwargs))  # noqa: SLF001 - as above

    def circumstances(self) -> tuple[object, Why | None]:
        """Give what a release depends on besides the call: as long as that is the same, what was released stays so."""
        return self.gate._snapshot.mark, why_now(self.gate) if self.ambient else None  # noqa: SLF001 - as above

    def _why(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Why:
        around = why_now(self.gate) if self.ambient else None
        if around is not None and not self._literal and not self._takers:
            return around
        taken = {part: _text(part, take(args, kwargs)) for part, take in self._takers.items()}
        parts: dict[str, Any] = {**self._literal, **taken}
        purpose: str | Ambient = AMBIENT if self.ambient else parts["purpose"]
        return why_of(self.gate, purpose, *(parts.get(part) for part in ("recipient", "subject", "channel", "claim")))


class _Guarding:
    """Wraps functions so that a passage is asked first."""

    def __init__(self, passage: Passage, returned: Returned | None) -> None:
        self._passage = passage
        self._returned = returned

    def plain(self, function: Callable[..., Any]) -> Callable[..., Any]:
        passage, gate, returned = self._passage, self._passage.gate, self._returned
        if returned is not None:

            def guarded_twice(*args: Any, **kwargs: Any) -> Any:
                passage.release(args, kwargs)
                made = [function(*args, **kwargs)]  # taken out of it again: a traceback may be shown with the locals of its frames
                return returned(made.pop()) if type(made[0]) not in _UNBEGUN else self._begun(made[0], args, kwargs)

            return guarded_twice

        def guarded(*args: Any, **kwargs: Any) -> Any:
            if passage.mark is not gate._snapshot.mark:  # noqa: SLF001 - a guard is a part of its gate
                passage.release(args, kwargs)
            made = function(*args, **kwargs)
            return made if type(made) not in _UNBEGUN else self._begun(made, args, kwargs)

        return guarded

    def coroutine(self, function: Callable[..., Any]) -> Callable[..., Any]:
        passage, gate, returned = self._passage, self._passage.gate, self._returned
        if returned is not None:

            async def guarded_twice(*args: Any, **kwargs: Any) -> Any:
                await passage.arelease(args, kwargs)
                made = [await function(*args, **kwargs)]  # as above
                return returned(made.pop()) if type(made[0]) not in _UNBEGUN else self._begun(made[0], args, kwargs)

            return guarded_twice

        async def guarded(*args: Any, **kwargs: Any) -> Any:
            if passage.mark is not gate._snapshot.mark:  # noqa: SLF001 - as above
                await passage.arelease(args, kwargs)
            made = await function(*args, **kwargs)
            return made if type(made) not in _UNBEGUN else self._begun(made, args, kwargs)

        return guarded

    def _begun(self, made: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Give what a function made to run later, each step of it a use of its own."""
        if isinstance(made, CoroutineType):
            return _awaited(made, self._aresumption(args, kwargs, released=True), self._returned)
        if isinstance(made, GeneratorType):
            steps: Steps[Any] = Steps(made, self._resumption(args, kwargs, released=True), self._returned)
            return stepping(lambda *_: steps)()
        awaited: Steps[Any] = Steps(made, self._aresumption(args, kwargs, released=True), self._returned)
        return stepping_async(lambda *_: awaited)()

    def generator(self, function: Callable[..., Any]) -> Callable[..., Any]:
        return stepping(lambda args, kwargs: Steps(function(*args, **kwargs), self._resumption(args, kwargs), self._returned))

    def async_generator(self, function: Callable[..., Any]) -> Callable[..., Any]:
        return stepping_async(
            lambda args, kwargs: Steps(function(*args, **kwargs), self._aresumption(args, kwargs), self._returned)
        )

    def _resumption(self, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, released: bool = False) -> Callable[[], None]:
        """Give what is asked before each step of a generator: another purpose, or another policy, is another release."""
        passage = self._passage
        last = passage.circumstances() if released else None

        def resumed() -> None:
            nonlocal last
            now = passage.circumstances()
            if now != last:
                passage.release(args, kwargs)
                last = now

        return resumed

    def _aresumption(
        self, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, released: bool = False
    ) -> Callable[[], Awaitable[None]]:
        """Give the same for what is awaited."""
        passage = self._passage
        last = passage.circumstances() if released else None

        async def resumed() -> None:
            nonlocal last
            now = passage.circumstances()
            if now != last:
                await passage.arelease(args, kwargs)
                last = now

        return resumed


async def _awaited(made: Any, resumed: Callable[[], Awaitable[None]], returned: Returned | None) -> Any:
    try:
        await resumed()
    except BaseException:
        made.close()
        raise
    return await made if returned is None else returned(await made)


def declared(
    gate: Gate, data_categories: tuple[str, ...], parts: Mapping[str, object], frame: FrameType, *, check_return: bool
) -> Guard:
    """Make a guard of what was passed to `Gate.guard`; raise `DeclarationError` for a name that the policy does not know."""
    location = line_of(frame)
    given = {part: value for part, value in parts.items() if value is not None and not isinstance(value, Ambient)}
    literal = {part: value for part, value in given.items() if not isinstance(value, From)}
    names: dict[str, Any] = {part: value for part, value in literal.items() if part in _NAMES}
    if parts["purpose"] is None:  # nobody meant that: what was looked up was not found
        names["purpose"] = as_name(None)
    findings = [
        *wrong_names(gate.engine, data_categories, **names, location=location),
        *no_ids({part: value for part, value in literal.items() if part not in _NAMES}, location),
    ]
    if not data_categories:
        findings.append(Finding("no-category", Severity.ERROR, "a guard names the data that its function uses", location))
    if findings:
        raise DeclarationError(findings)
    said = {part: value if isinstance(value, From) else _text(part, value) or "" for part, value in given.items()}
    return Guard(gate, tuple(map(as_name, data_categories)), said, check_return)


def _signature(function: Callable[..., Any]) -> inspect.Signature:
    try:
        return inspect.signature(function)
    except ValueError:  # a method of a built-in class, which tells of no parameters
        return inspect.Signature()


def _text(part: str, value: object) -> str | None:
    """Make plain text of a part; a name that is none stays none, and an id that is none is missing."""
    return as_name(value) if part in _NAMES else as_id(value)


def _place(target: object) -> Location | None:
    function = getattr(target, "__func__", getattr(target, "fget", target))
    code = getattr(inspect.unwrap(function) if callable(function) else function, "__code__", None)
    return None if code is None else Location(code.co_filename, code.co_firstlineno, 1)
