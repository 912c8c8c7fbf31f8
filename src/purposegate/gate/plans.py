"""How the values of a class are read, field by field, with the labels of each. Worked out once a class."""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import enum
import fractions
import ipaddress
import pathlib
import re
import sys
import typing
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final, NamedTuple

from purposegate.gate.labels import UNLABELLED, UNREADABLE, Shape, merged, shape_of
from purposegate.gate.sealed import Sealed

_KEPT: Final = 4096

LEAVES: Final[frozenset[type]] = frozenset(
    {
        *(str, bytes, bytearray, int, float, complex, bool, type(None), type(Ellipsis), type(NotImplemented), range, slice),
        *(dt.date, dt.datetime, dt.time, dt.timedelta, dt.timezone, decimal.Decimal, fractions.Fraction),
        *(uuid.UUID, re.Pattern, pathlib.PosixPath, pathlib.WindowsPath, pathlib.PurePosixPath, pathlib.PureWindowsPath),
        *(ipaddress.IPv4Address, ipaddress.IPv6Address, ipaddress.IPv4Network, ipaddress.IPv6Network),
    }
)


# Reads an instance that holds its fields in its own dictionary, and nothing besides.
IN_ITS_DICT: Final[Callable[[Any], Mapping[str, Any]]] = attrgetter("__dict__")


class Kind(StrEnum):
    """What a class is to whoever walks over data."""

    LEAF = "leaf"
    MAPPING = "mapping"
    SEQUENCE = "sequence"
    ITERATOR = "iterator"
    SEALED = "sealed"
    STRUCTURE = "structure"
    OPAQUE = "opaque"


class Plan(NamedTuple):
    """A class: its kind, its fields in their order with their shapes, and the shape of whatever else an instance carries.

    `read` gives the values of an instance by name; of a field that is not set, none. `root` tells that the one field is the whole.
    """

    kind: Kind
    fields: Mapping[str, Shape] = {}
    rest: Shape = UNLABELLED
    read: Callable[[Any], Mapping[str, Any]] = vars
    root: bool = False


def plan_of(owner: type) -> Plan:
    """Give the plan of a class."""
    plan = _plans.get(owner)
    if plan is None:
        plan = _with_inherited_labels(owner, _planned(owner))
        if len(_plans) >= _KEPT:
            _plans.clear()
        _plans[owner] = plan
    return plan


_plans: dict[type, Plan] = {}


@lru_cache(_KEPT)
def typed_fields(shape: Shape) -> Mapping[str, Shape] | None:
    """Give the labelled fields that a dictionary has by its annotation, of all the types there together; None where it has none.

    A TypedDict is one at run time; and what should be a model may still be the dictionary that it is made of.
    """
    fields: dict[str, Shape] = {}
    for owner in (*shape.typed, *shape.classes):
        for name, each in (_hinted(owner) if owner in shape.typed else plan_of(owner).fields).items():
            fields[name] = merged([fields[name], each]) if name in fields else each
    return fields if shape.typed or any(map(_tells, fields.values())) else None


def rest_of(fields: Mapping[str, Shape]) -> Shape:
    """Give the shape of what is not declared beside labelled fields: it may be any of them."""
    return Shape(frozenset[str]().union(*(shape.categories for shape in fields.values())))


def _with_inherited_labels(owner: type, plan: Plan) -> Plan:
    """Keep the label of a field that a subclass declares anew without it."""
    bases = [plan_of(base) for base in owner.__mro__[1:] if base is not object and plan.fields]
    inherited = [base for base in bases if base.kind is Kind.STRUCTURE]
    if not inherited:
        return plan
    fields = {
        name: merged([shape, *(Shape(base.fields[name].categories) for base in inherited if name in base.fields)])
        for name, shape in plan.fields.items()
    }
    rest = Shape(plan.rest.categories | rest_of(fields).categories)
    return plan._replace(kind=Kind.STRUCTURE, fields=fields, rest=rest)


def labels_within(annotation: object) -> frozenset[str]:
    """Give the data categories that an annotation names, and those of the classes under it."""
    found: set[str] = set()
    waiting, seen = [shape_of(annotation)], set[Shape]()
    while waiting:
        shape = waiting.pop()
        if shape in seen:
            continue
        seen.add(shape)
        found |= shape.categories
        waiting += [] if shape.items is None else [shape.items]
        waiting += (each for owner in shape.classes for each in plan_of(owner).fields.values())
        waiting += (each for owner in shape.typed for each in _hinted(owner).values())
    return frozenset(found)


def _planned(owner: type) -> Plan:  # noqa: PLR0911 - one line a kind
    if owner is Sealed:
        return Plan(Kind.SEALED)
    if owner in LEAVES or issubclass(owner, (enum.Enum, type)):
        return Plan(Kind.LEAF)
    for read_fields in (_mapped, _dataclass, _pydantic, _attrs, _named_tuple):
        plan = read_fields(owner)
        if plan is not None:
            return plan
    if issubclass(owner, (str, bytes, int, float)):
        return Plan(Kind.LEAF)
    if issubclass(owner, Mapping):
        return Plan(Kind.MAPPING)
    if issubclass(owner, (Sequence, AbstractSet)) or owner.__name__ in ("deque", "dict_values", "dict_keys"):
        return Plan(Kind.SEQUENCE)
    if hasattr(owner, "__next__") or hasattr(owner, "__anext__") or hasattr(owner, "__await__"):
        return Plan(Kind.ITERATOR)
    return _annotated(owner)


def _pydantic(owner: type) -> Plan | None:
    fields: Mapping[str, Any] | None = getattr(owner, "__pydantic_fields__", None)
    if fields is None or not isinstance(fields, Mapping):
        return None
    shapes = {name: _of_pydantic(field) for name, field in fields.items()}
    computed = getattr(getattr(owner, "__pydantic_decorators__", None), "computed_fields", {})
    rest = rest_of(shapes)
    extras = _hinted(owner).get("__pydantic_extra__", UNLABELLED)
    rest = Shape(rest.categories | extras.categories, extras.typed, extras.items, extras.classes)
    for name, decorator in computed.items():
        shape = shape_of(decorator.info.return_type)
        shapes[name] = shape if shape.categories else rest  # what is computed of labelled fields may hold any of them
    names = tuple(computed)

    def read_beside(instance: Any) -> Mapping[str, Any]:  # noqa: ANN401 - an instance of any model
        extra = getattr(instance, "__pydantic_extra__", None) or {}
        return {**instance.__dict__, **extra, **{name: getattr(instance, name) for name in names}}

    carries_more = names or getattr(owner, "model_config", {}).get("extra") == "allow"
    read = read_beside if carries_more else IN_ITS_DICT
    return Plan(Kind.STRUCTURE, shapes, rest, read, bool(getattr(owner, "__pydantic_root_model__", False)))


def _of_pydantic(field: Any) -> Shape:  # noqa: ANN401 - pydantic's own, which is not imported here
    annotation = field.annotation
    if field.metadata:
        annotation = typing.Annotated[(annotation, *field.metadata)]
    return shape_of(annotation)


def _dataclass(owner: type) -> Plan | None:
    if not dataclasses.is_dataclass(owner):
        return None
    hints = _hinted(owner)
    names = tuple(field.name for field in dataclasses.fields(owner))
    return Plan(Kind.STRUCTURE, {name: hints.get(name, UNREADABLE) for name in names}, read=_attributes(names))


def _attrs(owner: type) -> Plan | None:
    attributes = getattr(owner, "__attrs_attrs__", None)
    if attributes is None:
        return None
    hints = _hinted(owner)
    shapes = {each.name: hints.get(each.name, shape_of(each.type)) for each in attributes}
    return Plan(Kind.STRUCTURE, shapes, read=_attributes(tuple(shapes)))


def _mapped(owner: type) -> Plan | None:
    mapper = getattr(owner, "__mapper__", None)
    if mapper is None:
        return None
    hints = _hinted(owner)
    columns = tuple(attribute.key for attribute in mapper.column_attrs)
    related = tuple(relation.key for relation in mapper.relationships)
    shapes = {name: hints.get(name, UNLABELLED) for name in (*columns, *related)}
    own = rest_of({name: shape for name, shape in hints.items() if name not in shapes})  # synonyms, hybrids, proxies
    get = _attributes(columns)

    def read(instance: Any) -> Mapping[str, Any]:  # noqa: ANN401 - an instance of any mapped class
        loaded = vars(instance)  # what is related and was not loaded is not fetched only to be shown
        return {**get(instance), **{name: loaded[name] for name in related if name in loaded}}

    return Plan(Kind.STRUCTURE, shapes, merged([rest_of(shapes), own]), read)


def _named_tuple(owner: type) -> Plan | None:
    names = getattr(owner, "_fields", None)
    if not issubclass(owner, tuple) or names is None:
        return None
    hints = _hinted(owner)
    return Plan(Kind.STRUCTURE, {name: hints.get(name, UNLABELLED) for name in names}, read=_attributes(tuple(names)))


def _annotated(owner: type) -> Plan:
    """Read any other class: what it annotates, and what its instances carry besides."""
    hints = {name: shape for name, shape in _hinted(owner).items() if not name.startswith("_")}
    slots = tuple(name for base in owner.__mro__ for name in _slots(base))

    def read(instance: Any) -> Mapping[str, Any]:  # noqa: ANN401 - an instance of any class
        carried = {**getattr(instance, "__dict__", {}), **_attributes(slots)(instance)}
        if labelled:
            return {name: value for name, value in carried.items() if not name.startswith("_")}
        return {**carried, "args": instance.args} if isinstance(instance, BaseException) else carried

    labelled = any(map(_tells, hints.values()))
    kind = Kind.STRUCTURE if labelled else Kind.OPAQUE
    return Plan(kind, hints, rest_of(hints), read)


def _slots(base: type) -> tuple[str, ...]:
    slots = vars(base).get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)


def _attributes(names: tuple[str, ...]) -> Callable[[Any], Mapping[str, Any]]:
    missing = object()

    def read(instance: Any) -> Mapping[str, Any]:  # noqa: ANN401 - an instance of any class
        values = {name: getattr(instance, name, missing) for name in names}
        return {name: value for name, value in values.items() if value is not missing}

    return read


def _hinted(owner: type) -> dict[str, Shape]:
    """Give the shape of every annotation of a class and its bases; what cannot be evaluated is unreadable, and only that."""
    try:
        return {name: shape_of(hint) for name, hint in typing.get_type_hints(owner, include_extras=True).items()}
    except Exception:  # noqa: BLE001 - a name may be missing, or evaluating it may raise anything
        return dict(_hinted_one_by_one(owner))


def _hinted_one_by_one(owner: type) -> Iterator[tuple[str, Shape]]:
    for base in reversed(owner.__mro__):
        for name, annotation in _own_annotations(base).items():
            alone = type(base.__name__, (), {"__annotations__": {name: annotation}, "__module__": base.__module__})
            try:
                yield name, shape_of(typing.get_type_hints(alone, localns=dict(vars(base)), include_extras=True)[name])
            except Exception:  # noqa: BLE001 - as above
                yield name, UNREADABLE


def _own_annotations(base: type) -> Mapping[str, Any]:
    if sys.version_info >= (3, 14):  # they are evaluated when they are read, and one that cannot be is left as a reference
        import annotationlib  # noqa: PLC0415 - only there

        return annotationlib.get_annotations(base, format=annotationlib.Format.FORWARDREF)
    annotations: Mapping[str, Any] = vars(base).get("__annotations__", {})
    return annotations


def _tells(shape: Shape | None) -> bool:
    """Tell whether a field has labels, or may be a dictionary that has."""
    return shape is not None and (bool(shape.categories) or bool(shape.typed) or _tells(shape.items))
