"""What a guard takes from the call that it guards: a parameter, a path into it, or a function of some parameters."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import Parameter, Signature
from typing import Any, Final
from uuid import UUID

from purposegate.policy.terms import NOT_A_NAME

_MISSING: Final = object()
_VARIADIC: Final = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)

# Gives what one call was passed.
Taker = Callable[[tuple[Any, ...], Mapping[str, Any]], object]


@dataclass(frozen=True, slots=True)
class From:
    """Say where a part of a use comes from: `From("candidate_id")`, `From("user.id")`, `From(lambda candidate: candidate.id)`.

    A name is a parameter of the guarded function, or a field of each record in `disclose`; a dotted path goes on through
    attributes and keys; a function is called with the parameters that it has the names of, or with the record. An id may be text, a
    whole number or a UUID. What gives none of them is no id and no name, and never stands for the controller or the ambient
    purpose.
    """

    source: str | Callable[..., object]

    def __post_init__(self) -> None:
        named = isinstance(self.source, str) and all(part.isidentifier() for part in self.source.split("."))
        if not named and not callable(self.source):
            raise TypeError("`From` takes a parameter's name, a dotted path that begins with one, or a function")

    def of(self, record: object) -> str | None:
        """Take it from one record; None where the record gives no id."""
        if callable(self.source):
            return as_id(self.source(record))
        return as_id(_followed(record, self.source.split(".")))

    def missing(self, signature: Signature) -> tuple[str, ...]:
        """Give the parameters that it needs and a signature does not have."""
        return tuple(name for name in self._needed() if name not in signature.parameters)

    def taker(self, signature: Signature) -> Taker:
        """Give the function that takes it from the arguments of a call."""
        takers = {name: _taker(signature, name) for name in self._needed()}
        if callable(self.source):
            function = self.source
            return lambda args, kwargs: function(**{name: take(args, kwargs) for name, take in takers.items()})
        (take,) = takers.values()
        path = self.source.split(".")[1:]
        return (lambda args, kwargs: _followed(take(args, kwargs), path)) if path else take

    def _needed(self) -> tuple[str, ...]:
        if isinstance(self.source, str):
            return (self.source.partition(".")[0],)
        return tuple(inspect.signature(self.source).parameters)


def as_id(value: object) -> str | None:
    """Give an id as plain text: text, a whole number and a UUID are ids, and nothing else is."""
    if isinstance(value, str):
        return str.__str__(value) or None
    if type(value) is int or isinstance(value, UUID):
        return str(value)
    return None


def as_name(value: object) -> str:
    """Give a name as plain text; what was taken and is none stays none, so that nothing is used in its place."""
    return as_id(value) or NOT_A_NAME


def _followed(value: object, path: list[str]) -> object:
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else getattr(value, step, None)
    return value


def _taker(signature: Signature, name: str) -> Taker:
    """Take one argument as Python would bind it; `signature.bind` does the same and costs more than the whole check."""
    parameters = list(signature.parameters.values())
    parameter = signature.parameters[name]
    if parameter.kind in _VARIADIC:
        return lambda args, kwargs: signature.bind(*args, **kwargs).arguments.get(name)
    by_place = parameter.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    index = parameters.index(parameter) if by_place else None
    by_name = parameter.kind is not Parameter.POSITIONAL_ONLY
    default = parameter.default if parameter.default is not Parameter.empty else _MISSING

    def take(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> object:
        if index is not None and index < len(args):
            return args[index]
        value = kwargs.get(name, default) if by_name else default
        if value is _MISSING:
            raise TypeError(f"missing the argument `{name}`")  # as Python would say a moment later
        return value

    return take
