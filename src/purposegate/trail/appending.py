"""The quickest way to append a record that is like others: a line whose id, time and subject are filled in."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from json.encoder import encode_basestring_ascii
from time import time_ns
from typing import Final, Protocol

from purposegate.trail.chain import LONGEST_RECORD
from purposegate.trail.ids import IDS
from purposegate.trail.lines import EPOCH, line_of, too_long
from purposegate.trail.record import Record

NO_FILE: Final = -1
_ID: Final = re.compile(rb'\{"id":"[^"]*"')


class Alike(Protocol):
    """Makes of a record what appends one like it, for a subject or for none."""

    def __call__(self, record: Record) -> Callable[[str | None], None]:
        """Prepare the line."""
        ...


def appending(again: Callable[[bytes, int], None]) -> tuple[Alike, Callable[[int], None]]:
    """Give what prepares lines, and what says by its number into which open file they are written; at first into none.

    `again` is called with a line of which only so many bytes were written, and writes it or raises.
    """
    number = NO_FILE  # shared by all that was prepared: it costs less to look up than an attribute

    def point(to: int) -> None:
        nonlocal number
        number = to

    def alike(record: Record) -> Callable[[str | None], None]:
        nobody, somebody = _prepared(record)
        counted, write = IDS.number, os.write

        def keep(subject: str | None) -> None:
            if subject is None:
                line = nobody % (counted(), time_ns())
            else:
                line = somebody % (counted(), time_ns(), encode_basestring_ascii(subject).encode())
                if len(line) > LONGEST_RECORD:
                    raise too_long()
            try:
                written = write(number, line)
            except OSError:
                written = 0
            if written != len(line):
                # In a child process the id would be one of its parent's.
                again(_ID.sub(f'{{"id":"{IDS.next()}"'.encode(), line, count=1), written)

        return keep

    return alike, point


def _prepared(record: Record) -> tuple[bytes, bytes]:
    """Give what a line is filled in into, without a subject and with one, which stands last."""
    rest = line_of(replace(record, id="", at=EPOCH, subject=None)).removeprefix(b'{"id":"","at":0,').replace(b"%", b"%%")
    nobody = b'{"id":"' + IDS.prefix.encode() + b'-%d","at":%d,' + rest
    return nobody, nobody.removesuffix(b"}\n") + b',"subject":%b}\n'
