"""The heads of a trail, kept elsewhere: they are read only as they were written, and by whom they had to be signed."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from test_compiled import private_pem, public_pem

from purposegate import PurposegateError, TrailError
from purposegate.policy.signature import is_signed, sign
from purposegate.trail.chain import Head
from purposegate.trail.heads import HEADS, Heads, heads_document, heads_from

KEY, OTHER_KEY = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
AT = 1_768_478_400_000_000_000
TOLD = (Head("a" * 16, 4, 753, "0f" * 32), Head("b" * 16, 1, 90, "a1" * 32))
PLAIN = heads_document(TOLD, AT)
SIGNED = heads_document(TOLD, AT, private_pem(KEY))


def test_heads_are_written_as_documented_and_read_again() -> None:
    assert json.loads(PLAIN) == {
        "purposegate_trail_heads": 1,
        "at": AT,
        "heads": [
            {"chain": "a" * 16, "seal": 4, "bytes": 753, "sha256": "0f" * 32},
            {"chain": "b" * 16, "seal": 1, "bytes": 90, "sha256": "a1" * 32},
        ],
    }
    assert heads_from(PLAIN) == heads_from(SIGNED) == Heads(AT, TOLD)
    assert heads_from(heads_document((), AT)) == Heads(AT, ())


def test_heads_that_are_signed_by_one_of_the_keys_are_read() -> None:
    assert heads_from(SIGNED, public_pem(KEY)) == Heads(AT, TOLD)
    assert heads_from(SIGNED, public_pem(OTHER_KEY) + public_pem(KEY)) == Heads(AT, TOLD)


def test_heads_that_nobody_signed_are_refused_where_keys_are_demanded() -> None:
    with pytest.raises(TrailError, match=r"^the heads bear no signature, and one is demanded\n"):
        heads_from(PLAIN, public_pem(KEY))


def test_heads_that_another_signed_are_refused() -> None:
    with pytest.raises(TrailError, match=r"^the heads are signed by none of the keys that are trusted\n"):
        heads_from(SIGNED, public_pem(OTHER_KEY))


def test_every_changed_byte_of_signed_heads_is_refused() -> None:
    taken = []
    for at in range(len(SIGNED) - 1):  # the newline may be there or not
        changed = bytearray(SIGNED)
        changed[at] ^= 1
        try:
            taken.append(heads_from(bytes(changed), public_pem(KEY)))
        except TrailError:
            continue

    assert taken == []


def test_a_signature_of_a_policy_is_none_of_heads() -> None:
    body = PLAIN[:-1]

    assert is_signed(body, sign(body, private_pem(KEY), HEADS), public_pem(KEY), HEADS)
    assert not is_signed(body, sign(body, private_pem(KEY)), public_pem(KEY), HEADS)
    assert not is_signed(body, sign(body, private_pem(KEY), HEADS), public_pem(KEY))


def test_a_key_of_another_kind_is_refused_in_words_about_heads() -> None:
    with pytest.raises(PurposegateError, match=r"^the file of keys that the heads of a trail must be signed by holds no"):
        heads_from(SIGNED, b"")


@pytest.mark.parametrize(
    "spoilt",
    [
        b"",
        b"[]",
        b"\n" + PLAIN,
        PLAIN + b"\n",
        PLAIN + PLAIN,
        PLAIN.replace(b":1,", b":2,", 1),
        PLAIN.replace(b":", b": ", 1),
        PLAIN.replace(b"},{", b"}, {"),
        PLAIN.replace(b"0f0f", b"0F0f", 1),
        PLAIN.replace(b"]", b',{"chain":"x"}]'),
        PLAIN.replace(b"}\n", b',"more":1}\n'),
        PLAIN.replace(b'"at":', b'"at":0'),
    ],
)
def test_what_is_not_exactly_a_document_of_heads_is_refused(spoilt: bytes) -> None:
    with pytest.raises(TrailError) as raised:
        heads_from(spoilt)

    assert str(raised.value) in ("the file holds no heads of a trail", "the heads are not written as a trail writes them")
    assert raised.value.__notes__ == [
        "take a file that `purposegate trail heads` wrote, from where nobody who writes the trail can change it"
    ]
