"""Sealed values: personal data in a container that shows nothing until the gate opens it.

The value and its labels stand in slots whose descriptors are taken off the class, so that nothing that walks over the attributes of
an object comes upon them: no `repr`, no serialiser, no debugger's list of members.
"""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Generic, NoReturn, TypeVar, final, get_args, overload

from purposegate.errors import PurposegateError
from purposegate.gate.labels import Personal
from purposegate.policy.terms import presentable

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

_T = TypeVar("_T")
_U = TypeVar("_U")
_R = TypeVar("_R")

SEALED_TEXT: Final = "[sealed]"
# What ends a task or the process goes on ending it, without what it says.
_ENDING: Final = (KeyboardInterrupt, SystemExit, CancelledError)


@final
class Sealed(Generic[_T]):
    """A value that opens only by `Gate.open`, or where a model is dumped inside a purpose that permits it.

    `Sealed(value, "email_address")` seals for a data category, or several: all of them must be permitted where it opens. As a
    pydantic field `Sealed[str]` takes what `str` takes, and its JSON Schema is that of `str`; its categories come from `Personal`
    in the annotation. One without a category never opens. It is equal to itself only, neither true nor false, and not pickled.
    """

    __slots__ = ("__weakref__", "_label", "_labels", "_value")
    _label: str | None  # the one label, where it is one: what `Gate.open` looks up

    @overload
    def __init__(self, value: Sealed[_T], *data_categories: str | Personal) -> None: ...

    @overload
    def __init__(self, value: _T, *data_categories: str | Personal) -> None: ...

    def __init__(self, value: _T | Sealed[_T], *data_categories: str | Personal) -> None:
        labels = frozenset(_category(each.data_category if isinstance(each, Personal) else each) for each in data_categories)
        if isinstance(value, Sealed):
            labels |= labels_sealed(value)
            value = value_sealed(value)
        _set_label(self, next(iter(labels)) if len(labels) == 1 else None)
        _set_labels(self, labels)
        _set_value(self, value)

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("`Sealed` has no subclasses: one could give back an attribute to the value")

    @property
    def data_categories(self) -> tuple[str, ...]:
        """The data categories that must be permitted for it to open, in the order of the alphabet."""
        return tuple(sorted(labels_sealed(self)))

    def map(self, function: Callable[[_T], _R]) -> Sealed[_R]:
        """Compute inside: give a sealed result with the same labels.

        Raises `PurposegateError` where the function fails, without its exception, in which the value may stand.
        """
        return _computed(lambda: function(value_sealed(self)), labels_sealed(self))

    def __repr__(self) -> str:
        return f"Sealed({', '.join(map(presentable, self.data_categories))})"

    def __str__(self) -> str:
        return SEALED_TEXT

    def __format__(self, spec: str) -> str:
        return SEALED_TEXT

    def __bool__(self) -> NoReturn:
        raise TypeError("a sealed value is neither true nor false; compute inside it with `map`")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a sealed value does not change")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a sealed value does not change")

    def __copy__(self) -> Sealed[_T]:
        return self

    def __deepcopy__(self, memo: object) -> Sealed[_T]:
        return self

    def __reduce_ex__(self, protocol: object = None) -> NoReturn:
        raise TypeError("a sealed value is not pickled; send an id, and read the value where it is used")

    __reduce__ = __reduce_ex__
    __getstate__ = __reduce_ex__

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 - pydantic's own
        from purposegate.gate.plans import labels_within  # noqa: PLC0415 - plans know what is sealed
        from purposegate.gate.sealed_schema import sealed_schema  # noqa: PLC0415 - whoever seals without pydantic needs none of it

        arguments = get_args(source)
        content = arguments[0] if arguments else Any
        return sealed_schema(handler.generate_schema(content), labels_within(content))

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        from purposegate.gate.sealed_schema import described  # noqa: PLC0415 - as above

        return described(schema, handler)


def _taken_off(name: str) -> Any:  # noqa: ANN401 - a slot's descriptor
    slot = vars(Sealed)[name]
    delattr(Sealed, name)
    return slot


_labels_slot: Final = _taken_off("_labels")
_value_slot: Final = _taken_off("_value")
# INVARIANT: these are the only way to what is sealed; the class itself no longer knows where it stands.
_set_label: Final[Callable[[Sealed[Any], str | None], None]] = vars(Sealed)["_label"].__set__
_set_labels: Final[Callable[[Sealed[Any], frozenset[str]], None]] = _labels_slot.__set__
_set_value: Final[Callable[[Sealed[Any], Any], None]] = _value_slot.__set__
labels_sealed: Final[Callable[[Sealed[Any]], frozenset[str]]] = _labels_slot.__get__
value_sealed: Final[Callable[[Sealed[Any]], Any]] = _value_slot.__get__


@overload
def combine(first: Sealed[_T], second: Sealed[_U], function: Callable[[_T, _U], _R]) -> Sealed[_R]: ...


@overload
def combine(first: Sealed[_T], second: _U, function: Callable[[_T, _U], _R]) -> Sealed[_R]: ...


@overload
def combine(first: _T, second: Sealed[_U], function: Callable[[_T, _U], _R]) -> Sealed[_R]: ...


def combine(first: object, second: object, function: Callable[[Any, Any], Any]) -> Sealed[Any]:
    """Compute with two values inside: give a sealed result that opens only where the labels of both are permitted.

    One of them may be a plain value. Raises as `Sealed.map` does.
    """
    sealed = [each for each in (first, second) if isinstance(each, Sealed)]
    if not sealed:
        raise TypeError("`combine` takes a sealed value")
    labels = frozenset[str]().union(*map(labels_sealed, sealed))
    return _computed(lambda: function(_content(first), _content(second)), labels)


def _content(value: Any) -> Any:  # noqa: ANN401 - a plain value is of any type
    return value_sealed(value) if isinstance(value, Sealed) else value


def _computed(compute: Callable[[], _R], labels: frozenset[str]) -> Sealed[_R]:
    # INVARIANT: no local of this function ever holds a value: a traceback may be shown with the locals of its frames.
    try:
        return Sealed(compute(), *labels)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the value may stand in its text
        failed = type(error)
    # Raised here, so that nothing is chained to it.
    if issubclass(failed, _ENDING):
        raise failed(*((1,) if failed is SystemExit else ()))
    raise PurposegateError(f"the function failed inside a sealed value ({failed.__name__})")


def _category(label: object) -> str:
    if not isinstance(label, str):
        raise TypeError("a sealed value is labelled with the names of data categories")
    return str.__str__(label)
