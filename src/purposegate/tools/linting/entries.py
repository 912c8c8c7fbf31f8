"""The entries of a policy as rules go through them, with the section and the key of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from purposegate.policy.document import (
    Amendments,
    Category,
    Channel,
    Condition,
    Document,
    Objection,
    Provision,
    Purpose,
    Recipient,
    UseClause,
)

Granting = UseClause | Provision
# What bears a quote and may bear a reading.
Read = Category | Purpose | Recipient | Channel | Condition | Objection | Granting | Amendments

NAMED: Final = ("categories", "purposes", "recipients", "channels", "conditions", "objections")


def granting(document: Document) -> Iterator[tuple[str, int, Granting]]:
    """Yield every rule that permits, in the order of its ordinals, with its section and its index there."""
    sections: tuple[tuple[str, Sequence[Granting]], ...] = (
        ("uses", document.uses),
        ("provisions", document.provisions),
        ("exceptions", document.exceptions),
    )
    for section, entries in sections:
        for index, entry in enumerate(entries):
            yield section, index, entry


def giving(document: Document) -> Iterator[tuple[str, int, Provision]]:
    """Yield every provision and exception."""
    for section, index, entry in granting(document):
        if isinstance(entry, Provision):
            yield section, index, entry


def readable(document: Document) -> Iterator[tuple[str, str | int, Read]]:
    """Yield everything that may bear a `reading`."""
    for section in NAMED:
        for name, entry in getattr(document, section).items():
            yield section, name, entry
    yield from granting(document)
    if document.amendments is not None:
        yield "amendments", "quote", document.amendments
