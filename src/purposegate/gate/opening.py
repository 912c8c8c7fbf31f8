"""Opening what is sealed: by name at the gate, or because a model is dumped inside a purpose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from purposegate.gate.ambient import Scope, current
from purposegate.gate.releasing import Releasing

if TYPE_CHECKING:
    from purposegate.gate.gate import Gate

# The labels of what was released as a whole a moment ago, while it is written out: it is not released a second time.
_released: Final[ContextVar[frozenset[frozenset[str]]]] = ContextVar("purposegate_released", default=frozenset())


@contextmanager
def written_out(labels: Iterable[frozenset[str]]) -> Iterator[None]:
    """Give a block in which values with exactly these labels open, because `disclose` has just released them."""
    before = _released.set(frozenset(each for each in labels if each))
    try:
        yield
    finally:
        _released.reset(before)


def opens_now(data_categories: Iterable[str]) -> bool:
    """Release data categories for the ambient purpose, if it permits all of them; where several gates have one, all must permit.

    Raises `LedgerError` or `TrailError` where it cannot be decided or recorded.
    """
    names = sorted(data_categories)
    if frozenset(names) in _released.get():
        return True
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
