"""Wrappers that stay what they wrap: a coroutine function is one, a generator function is one, a class method is one."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager, contextmanager
from types import CodeType, FunctionType, GetSetDescriptorType, MemberDescriptorType
from typing import Any, Final, Protocol

# What a class offers to operators and to `with`, and what it says of itself.
_ASKED_BY_OPERATORS = frozenset(
    {
        *("__call__", "__getattr__", "__getitem__", "__contains__", "__len__", "__eq__", "__iter__", "__next__", "__reversed__"),
        *("__aiter__", "__anext__", "__await__", "__enter__", "__aenter__", "__str__", "__repr__", "__format__", "__bytes__"),
    }
)
# The code of what these decorators give, which is the same for every function: that a function is one of theirs shows nowhere else.
_MANAGERS: Final[dict[CodeType, Callable[..., Any]]] = {
    manager(lambda: None).__code__: manager  # type: ignore[arg-type,return-value]  # it is never called
    for manager in (contextmanager, asynccontextmanager)
}
# Nested classes, and the attributes of an instance: nothing that is called.
_DATA = (type, MemberDescriptorType, GetSetDescriptorType)


class Wrapper(Protocol):
    """Wraps one function, kind by kind."""

    def plain(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a function that runs when it is called."""
        ...

    def coroutine(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a coroutine function."""
        ...

    def generator(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a generator function."""
        ...

    def async_generator(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap an async generator function."""
        ...


def wrapped(function: Callable[..., Any], wrapper: Wrapper) -> Callable[..., Any]:
    """Wrap a function by its kind; it keeps its name, signature and docs.

    Of what `contextmanager` made, the generator is wrapped: its body runs where the block is entered, and not where it is called.
    """
    if isinstance(function, FunctionType) and function.__code__ in _MANAGERS:
        manager = _MANAGERS[function.__code__]
        return functools.update_wrapper(manager(wrapped(vars(function)["__wrapped__"], wrapper)), function)
    called = function if inspect.isroutine(function) or isinstance(function, functools.partial) else type(function).__call__
    if inspect.isasyncgenfunction(called):
        made = wrapper.async_generator(function)
    elif inspect.isgeneratorfunction(called):
        made = wrapper.generator(function)
    elif inspect.iscoroutinefunction(called):
        made = wrapper.coroutine(function)
    else:
        made = wrapper.plain(function)
    return functools.update_wrapper(made, function)


def wrapped_member(member: object, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]) -> object | None:
    """Wrap what a class holds under a name: a function, a class or static method, or a property; None for anything else."""
    if isinstance(member, (classmethod, staticmethod)):
        return type(member)(wrap(member.__func__))
    if isinstance(member, property):
        fget, fset, fdel = (None if each is None else wrap(each) for each in (member.fget, member.fset, member.fdel))
        return property(fget, fset, fdel, member.__doc__)
    if inspect.isroutine(member) and callable(member):
        return wrap(member)
    return None


def public_members(owner: type, guarded: AbstractSet[type] = frozenset()) -> Iterator[tuple[str, object]]:
    """Yield what a class offers under public names, inherited or its own, and what operators call.

    Without what it has from a base that is guarded, or from another class that was made from that.
    """
    seen: set[str] = set()
    for base in owner.__mro__:
        if base is object:
            continue
        for name, member in vars(base).items():
            public = not name.startswith("_") or name in _ASKED_BY_OPERATORS
            if not public or name in seen:
                continue
            seen.add(name)
            if base is not owner and not guarded.isdisjoint(base.__mro__):
                continue
            if not isinstance(member, _DATA) and (callable(member) or hasattr(member, "__get__")):
                yield name, member
