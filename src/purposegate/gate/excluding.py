"""The walk of `disclose`, for what pydantic dumps itself: it gives what the dump is to leave out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from purposegate.gate.ambient import Why
from purposegate.gate.declared import wrong
from purposegate.gate.disclosure import Disclosure, Fields, OnDenied
from purposegate.gate.labels import UNLABELLED, Shape
from purposegate.gate.plans import LEAVES, Kind, Plan, plan_of
from purposegate.gate.sealed import Sealed, labels_sealed, value_sealed
from purposegate.gate.taking import From

if TYPE_CHECKING:
    from purposegate.gate.gate import Gate

# What pydantic takes as `exclude`, for one value: all of it, some of its parts, or nothing.
Exclude = bool | dict[Any, Any]


class Excluding(Disclosure):
    """One walk over data that pydantic then dumps, within `written_out(walk.opened)`: what is sealed is released here as well."""

    def __init__(self, gate: Gate, why: Why, on_denied: OnDenied) -> None:
        super().__init__(gate._releasing(), why, on_denied, None)  # noqa: SLF001 - a part of the gate
        # Each sealed value that is let out, by its identity.
        self.opened: dict[int, Sealed[Any]] = {}

    def refuse(self) -> NoReturn:
        """Refuse the whole, where nothing would be left of it."""
        self._releasing.release_all()
        raise wrong("all-withheld", "nothing of this may be seen")

    def of_all(self, data: object, shape: Shape | None, each: From | None) -> Exclude:
        """Give what is to be left out of the data, or refuse the whole, where that was asked for.

        `each` says whose data a record is, or each record of a list.
        """
        if each is None or not isinstance(data, (list, tuple)):
            excluded: Exclude = self._of_one(data, shape, each)  # type: ignore[assignment]  # as the methods below have it
            return excluded
        items = None if shape is None else shape.items or shape
        by_number = {number: self._of_one(record, items, each) for number, record in enumerate(data)}
        return {number: excluded for number, excluded in by_number.items() if excluded}

    def of_any(self, data_categories: frozenset[str]) -> bool:
        """Tell whether what may hold any of these is left out; whose it is, is what the purpose says."""
        why = self._why._replace(subject=self._whose)
        passing = [self._releasing.passes(why.use(each)) for each in sorted(data_categories)]  # each is asked about, and recorded
        if all(passing):
            return False
        if self._on_denied is OnDenied.REFUSE:
            self._releasing.release_all()
        return True

    def _projected(self, value: Any, shape: Shape | None) -> Any:  # noqa: ANN401 - data are of any type
        plan = plan_of(type(value))
        if plan.kind is Kind.LEAF:
            return False
        if plan.kind is Kind.SEALED:
            return self._excluded_sealed(value)
        excluded = self._walked(value, shape)
        return excluded if isinstance(excluded, dict) else excluded is True  # of what holds itself, pydantic makes an error

    def _excluded_sealed(self, sealed: Sealed[Any]) -> bool:
        labels = labels_sealed(sealed)
        if not labels or not self._may(labels):
            return bool(self._denied(labels))
        if self._projected(value_sealed(sealed), UNLABELLED):
            return True  # it is written whole or not at all
        self.opened[id(sealed)] = sealed
        return False

    def _structure(self, value: Any, plan: Plan) -> Any:  # noqa: ANN401 - as above
        fields = self._fields_of_class(type(value), plan)
        held = plan.read(value)
        excluded = self._each(((name, held[name], shape) for name, shape in fields.released if name in held))
        self._beside(excluded, held, plan.fields, fields)
        if plan.root:
            return excluded.get("root", False)
        written_by_itself = getattr(getattr(type(value), "__pydantic_decorators__", None), "model_serializers", None)
        return True if excluded and written_by_itself else excluded

    def _mapping(self, value: Mapping[Any, Any], shape: Shape | None) -> Any:  # noqa: ANN401 - as above
        if any(plan_of(type(key)).kind is not Kind.LEAF for key in value):
            return True  # a key cannot be left out by itself
        excluded: dict[Any, Any] = super()._mapping(value, shape)
        return {name: each for name, each in excluded.items() if each}

    def _sequence(self, value: Collection[Any], shape: Shape | None) -> Any:  # noqa: ANN401 - as above
        items = None if shape is None else shape.items or shape
        excluded = self._each((number, each, items) for number, each in enumerate(value))
        return True if excluded and isinstance(value, (set, frozenset)) else excluded

    def _opaque(self, value: Any, plan: Plan, shape: Shape | None) -> Any:  # noqa: ANN401, ARG002 - as above
        """Look through an object that declares nothing: what it is made into declares what goes out."""
        return self._each((name, each, plan.fields.get(name, UNLABELLED)) for name, each in plan.read(value).items())

    def _each(self, parts: Any) -> dict[Any, Any]:  # noqa: ANN401 - names or numbers, with values of any type and their shapes
        excluded = {name: self._projected(each, shape) for name, each, shape in parts if type(each) not in LEAVES}
        return {name: each for name, each in excluded.items() if each}

    def _beside(self, projected: dict[Any, Any], held: Mapping[Any, Any], declared: Mapping[str, Shape], fields: Fields) -> None:
        super()._beside(projected, held, declared, fields)
        for name in [name for name, each in projected.items() if not each]:
            del projected[name]

    def _denied(self, data_categories: Collection[str]) -> object:
        super()._denied(data_categories)
        return True
