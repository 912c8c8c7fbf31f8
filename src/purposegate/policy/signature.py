"""Signatures: Ed25519 (RFC 8032), over the bytes of what is signed and a word that says what they are.

Needs the extra `sign`; nothing else of the package imports it.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from purposegate.errors import PurposegateError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Signed(NamedTuple):
    """What a signature is given for: the word that its bytes begin with, and how people call it.

    With the word a signature given for one thing cannot be taken for one of another.
    """

    word: bytes
    what: str


POLICY: Final = Signed(b"purposegate compiled policy 1\n", "a policy")
# At the margin, whole, and with nothing but the key between: one that is commented out in part must not be trusted.
_PUBLIC_KEY: Final = re.compile(
    rb"^-----BEGIN PUBLIC KEY-----\r?\n[A-Za-z0-9+/=\r\n]+\n-----END PUBLIC KEY-----[ \r]*$", re.MULTILINE
)


def sign(body: bytes, private_key: bytes, signed: Signed = POLICY) -> str:
    """Sign the bytes of something with an Ed25519 private key in PEM (PKCS #8, without a passphrase); give base64 text.

    Raises `PurposegateError` where the key is not one, or the extra is not installed.
    """
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - an optional extra
        from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - an optional extra
    except ImportError:
        raise _not_installed() from None
    try:
        key = load_pem_private_key(private_key, password=None)
    except (TypeError, ValueError):  # a passphrase is needed; or it is no key
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise PurposegateError("the signing key is no Ed25519 private key in PEM without a passphrase")
    return b64encode(key.sign(signed.word + body)).decode()


def is_signed(body: bytes, signature: str, public_keys: bytes, signed: Signed = POLICY) -> bool:
    """Tell whether one of some public keys, in PEM one after the other, signed the bytes of something.

    Raises `PurposegateError` where there is no key at all, one is not Ed25519's, or the extra is not installed.
    """
    keys = _public_keys(public_keys, signed.what)
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - an optional extra; `_public_keys` said so if it is not there

    try:
        value = b64decode(signature, validate=True)
    except ValueError:
        return False
    for key in keys:
        try:
            key.verify(value, signed.word + body)
        except InvalidSignature:
            continue
        return True
    return False


def _public_keys(pem: bytes, what: str) -> Sequence[Ed25519PublicKey]:
    try:
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - an optional extra
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - an optional extra
        from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415 - an optional extra
    except ImportError:
        raise _not_installed() from None
    keys = []
    blocks = _PUBLIC_KEY.findall(pem)
    if len(blocks) != pem.count(b"BEGIN "):
        raise PurposegateError(
            f"the file of keys that {what} must be signed by holds what is no public key in PEM, or only a part of one"
        )
    for block in blocks:
        try:
            key = load_pem_public_key(block)
        except (ValueError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PublicKey):
            raise PurposegateError(f"a key that {what} must be signed by is no Ed25519 public key in PEM")
        keys.append(key)
    if not keys:
        raise PurposegateError(f"the file of keys that {what} must be signed by holds no public key in PEM")
    return keys


def _not_installed() -> PurposegateError:
    return PurposegateError("signatures need an extra: pip install 'purposegate[sign]'")
