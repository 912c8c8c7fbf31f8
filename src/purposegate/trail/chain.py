"""The words of a trail's files, version 1 (docs/trail.md): what stands in them beside records, and how its bytes are written.

Every line has one way to be written. One that says the same in other bytes was written by nobody of ours, and is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from purposegate.trail.lines import instant

VERSION: Final = 1
SUFFIX: Final = ".jsonl"
# What a line begins with tells its kind; `id` is the first name of a record (`lines.fields`).
HEADER_START: Final = b'{"purposegate_trail":'
RECORD_START: Final = b'{"id":"'
SEAL_START: Final = b'{"seal":'
MEND_START: Final = b'{"mended":'
SEAL_END: Final = b'"}\n'
# No header is longer: about fifty thousand heads.
LONGEST_HEADER: Final = 8 * 1024 * 1024
# No line is longer; what is longer is no line of a trail, and no memory is spent on it.
LONGEST_LINE: Final = 2 * LONGEST_HEADER
# No record is longer: what is, is not written.
LONGEST_RECORD: Final = 1024 * 1024
# No seal or mend is longer.
LONGEST_SEAL: Final = 256

_CHAIN: Final = r"[0-9a-f]{16}"
_DIGEST: Final = r"[0-9a-f]{64}"
# Ten digits and nine for the nanoseconds last until the year 2286.
_NUMBER: Final = r"(?:0|[1-9][0-9]{0,18})"
_HEAD: Final = re.compile(
    rf'\{{"chain":"({_CHAIN})","seal":({_NUMBER}),"bytes":({_NUMBER}),"sha256":"({_DIGEST})"\}}'.encode(),
)
_HEADER: Final = re.compile(
    rf'\{{"purposegate_trail":{VERSION},"chain":"({_CHAIN})","at":({_NUMBER}),"pid":({_NUMBER}),"heads":\[(.*)\]\}}\n'.encode(),
)
_SEAL: Final = re.compile(
    rf'\{{"seal":({_NUMBER}),"at":({_NUMBER}),"bytes":({_NUMBER}),("end":true,)?"sha256":"({_DIGEST})"\}}\n'.encode(),
)
_MEND: Final = re.compile(
    rf'\{{"mended":({_NUMBER}),"by":"({_CHAIN})","cut":({_NUMBER}),"sha256":"({_DIGEST})"\}}\n'.encode(),
)
_NAME: Final = re.compile(rf"[0-9]{{8}}T[0-9]{{6}}Z-({_CHAIN}){re.escape(SUFFIX)}")


@dataclass(frozen=True, slots=True)
class Head:
    """A seal of a file as others remember it: with it a file that is gone, or was cut or changed before it, is found out.

    `chain` names the file, `seal` is the seal's number, `bytes` how much of the file it covers, `sha256` its digest.
    """

    chain: str
    seal: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a file: when (nanoseconds since 1970) and by which process it was begun, and the heads known then."""

    chain: str
    at: int
    pid: int
    heads: tuple[Head, ...]


@dataclass(frozen=True, slots=True)
class Seal:
    """A line that seals the first `bytes` of its file; `at` is in nanoseconds since 1970, and nothing follows an `end`."""

    number: int
    at: int
    bytes: int
    end: bool
    sha256: str


@dataclass(frozen=True, slots=True)
class Mend:
    """A line that tells of a file which did not end properly: who mended it, and how many bytes of a torn line were cut off."""

    at: int
    by: str
    cut: int
    sha256: str


def file_name(chain: str, at: int) -> str:
    """Give the name of a file that was begun at an instant, in nanoseconds since 1970."""
    return f"{instant(at):%Y%m%dT%H%M%SZ}-{chain}{SUFFIX}"


def hidden_name(name: str) -> str:
    """Give the name under which a file stands until it has its first seal; no record is written into it before it has its own."""
    return f".{name}.new"


def named_chain(name: str) -> str | None:
    """Give the chain that a file's name bears; None where it is no name of a trail's file."""
    found = _NAME.fullmatch(name)
    return None if found is None else found[1]


def is_hidden_name(name: str) -> bool:
    """Tell whether a name is that of a file before it has its header and first seal: hidden, with `.new` behind its name."""
    return name.startswith(".") and name.endswith(".new") and named_chain(name[1:-4]) is not None


def header_line(chain: str, at: int, pid: int, heads: Iterable[Head]) -> bytes:
    """Write the first line of a file."""
    told = head_text(heads)
    return f'{{"purposegate_trail":{VERSION},"chain":"{chain}","at":{at},"pid":{pid},"heads":[{told}]}}\n'.encode()


def head_text(heads: Iterable[Head]) -> str:
    """Write heads one after the other."""
    return ",".join(
        f'{{"chain":"{head.chain}","seal":{head.seal},"bytes":{head.bytes},"sha256":"{head.sha256}"}}' for head in heads
    )


def seal_start(number: int, at: int, size: int, *, end: bool = False) -> bytes:
    """Write a seal up to its digest, which covers these very bytes too; after the digest comes `SEAL_END`."""
    last = '"end":true,' if end else ""
    return f'{{"seal":{number},"at":{at},"bytes":{size},{last}"sha256":"'.encode()


def mend_line(at: int, by: str, cut: int, sha256: str) -> bytes:
    """Write what tells that a file was mended."""
    return f'{{"mended":{at},"by":"{by}","cut":{cut},"sha256":"{sha256}"}}\n'.encode()


def header_of(line: bytes) -> Header:
    """Read the first line of a file; raise `ValueError` where it is not, byte for byte, what `header_line` writes."""
    found = _HEADER.fullmatch(line)
    if found is None:
        raise ValueError("the first line is no header of a trail's file")
    return Header(found[1].decode(), int(found[2]), int(found[3]), heads_of_text(found[4]))


def heads_of_text(text: bytes) -> tuple[Head, ...]:
    """Read heads; raise `ValueError` where they are not, byte for byte, what `head_text` writes."""
    heads = tuple(Head(chain.decode(), int(seal), int(size), digest.decode()) for chain, seal, size, digest in _HEAD.findall(text))
    if head_text(heads).encode() != text:
        raise ValueError("the heads are not written as a trail writes them")
    return heads


def seal_of(line: bytes) -> Seal:
    """Read a seal; raise `ValueError` where it is not, byte for byte, what is written with `seal_start`."""
    found = _SEAL.fullmatch(line)
    if found is None:
        raise ValueError("the line is no seal")
    return Seal(int(found[1]), int(found[2]), int(found[3]), found[4] is not None, found[5].decode())


def mend_of(line: bytes) -> Mend:
    """Read a mend; raise `ValueError` where it is not, byte for byte, what `mend_line` writes."""
    found = _MEND.fullmatch(line)
    if found is None:
        raise ValueError("the line is no mend")
    return Mend(int(found[1]), found[2].decode(), int(found[3]), found[4].decode())
