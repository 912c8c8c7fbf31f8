"""Entries as text and back: their kind, and their fields as JSON. What cannot be read raises; nothing is made up for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from purposegate.ledger.records import ENTRIES, Entry, in_utc
from purposegate.policy.terms import ANY

KINDS: Final[dict[str, type[Entry]]] = {kind.__name__: kind for kind in ENTRIES}


def written(entry: Entry) -> tuple[str, str]:
    """Give an entry's kind, and its fields as one JSON object."""
    kind = type(entry)
    body = {field.name: plain_value(value) for field in fields(kind) if (value := getattr(entry, field.name)) is not None}
    return kind.__name__, json.dumps(body, ensure_ascii=False, separators=(",", ":"))


@lru_cache(8192)
def read(kind: str, body: str) -> Entry:
    """Make the entry again; raise `ValueError`, `TypeError` or `KeyError` where it is none. Entries never change: they are kept."""
    of = KINDS[kind]
    try:
        parts = json.loads(body)
    except RecursionError:
        parts = None
    if not isinstance(parts, dict):
        raise TypeError("an entry is an object of its fields")
    return of(**{name: _FORMS[kind][name](value) for name, value in parts.items()})


def utc_text(at: datetime) -> str:
    """Write an instant in UTC, with its zone, always at the same length: as text it sorts in the order of time."""
    return in_utc(at).isoformat(timespec="microseconds")


def utc_time(text: str) -> datetime:
    """Read what `utc_text` wrote; raise `ValueError` for what bears no zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    return at


def plain_value(value: object) -> object:
    """Give what a field holds as JSON has it: times as text, sets and tuples as lists."""
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, frozenset):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else value


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - text, a number or a role, which the entry itself looks at
    return value


def _names(value: Any) -> tuple[str, ...] | str:  # noqa: ANN401 - as above
    return ANY if value == ANY else texts(value)


def texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - as above
    """Give a list of text as a tuple; raise `TypeError` for what is none: text would be read letter by letter."""
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError("names are a list of text")
    return tuple(value)


def _set(value: Any) -> frozenset[str]:  # noqa: ANN401 - as above
    return frozenset(texts(value))


# How a field is read, by the type that it is declared to have.
_FORM_OF: Final[dict[str, Callable[[Any], Any]]] = {
    "str": _as_it_is,
    "str | None": _as_it_is,
    "int": _as_it_is,
    "Role | None": _as_it_is,
    "Names": _names,
    "tuple[str, ...]": texts,
    "frozenset[str]": _set,
    "datetime": utc_time,
    "datetime | None": utc_time,
}
_FORMS: Final = {name: {field.name: _FORM_OF[str(field.type)] for field in fields(kind)} for name, kind in KINDS.items()}
