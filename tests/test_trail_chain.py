"""The words of a trail's files: each is written in one way, and read only where it is written so."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from purposegate.trail.chain import (
    SEAL_END,
    Head,
    Header,
    Mend,
    Seal,
    file_name,
    header_line,
    header_of,
    is_hidden_name,
    mend_line,
    mend_of,
    named_chain,
    seal_of,
    seal_start,
)

A, B = "0123456789abcdef", "fedcba9876543210"
AT = 1_768_478_400_000_000_123
DIGEST = "ab" * 32
HEADS = (Head(B, 3, 1234, DIGEST), Head("0" * 16, 1, 99, "0" * 64))
HEADER = header_line(A, AT, 4711, HEADS)
SEAL = seal_start(2, AT, 345) + DIGEST.encode() + SEAL_END
END = seal_start(3, AT, 678, end=True) + DIGEST.encode() + SEAL_END
MEND = mend_line(AT, B, 12, DIGEST)


def test_the_lines_are_written_as_documented() -> None:
    head = f'{{"chain":"{B}","seal":3,"bytes":1234,"sha256":"{DIGEST}"}}'
    other = f'{{"chain":"{"0" * 16}","seal":1,"bytes":99,"sha256":"{"0" * 64}"}}'
    assert f'{{"purposegate_trail":1,"chain":"{A}","at":{AT},"pid":4711,"heads":[{head},{other}]}}\n'.encode() == HEADER
    assert f'{{"seal":2,"at":{AT},"bytes":345,"sha256":"{DIGEST}"}}\n'.encode() == SEAL
    assert f'{{"seal":3,"at":{AT},"bytes":678,"end":true,"sha256":"{DIGEST}"}}\n'.encode() == END
    assert f'{{"mended":{AT},"by":"{B}","cut":12,"sha256":"{DIGEST}"}}\n'.encode() == MEND


def test_what_is_written_is_read_again() -> None:
    assert header_of(HEADER) == Header(A, AT, 4711, HEADS)
    assert header_of(header_line(A, AT, 1, ())) == Header(A, AT, 1, ())
    assert seal_of(SEAL) == Seal(2, AT, 345, end=False, sha256=DIGEST)
    assert seal_of(END) == Seal(3, AT, 678, end=True, sha256=DIGEST)
    assert mend_of(MEND) == Mend(AT, B, 12, DIGEST)


def test_a_file_is_named_by_when_it_was_begun_and_by_its_chain() -> None:
    assert file_name(A, AT) == f"20260115T120000Z-{A}.jsonl"
    assert named_chain(file_name(A, AT)) == A
    assert [is_hidden_name(name) for name in (f".{file_name(A, AT)}.new", file_name(A, AT), ".new", ".x.new")] == [
        True,
        False,
        False,
        False,
    ]
    assert [named_chain(name) for name in (f"{A}.jsonl", f"20260115T120000Z-{A}.jsonl.bak", "notes.txt", "")] == [None] * 4


@pytest.mark.parametrize(("line", "read"), [(HEADER, header_of), (SEAL, seal_of), (END, seal_of), (MEND, mend_of)])
def test_the_same_in_other_bytes_is_not_read(line: bytes, read: Callable[[bytes], object]) -> None:
    spoilt = (
        line.replace(b":", b": ", 1),
        line.replace(b"abab", b"ABab", 1),
        line.replace(str(AT).encode(), b"0" + str(AT).encode()),
        line.replace(str(AT).encode(), b"-" + str(AT).encode()),
        line.replace(str(AT).encode(), "\u0661".encode()),
        line.replace(b"}", b',"more":1}'),
        line[:-1],
        line[:-1] + b"\r\n",
        line + b"\n",
        b" " + line,
        b"",
    )

    for each in spoilt:
        assert each != line
        with pytest.raises(ValueError, match=r"^the "):
            read(each)


@pytest.mark.parametrize("between", [b",,", b"", b" ,", b",{},"])
def test_heads_that_are_told_otherwise_are_not_read(between: bytes) -> None:
    with pytest.raises(ValueError, match="heads are not written"):
        header_of(HEADER.replace(b"},{", b"}" + between + b"{"))
