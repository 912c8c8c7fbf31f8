"""Looks for the secret in whatever came out of a program."""

from __future__ import annotations

import base64
import json
import pprint
import traceback
import types
from collections.abc import Callable, Iterator
from typing import Final

from leaks.world import SECRET

# The address, what a reader would still know it by, and what it looks like where it was only encoded.
PIECES: Final = ("hanako", "sato", "example.com", SECRET.encode().hex(), base64.b64encode(SECRET.encode()).decode().lower())
_DEEPEST: Final = 30
_OPAQUE: Final = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.CodeType, types.FrameType)
_WAYS: Final[tuple[Callable[[object], str], ...]] = (
    repr,
    str,
    format,
    pprint.pformat,
    lambda thing: json.dumps(thing, default=str),
    lambda thing: json.dumps(thing, default=vars),
)


def found(thing: object) -> str | None:
    """Give what shows the secret in a thing, in what is reached from it, or in a text of it; None where nothing does."""
    for text in _texts(thing, set(), 0):
        if any(piece in text.lower() for piece in PIECES):
            return text
    return None


def _texts(thing: object, seen: set[int], depth: int) -> Iterator[str]:
    if depth > _DEEPEST or id(thing) in seen or isinstance(thing, _OPAQUE):
        return
    seen.add(id(thing))
    if isinstance(thing, str):
        yield thing
        return
    if isinstance(thing, (bytes, bytearray, memoryview)):
        content = bytes(thing)
        yield content.decode("latin-1")
        yield content.decode("utf-16-le", "ignore")
        return
    if isinstance(thing, BaseException):
        yield "".join(traceback.format_exception(thing))
    for way in _WAYS:
        try:
            yield way(thing)
        except Exception as error:  # noqa: BLE001 - what cannot be shown so is shown otherwise; but its complaint is read too
            yield str(error)
    for part in _parts(thing):
        yield from _texts(part, seen, depth + 1)


def _parts(thing: object) -> Iterator[object]:
    """Yield what can be reached from a thing by looking at it."""
    if isinstance(thing, dict):
        yield from thing.keys()
        yield from thing.values()
    elif isinstance(thing, (list, tuple, set, frozenset)):
        yield from thing
    if isinstance(thing, BaseException):
        yield from (thing.args, thing.__cause__, thing.__context__, getattr(thing, "__notes__", None))
        if isinstance(thing, BaseExceptionGroup):
            yield thing.exceptions
        errors = getattr(thing, "errors", None)
        if callable(errors):
            yield errors()
    yield from getattr(thing, "__dict__", {}).values()
    for owner in type(thing).__mro__:
        slots = owner.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            yield getattr(thing, name, None)
