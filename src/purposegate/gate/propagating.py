"""`gate.propagate`: a function that takes the purpose along to where the context does not follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from purposegate.gate.ambient import Scope, Why, begin, current, end, why_now
from purposegate.gate.stepping import Steps, stepping, stepping_async
from purposegate.gate.wrapping import wrapped

if TYPE_CHECKING:
    from purposegate.gate.gate import Gate

_F = TypeVar("_F", bound=Callable[..., Any])


def propagated(gate: Gate, function: _F) -> _F:
    """Give the function, run in the purpose that is ambient now, or in none where there is none, whatever is ambient there."""
    return wrapped(function, _Carrying(gate, why_now(gate)))  # type: ignore[return-value]  # it is called as the function was


@contextmanager
def carried(gate: Gate, why: Why | None) -> Iterator[None]:
    """Open a purpose that was carried here, and end it with the block."""
    scope = begin(gate, why)
    try:
        yield
    finally:
        end(scope)


class _Carrying:
    """Wraps functions so that they run in a purpose of their own."""

    def __init__(self, gate: Gate, why: Why | None) -> None:
        self._gate = gate
        self._why = why

    def plain(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def propagated(*args: Any, **kwargs: Any) -> Any:
            with carried(self._gate, self._why):
                return function(*args, **kwargs)

        return propagated

    def coroutine(self, function: Callable[..., Any]) -> Callable[..., Any]:
        async def propagated(*args: Any, **kwargs: Any) -> Any:
            with carried(self._gate, self._why):
                return await function(*args, **kwargs)

        return propagated

    def generator(self, function: Callable[..., Any]) -> Callable[..., Any]:
        return stepping(lambda args, kwargs: Steps(function(*args, **kwargs), _unasked, within=self._scope()))

    def async_generator(self, function: Callable[..., Any]) -> Callable[..., Any]:
        return stepping_async(lambda args, kwargs: Steps(function(*args, **kwargs), _unawaited, within=self._scope()))

    def _scope(self) -> Scope:
        return Scope(self._gate, self._why, current.get())


def _unasked() -> None:
    """Ask nothing: what the body uses is asked about where it uses it."""


async def _unawaited() -> None:
    """Ask nothing, and be awaited for it."""
