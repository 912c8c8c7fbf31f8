"""The ambient purpose: why the code that runs now may use personal data, bound to its context.

A context variable holds the innermost scope, which links to those around it. What was begun in a scope may outlive it (a task, a
callback); for that, an ended scope is no purpose at all, and not the one around it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum
from inspect import CO_ASYNC_GENERATOR, CO_GENERATOR
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Final, NamedTuple

from purposegate.engine.judge import Engine
from purposegate.engine.use import Use
from purposegate.errors import DeclarationError
from purposegate.findings import Finding, Severity
from purposegate.gate.declared import no_ids, wrong, wrong_names
from purposegate.gate.taking import as_id, as_name
from purposegate.policy.terms import NO_PURPOSE

if TYPE_CHECKING:
    from purposegate.gate.gate import Gate

_GENERATORS: Final = CO_GENERATOR | CO_ASYNC_GENERATOR
# What runs a generator's body to its `yield` and keeps the scope it opened on purpose: for a `with`, or for a test.
_DRIVERS: Final = ("contextlib", "_pytest.fixtures")
# What keeps the steps of a generator apart from its caller.
_STEPPING: Final = "purposegate.gate.stepping"
_KEEPING: Final = ("enter_context", "enter_async_context")
_TOKEN_KEYS: Final = ("purpose", "recipient", "subject", "channel", "claim")


class Ambient(Enum):
    """Stands for a purpose that a call does not name. It is no None: a purpose that was looked up and not found is one."""

    AMBIENT = "the ambient purpose"


AMBIENT: Final = Ambient.AMBIENT


class Why(NamedTuple):
    """What a scope says about the uses in it; no recipient is the controller itself."""

    purpose: str
    recipient: str | None = None
    subject: str | None = None
    channel: str | None = None
    claim: str | None = None

    def use(self, data_category: str) -> Use:
        """Give the use of a data category for this."""
        return Use(data_category, self.purpose, self.recipient, self.subject, self.channel, self.claim)


@dataclass(slots=True, eq=False)
class Scope:
    """One ambient purpose of one gate, from the beginning of a block to its end; without `why`, an end to what lies around it.

    `outer` is whatever scope lies around it, of any gate; `leans_on` the one that it has its purpose from.
    """

    gate: Gate
    why: Why | None
    outer: Scope | None = field(default=None, repr=False)
    leans_on: Scope | None = field(default=None, repr=False)
    ended: bool = False

    @property
    def live(self) -> bool:
        """Whether its block goes on, and that of the one that it has its purpose from."""
        scope: Scope | None = self
        while scope is not None and not scope.ended:
            scope = scope.leans_on
        return scope is None


current: Final[ContextVar[Scope | None]] = ContextVar("purposegate", default=None)


def scope_now(gate: Gate) -> Scope | None:
    """Give the innermost scope of a gate, or None where there is none or it has ended."""
    scope = current.get()
    while scope is not None and scope.gate is not gate:
        scope = scope.outer
    return scope if scope is not None and scope.live else None


def why_now(gate: Gate) -> Why | None:
    """Give the ambient purpose of a gate, or None where there is none."""
    scope = scope_now(gate)
    return None if scope is None else scope.why


def why_of(
    gate: Gate,
    purpose: str | Ambient,
    recipient: str | None,
    subject: str | None,
    channel: str | None,
    claim: str | None,
) -> Why:
    """Give what a call says, or where it names no purpose, what the ambient one says in its place; without one there is none.

    What it names besides only narrows the ambient one: the employer, where that says employers, and no other person.
    """
    if not isinstance(purpose, Ambient):
        return Why(purpose, recipient, subject, channel, claim)
    around = why_now(gate)
    if around is None:
        return Why(NO_PURPOSE, recipient, subject, channel, claim)
    why = Why(
        around.purpose,
        around.recipient if recipient is None else recipient,
        around.subject if subject is None else subject,
        around.channel if channel is None else channel,
        around.claim if claim is None else claim,
    )
    findings = list(_other_parts(around, why))
    if recipient is not None and around.recipient is not None:
        findings += _wider_recipient(gate.engine, around, why)
    if findings:
        gate._declared_wrongly(DeclarationError(findings))  # noqa: SLF001 - the gate knows whether it only observes
    return why


class PurposeBlock:
    """What `Gate.purpose` gives: a block, sync or async, in which there is a purpose. It is entered once."""

    __slots__ = ("_entered", "_gate", "_named", "_scope")

    def __init__(self, gate: Gate, named: dict[str, str | None]) -> None:
        self._gate = gate
        self._named = named
        self._entered = False
        self._scope: Scope | None = None

    def __enter__(self) -> None:  # pragma: no mutate block - it counts the frames above it, to which a mutant adds one
        self._enter(sys._getframe(1))  # noqa: SLF001 - whose block it is decides whether it can be one

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._scope is not None:
            end(self._scope)

    def __del__(self) -> None:
        if self._scope is not None:  # entered by hand, or kept by a stack that nobody closed
            end(self._scope)

    async def __aenter__(self) -> None:  # pragma: no mutate block - as above
        self._enter(sys._getframe(1))  # noqa: SLF001 - as above

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._scope is not None:
            end(self._scope)

    def _enter(self, frame: FrameType) -> None:
        if self._entered:
            raise wrong("entered-twice", "the block of a purpose is entered once", help_="call `purpose` again for another block")
        self._entered = True
        if _lent(frame):
            raise wrong(
                "lent-purpose",
                "a generator that opens a purpose would lend it to whoever iterates it",
                help_="decorate the generator with `guard` or `propagate`, each of which keeps its steps apart",
            )
        outer = scope_now(self._gate)
        around = None if outer is None else outer.why
        why = _inherited(around, self._named)
        engine = self._gate.engine
        if around is None and self._named["purpose"] is None:
            findings = [Finding("no-purpose", Severity.ERROR, "there is no purpose here that could be narrowed", help="name one")]
        else:
            findings = list(wrong_names(engine, purpose=why.purpose, recipient=why.recipient, channel=why.channel))
        if around is not None and not findings:
            findings = list(_widened(engine, around, why))
        if findings:
            self._gate._declared_wrongly(DeclarationError(findings))  # noqa: SLF001 - the gate knows whether it only observes
        self._scope = begin(self._gate, why, leans_on=outer if self._named["purpose"] is None else None)


def block(gate: Gate, purpose: object, recipient: object, subject: object, channel: object, claim: object) -> PurposeBlock:
    """Make the block of what was passed to `Gate.purpose`: plain text, with None for what is to be inherited."""
    ids = {"subject": subject, "claim": claim}
    findings = list(no_ids(ids))
    if findings:
        gate._declared_wrongly(DeclarationError(findings))  # noqa: SLF001 - as below
    names = {"purpose": None if purpose is AMBIENT else as_name(purpose)}
    names |= {part: None if value is None else as_name(value) for part, value in (("recipient", recipient), ("channel", channel))}
    return PurposeBlock(gate, names | {part: as_id(value) for part, value in ids.items()})


def begin(gate: Gate, why: Why | None, *, leans_on: Scope | None = None) -> Scope:
    """Open a scope; what it says was narrowed already, or was carried here."""
    scope = Scope(gate, why, current.get(), leans_on)
    current.set(scope)
    return scope


def end(scope: Scope) -> None:
    """End a scope, for whatever still runs in it too."""
    # INVARIANT: ended before anything else: where its block ends in another context than it began in, there is nothing to put back.
    scope.ended = True
    if current.get() is scope:
        current.set(scope.outer)


def to_token(gate: Gate) -> str:
    """Write the ambient purpose as JSON: names, and the id of a person or a claim where there is one."""
    why = why_now(gate)
    if why is None:
        raise wrong(
            "no-purpose", "there is no purpose here that a token could carry", help_="call it inside `with gate.purpose(…)`"
        )
    parts = {key: getattr(why, key) for key in _TOKEN_KEYS}
    return json.dumps({"policy": gate.policy.id} | {key: value for key, value in parts.items() if value is not None})


def from_token(gate: Gate, token: str) -> Why:
    """Read a token; raise `DeclarationError` where it is none, is another policy's, or names what this one does not know."""
    refused = wrong("bad-token", "this is no token of a purpose under this policy")
    try:
        parts: object = json.loads(token)
    except (TypeError, ValueError, RecursionError):
        parts = None
    if not isinstance(parts, dict) or parts.pop("policy", None) != gate.policy.id or not isinstance(parts.get("purpose"), str):
        raise refused
    if not parts.keys() <= set(_TOKEN_KEYS) or not all(isinstance(value, str) for value in parts.values()):
        raise refused
    why = Why(**parts)
    findings = list(wrong_names(gate.engine, purpose=why.purpose, recipient=why.recipient, channel=why.channel))
    if findings:
        raise DeclarationError(findings)
    return why


def _inherited(around: Why | None, named: dict[str, str | None]) -> Why:
    given = {key: value for key, value in named.items() if value is not None}
    return around._replace(**given) if around is not None else Why(**({"purpose": NO_PURPOSE} | given))


def _widened(engine: Engine, around: Why, why: Why) -> Iterator[Finding]:
    """Yield what a nested purpose names that does not lie under what is around it; its names are known."""
    if why.purpose != around.purpose and around.purpose not in engine.policy.purposes.above(why.purpose):
        yield _wider(f"the purpose `{why.purpose}` does not lie under `{around.purpose}`")
    yield from _wider_recipient(engine, around, why)
    yield from _other_parts(around, why)


def _wider_recipient(engine: Engine, around: Why, why: Why) -> Iterator[Finding]:
    inner, outer = (engine.policy.controller if each is None else each for each in (why.recipient, around.recipient))
    declared = engine.class_of(inner)
    if inner != outer and declared is not None and outer not in engine.policy.recipients.above(declared):
        yield _wider(f"the recipient `{inner}` does not lie under `{outer}`")


def _other_parts(around: Why, why: Why) -> Iterator[Finding]:
    for key in ("subject", "channel", "claim"):
        if getattr(around, key) not in (None, getattr(why, key)):
            yield _wider(f"the {key} is another than that of the purpose around it")


def _wider(message: str) -> Finding:
    return Finding("wider-purpose", Severity.ERROR, message, help="a nested purpose only narrows the one around it")


def _lent(frame: FrameType | None) -> bool:
    """Tell whether a generator's body opens the block, and not for `contextlib` or a test's fixture, which run it for a `with`."""
    whole_stack = False
    while frame is not None:
        if frame.f_code.co_flags & _GENERATORS:
            driver = "" if frame.f_back is None else _module(frame.f_back)
            if driver == _STEPPING:
                return False
            if driver not in _DRIVERS:
                return True
        elif _module(frame) == "contextlib":
            # What `enter_context` was given to keep open may belong to a generator further up.
            whole_stack = whole_stack or frame.f_code.co_name in _KEEPING
        elif not whole_stack:
            return False
        frame = frame.f_back
    return False


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__"))


# A process begun inside a block is not in it: what it may do is said by a token.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lambda: current.set(None))
