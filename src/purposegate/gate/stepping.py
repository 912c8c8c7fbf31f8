"""Generators, one step at a time: what a body does to the ambient purpose stays in the body, and each step may be refused."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from types import TracebackType
from typing import Any, Generic, NamedTuple, TypeVar

from purposegate.gate.ambient import Scope, current

_G = TypeVar("_G")


class Steps(NamedTuple, Generic[_G]):
    """A generator that was just made; `before` is called before each step, `after` with what it gives; both refuse by raising.

    For an async generator `before` is awaited.
    """

    generator: _G
    before: Callable[[], Any]
    after: Callable[[Any], Any] | None = None
    within: Scope | None = None


Start = Callable[[tuple[Any, ...], Mapping[str, Any]], Steps[_G]]


def stepping(start: Start[Generator[Any, Any, Any]]) -> Callable[..., Generator[Any, Any, Any]]:
    """Give a generator function that runs another's generators step by step, each in an ambient purpose of its own."""

    def steps(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        generator, before, after, within = start(args, kwargs)
        apart = _Apart(within)
        sent: object = None
        thrown: BaseException | None = None
        try:
            while True:
                before()
                try:
                    with apart:
                        item = generator.send(sent) if thrown is None else generator.throw(thrown)
                except StopIteration as stop:
                    return stop.value
                sent, thrown = None, None
                try:
                    sent = yield item if after is None else after(item)
                except GeneratorExit:
                    raise
                except BaseException as error:  # noqa: BLE001 - whatever is thrown in is the body's to handle
                    thrown = error
        finally:
            with apart:
                generator.close()

    return steps


def stepping_async(start: Start[AsyncGenerator[Any, Any]]) -> Callable[..., AsyncGenerator[Any, Any]]:
    """Do the same for async generators."""

    async def steps(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        generator, before, after, within = start(args, kwargs)
        apart = _Apart(within)
        sent: object = None
        thrown: BaseException | None = None
        try:
            while True:
                await before()
                try:
                    with apart:
                        item = await (generator.asend(sent) if thrown is None else generator.athrow(thrown))
                except StopAsyncIteration:
                    return
                sent, thrown = None, None
                try:
                    sent = yield item if after is None else after(item)
                except GeneratorExit:
                    raise
                except BaseException as error:  # noqa: BLE001 - as above
                    thrown = error
        finally:
            with apart:
                await generator.aclose()

    return steps


class _Apart:
    """What a body left open between two of its steps is put back for the next one, and kept from its caller meanwhile."""

    __slots__ = ("_base", "_callers", "_own")

    def __init__(self, own: Scope | None) -> None:
        self._own = own
        self._base: Scope | None = None  # what lay around the body's own when it was opened
        self._callers: Scope | None = None

    def __enter__(self) -> None:
        self._callers = current.get()
        if self._own is not None:
            current.set(self._own)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        left = current.get()
        current.set(self._callers)
        if self._own is None:
            if left is not self._callers:
                self._own, self._base = left, self._callers
        else:
            self._own = None if left is self._base else left
