"""What a guarded function gives back: no labelled field that its guard did not name."""

from __future__ import annotations

import typing
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, TypeVar

from purposegate.engine.use import Use
from purposegate.errors import DeclarationError
from purposegate.findings import Finding, Location, Severity
from purposegate.gate.ambient import Why
from purposegate.gate.disclosure import Disclosure, OnDenied
from purposegate.gate.labels import Shape, shape_of
from purposegate.gate.sealed import Sealed, value_sealed
from purposegate.policy.terms import NO_PURPOSE, presentable

if TYPE_CHECKING:
    from purposegate.gate.gate import Gate

_T = TypeVar("_T")


class Returned:
    """Looks through what comes back, by the walk of `disclose`; the return annotation says what plain dictionaries are."""

    def __init__(
        self, gate: Gate, data_categories: tuple[str, ...], function: Callable[..., Any], location: Location | None
    ) -> None:
        self._gate = gate
        self._data_categories = data_categories
        self._name = getattr(function, "__qualname__", "the function")
        self._location = location
        self._shape = _returned_shape(function)

    def __call__(self, value: _T) -> _T:
        """Give the value back; raise `DeclarationError` where it holds a category that is not named."""
        found = _Found()
        Disclosure(found, Why(NO_PURPOSE), OnDenied.DROP, None).of(value, self._shape, None)
        beside = [each for each in sorted(found.data_categories) if not self._names(each)]
        if beside:
            kept, value = Sealed(value), None  # type: ignore[assignment]  # a traceback may be shown with the locals of its frames
            findings = [
                Finding(
                    "unnamed-return",
                    Severity.ERROR,
                    f"`{self._name}` gives back `{presentable(each)}`, which its guard does not name",
                    self._location,
                )
                for each in beside
            ]
            self._gate._declared_wrongly(DeclarationError(findings))  # noqa: SLF001 - the gate knows whether it only observes
            return value_sealed(kept)  # type: ignore[no-any-return]  # what came back
        return value

    def _names(self, data_category: str) -> bool:
        categories = self._gate.policy.categories
        return data_category in categories and not categories.above(data_category).isdisjoint(self._data_categories)


class _Found:
    """Answers the walk's questions by keeping what they were about."""

    def __init__(self) -> None:
        self.data_categories: set[str] = set()

    def passes(self, use: Use) -> bool:
        self.data_categories.add(use.data_category)
        return True

    def kept(self, key: Hashable, judged: Callable[[], _T]) -> _T:  # noqa: ARG002 - nothing is kept
        return judged()

    def release_all(self) -> None: ...

    def release_permitted(self) -> None: ...


def _returned_shape(function: Callable[..., Any]) -> Shape:
    try:
        hint = typing.get_type_hints(function, include_extras=True).get("return")
    except Exception:  # noqa: BLE001 - a name may exist for type checkers only; what comes back is still read by what it is
        hint = None
    return shape_of(hint)
