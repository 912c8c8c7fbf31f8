"""Opening what is sealed: by name at the gate, or because a model is dumped inside a purpose."""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from purposegate.gate.ambient import Scope, current
from purposegate.gate.declared import wrong
from purposegate.gate.releasing import Releasing
from purposegate.gate.sealed import Sealed, labels_sealed

if TYPE_CHECKING:
    from purposegate.gate.gate import Gate

# The sealed values that were released as a whole a moment ago, while they are written out: they are not released a second time.
_released: Final[ContextVar[Mapping[int, Sealed[Any]]]] = ContextVar("purposegate_released", default=MappingProxyType({}))


@contextmanager
def written_out(released: Mapping[int, Sealed[Any]]) -> Iterator[None]:
    """Give a block in which these very values open, by their identity, because they have just been released."""
    before = _released.set(released)
    try:
        yield
    finally:
        _released.reset(before)


def opens_now(sealed: Sealed[Any]) -> bool:
    """Release what a value is sealed for, if the ambient purpose permits all of it; where several gates have one, all must permit.

    Raises `LedgerError` or `TrailError` where it cannot be decided or recorded, and `DeclarationError` where an event loop would
    wait for a ledger.
    """
    if _released.get().get(id(sealed)) is sealed:
        return True
    _refuse_to_wait()
    names = sorted(labels_sealed(sealed))
    releases = [_judged(gate, scope, names) for gate, scope in _innermost().items()]
    if not names or not releases or not all(permitted for permitted, _ in releases):
        for permitted, releasing in releases:
            if not permitted and releasing is not None:
                releasing.release_permitted(only_denials=True)
        return False
    for _, releasing in releases:
        if releasing is not None:
            releasing.release_permitted()
    return True


def _refuse_to_wait() -> None:
    """Raise `DeclarationError` on an event loop, which would stand still while a ledger is waited for: pydantic cannot await."""
    if not any(gate._procedure.ledger is not None for gate in _innermost()):  # noqa: SLF001 - what is sealed opens by its gate
        return
    try:
        get_running_loop()
    except RuntimeError:
        pass  # none runs in this thread
    else:
        help_ = "await `Gate.adisclose` or `Gate.aopen`, or dump it in a thread (`asyncio.to_thread`)"
        raise wrong("would-wait", "a sealed value is dumped inside a coroutine, and its gate asks a ledger", help_=help_)


def _judged(gate: Gate, scope: Scope, data_categories: list[str]) -> tuple[bool, Releasing | None]:
    if scope.why is None or not scope.live:
        return False, None
    releasing = gate._releasing()  # noqa: SLF001 - what is sealed opens by its gate
    passing = [releasing.passes(scope.why.use(data_category)) for data_category in data_categories]
    return all(passing), releasing


def _innermost() -> dict[Gate, Scope]:
    found: dict[Gate, Scope] = {}
    scope = current.get()
    while scope is not None:
        found.setdefault(scope.gate, scope)
        scope = scope.outer
    return found
