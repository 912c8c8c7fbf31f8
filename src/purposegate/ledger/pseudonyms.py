"""The ids under which people are kept: their own, or a keyed hash of it, which says nothing without the key."""

from __future__ import annotations

import hmac
from base64 import b32encode
from functools import lru_cache
from typing import Final

_SHORTEST_KEY: Final = 16
# Nobody's id: ids are not empty.
_NOBODY: Final = ""


class Pseudonyms:
    """From a person's id to the id that is stored. With a key it is HMAC-SHA-256 (RFC 2104), the same for the same key."""

    def __init__(self, key: bytes | None = None) -> None:
        """Keep the key; without one, ids are stored as they are. Raises `ValueError` for a key that is too short to be one."""
        if key is not None and len(key) < _SHORTEST_KEY:
            raise ValueError(f"a key for the ids of people has at least {_SHORTEST_KEY} bytes")
        self._key = key
        # What tells, without the key, whether another one is the same.
        self.check = None if key is None else self._hash(_NOBODY)
        # What is hashed is asked for again and again, with every decision about the same person.
        self._hashed = lru_cache(4096)(self._hash)

    def __call__(self, subject: str) -> str:
        """Give the id under which a person is kept."""
        return subject if self._key is None else self._hashed(subject)

    def __repr__(self) -> str:
        return f"Pseudonyms({'a key' if self._key is not None else ''})"

    def _hash(self, subject: str) -> str:
        key = self._key or b""
        return b32encode(hmac.digest(key, subject.encode("utf-8", "surrogatepass"), "sha256")).decode().rstrip("=").lower()
