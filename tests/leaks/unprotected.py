"""The world without the library: guards guard nothing, what is sealed is plain, and disclosing is dumping."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeVar, cast

from pydantic_core import PydanticSerializationError, to_jsonable_python

import purposegate
from purposegate import Gate

_T = TypeVar("_T")


class Unprotected:
    name = "unprotected"

    def __init__(self) -> None:
        self.gate = self.gate_with_ledger = cast("Gate", OpenGate())
        self.modules: dict[str, ModuleType] = {"purposegate": _library(), "purposegate.integrations.fastapi": _integration()}

    def records(self) -> list[object]:
        return []


class OpenGate:
    """Offers what a gate offers, and lets everything pass."""

    def purpose(self, *_: object, **__: object) -> _Block:
        return _Block()

    def resume(self, token: str) -> _Block:
        return _Block()

    def token(self) -> str:
        return "{}"

    def propagate(self, function: _T) -> _T:
        return function

    def guard(self, *_: object, **__: object) -> Callable[[_T], _T]:
        return lambda target: target

    def check(self, *_: object, **__: object) -> None: ...

    def decide(self, *_: object, **__: object) -> bool:
        return True

    def open(self, sealed: _T, *_: object, **__: object) -> _T:
        return sealed

    def declassify(self, sealed: _T, **_: object) -> _T:
        return sealed

    def disclose(self, data: object, *_: object, **__: object) -> object:
        return _plain(data)

    def fields(self, model: Any, *_: object, **__: object) -> tuple[str, ...]:
        return tuple(model.__annotations__)


class _Block(contextlib.nullcontext[None]):
    """A block of nothing, sync or async."""


class OpenText(str):
    """Text that can be computed with as if it were sealed."""

    __slots__ = ()

    def map(self, function: Callable[[str], object]) -> object:
        return sealed(function(str(self)))


def sealed(value: object, *_: object) -> object:
    return OpenText(value) if type(value) is str else value


class OpenSealed:
    """Stands for `Sealed`: as a type it is the type of its content, and when called it is its content."""

    def __new__(cls, value: object, *_: object) -> Any:
        return sealed(value)

    def __class_getitem__(cls, content: object) -> object:
        return content


class OpenPersonal:
    """Stands for `Personal`, and says nothing."""

    def __init__(self, data_category: str) -> None:
        self.data_category = data_category


def _plain(data: object) -> object:
    """Dump what pydantic knows, and pass on as it is what it does not."""
    try:
        return to_jsonable_python(data, serialize_as_any=True)
    except PydanticSerializationError:
        return data


def _combine(first: Any, second: Any, function: Callable[[Any, Any], object]) -> object:
    return sealed(function(first, second))


def _library() -> ModuleType:
    """Give a module that offers the library's names."""
    module = ModuleType("purposegate")
    module.__getattr__ = lambda name: getattr(purposegate, name)  # type: ignore[method-assign]  # PEP 562: what is not replaced is real
    module.Gate, module.Sealed, module.Personal, module.combine = OpenGate, OpenSealed, OpenPersonal, _combine  # type: ignore[attr-defined]  # made here
    return module


def _integration() -> ModuleType:
    """Give a module that offers what the FastAPI integration does, and does nothing."""
    module = ModuleType("purposegate.integrations.fastapi")
    module.install = lambda *_: None  # type: ignore[attr-defined]  # made here
    module.for_purpose = _nothing  # type: ignore[attr-defined]  # as above
    return module


def _nothing(*_: object, **__: object) -> object:
    from fastapi import Depends  # noqa: PLC0415 - only the programs about it need it

    return Depends(lambda: None)
