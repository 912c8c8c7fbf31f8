"""The heads of a trail as a document to be kept elsewhere: who can write the folder cannot change unseen what was sealed by then.

One JSON object in ASCII, written in one way; where it is signed, `signature` stands last, and is of the line without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from purposegate.errors import TrailError
from purposegate.policy.signature import Signed, is_signed, sign
from purposegate.trail.chain import Head, head_text, heads_of_text

HEADS: Final = Signed(b"purposegate trail heads 1\n", "the heads of a trail")
# About four hundred thousand heads.
LONGEST: Final = 64 * 1024 * 1024
_DOCUMENT: Final = re.compile(
    rb'\{"purposegate_trail_heads":1,"at":(0|[1-9][0-9]{0,18}),"heads":\[([^\[\]]*)\](?:,"signature":"([A-Za-z0-9+/=]+)")?\}\n?'
)


@dataclass(frozen=True, slots=True)
class Heads:
    """The last seals of a trail's files at an instant, in nanoseconds since 1970."""

    at: int
    heads: tuple[Head, ...]


def heads_document(heads: Iterable[Head], at: int, private_key: bytes | None = None) -> bytes:
    """Write heads, signed where an Ed25519 private key in PEM is given.

    Raises `PurposegateError` where the key is not one, or the extra `sign` is not installed.
    """
    body = _body(heads, at)
    if private_key is None:
        return body + b"\n"
    return body[:-1] + b',"signature":"' + sign(body, private_key, HEADS).encode() + b'"}\n'


def heads_from(data: bytes, public_keys: bytes | None = None) -> Heads:
    """Read heads that `heads_document` wrote; raise `TrailError` where they are not, byte for byte, such.

    Where public keys are given, in PEM one after the other, heads that none of them signed are refused. Raises `PurposegateError`
    where the keys cannot be used.
    """
    found = _DOCUMENT.fullmatch(data) if len(data) <= LONGEST else None
    if found is None:
        raise _refused("the file holds no heads of a trail")
    at, told, signature = int(found[1]), found[2], found[3]
    try:
        heads = heads_of_text(told)
    except ValueError:
        raise _refused("the heads are not written as a trail writes them") from None
    if public_keys is not None:
        if signature is None:
            raise _refused("the heads bear no signature, and one is demanded")
        if not is_signed(_body(heads, at), signature.decode(), public_keys, HEADS):
            raise _refused("the heads are signed by none of the keys that are trusted")
    return Heads(at, heads)


def _body(heads: Iterable[Head], at: int) -> bytes:
    return f'{{"purposegate_trail_heads":1,"at":{at},"heads":[{head_text(heads)}]}}'.encode()


def _refused(message: str) -> TrailError:
    error = TrailError(message)
    error.add_note("take a file that `purposegate trail heads` wrote, from where nobody who writes the trail can change it")
    return error
