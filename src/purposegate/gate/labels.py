"""Labels on fields: `Annotated[str, Personal("email_address")]`, and where they stand in an annotation."""

from __future__ import annotations

import typing
from collections import deque
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import InitVar, dataclass
from functools import partial
from types import UnionType
from typing import TYPE_CHECKING, Any, Final, ForwardRef, NamedTuple, TypeVar, get_args

from purposegate.policy.terms import NOT_A_NAME

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

_DEEPEST: Final = 50
_TELLING_NOTHING: Final = ("builtins", "typing")
_SEALED: Final = "purposegate.gate.sealed.Sealed"
_QUALIFIERS: Final = ("ClassVar", "Final", "Required", "NotRequired", "ReadOnly")


@dataclass(frozen=True, slots=True)
class Personal:
    """Says in an annotation which data category a field holds: `email: Annotated[str, Personal("email_address")]`.

    Several may stand in one annotation; all of them must be permitted then.
    """

    data_category: str

    def __post_init__(self) -> None:
        if not isinstance(self.data_category, str):
            raise TypeError("`Personal` takes the name of a data category")

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 - pydantic's own
        schema = handler(source)
        if not _holds_sealed(source):
            return schema
        from purposegate.gate.sealed_schema import relabelled  # noqa: PLC0415 - only with pydantic

        return relabelled(schema, self.data_category, partial(_fits, _plain(source)))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        content = handler(schema)
        return {**content, "x-personal": [*content.get("x-personal", ()), self.data_category]}


class Shape(NamedTuple):
    """What an annotation says of the personal data under it.

    `categories` are those of every label in it, outside of nested classes; `typed` the TypedDicts that it names, `classes` the
    other classes, and `items` the shape of what a container there contains.
    """

    categories: frozenset[str] = frozenset()
    typed: tuple[type, ...] = ()
    items: Shape | None = None
    classes: tuple[type, ...] = ()


UNLABELLED: Final = Shape()
# What cannot be read may be a label: it is no name of a category, and nothing is permitted for it.
UNREADABLE: Final = Shape(frozenset({NOT_A_NAME}))


def shape_of(annotation: object, depth: int = 0) -> Shape:
    """Read an annotation. One that is still text, or refers to what is not there, is unreadable."""
    if depth > _DEEPEST or isinstance(annotation, (str, ForwardRef)):
        return UNREADABLE
    metadata: tuple[object, ...] = getattr(annotation, "__metadata__", ())
    own = frozenset(each.data_category for each in metadata if isinstance(each, Personal))
    parts = [shape_of(part, depth + 1) for part in _transparent(annotation)]
    if not parts:
        return _of_class(annotation, own, depth)
    return merged([Shape(own), *parts])


def _of_class(annotation: object, own: frozenset[str], depth: int) -> Shape:
    """Read a class, or a generic one with what it contains."""
    contents = [shape_of(part, depth + 1) for part in _contents(annotation)]
    items = merged(contents) if contents else None
    owner = typing.get_origin(annotation) or annotation
    if isinstance(owner, type) and "__required_keys__" in vars(owner):
        return Shape(own, (owner,), items)  # a TypedDict, of `typing` or `typing_extensions`
    classes = (owner,) if isinstance(owner, type) and owner.__module__ not in _TELLING_NOTHING else ()
    return Shape(own | (items.categories if items else frozenset()), (), items, classes)


def _transparent(annotation: object) -> Iterator[object]:
    """Yield what an annotation stands for, where it only stands for something else."""
    origin = typing.get_origin(annotation)
    if hasattr(annotation, "__metadata__"):
        yield annotation.__origin__  # type: ignore[attr-defined]  # of `Annotated`
    elif hasattr(annotation, "__supertype__"):
        yield annotation.__supertype__  # of `NewType`
    elif hasattr(annotation, "__value__"):
        yield annotation.__value__  # of an alias made by `type`
    elif origin is not None and hasattr(origin, "__value__"):
        yield origin.__value__
        yield from get_args(annotation)
    elif isinstance(annotation, TypeVar):
        yield from (annotation.__bound__,) if annotation.__bound__ is not None else annotation.__constraints__
    elif origin in (typing.Union, UnionType) or getattr(origin, "_name", None) in _QUALIFIERS:
        yield from get_args(annotation)
    elif isinstance(annotation, InitVar):
        yield annotation.type


def _contents(annotation: object) -> Iterator[object]:
    """Yield the arguments of a generic type that are types."""
    if typing.get_origin(annotation) is typing.Literal:
        return
    for argument in get_args(annotation):
        if isinstance(argument, (list, tuple)):  # of a callable
            yield from argument
        elif argument is not Ellipsis:
            yield argument


def merged(shapes: list[Shape]) -> Shape:
    """Give what all of them say together."""
    if len(shapes) == 1:
        return shapes[0]
    items = [shape.items for shape in shapes if shape.items is not None]
    return Shape(
        frozenset[str]().union(*(shape.categories for shape in shapes)),
        tuple(dict.fromkeys(each for shape in shapes for each in shape.typed)),
        merged(items) if items else None,
        tuple(dict.fromkeys(each for shape in shapes for each in shape.classes)),
    )


def _holds_sealed(annotation: object) -> bool:
    shape: Shape | None = shape_of(annotation)
    while shape is not None:
        if any(map(_is_sealed, shape.classes)):
            return True
        shape = shape.items
    return False


def _is_sealed(owner: object) -> bool:
    return isinstance(owner, type) and f"{owner.__module__}.{owner.__qualname__}" == _SEALED


def _plain(annotation: object, depth: int = 0) -> tuple[type, ...]:
    """Give the classes of what an annotation lets stand beside what is sealed; `object` where it does not say."""
    owner = typing.get_origin(annotation) or annotation
    parts = [*_transparent(annotation)] or [*_contents(annotation)]
    if depth > _DEEPEST or _is_sealed(owner):
        return ()
    if isinstance(owner, type) and issubclass(owner, Mapping):
        parts = parts[1:]  # keys are not looked at
    if parts:
        return tuple(each for part in parts for each in _plain(part, depth + 1))
    if owner is None:
        return (type(None),)
    return (owner,) if isinstance(owner, type) else (object,)


def _fits(plain: tuple[type, ...], value: object) -> bool:
    """Tell whether a value may stand where an annotation lets these classes stand beside what is sealed."""
    if _is_sealed(type(value)) or isinstance(value, plain):
        return True
    if isinstance(value, Mapping):
        return all(_fits(plain, each) for each in value.values())
    return isinstance(value, (list, tuple, AbstractSet, deque)) and all(_fits(plain, each) for each in value)
