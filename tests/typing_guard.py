"""Decorators leave types as they are: read by mypy and pyright, never run. `# error` marks the lines that both must refuse."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import assert_type

from purposegate import From, Gate


async def checked(gate: Gate) -> None:
    @gate.guard("name", purpose="provide_service", subject=From("candidate_id"))
    def read(candidate_id: str, *, length: int = 3) -> list[str]:
        return [candidate_id] * length

    @gate.guard("name")
    async def read_later(candidate_id: str) -> int:
        return len(candidate_id)

    @gate.guard("name")
    def names() -> Iterator[str]:
        yield "name"

    @gate.guard("name")
    async def names_later() -> AsyncIterator[str]:
        yield "name"

    @gate.guard("name")
    class Repository:
        def count(self, reader: str) -> int:
            return len(reader)

    class Reader:
        @gate.guard("name")
        def read(self, candidate_id: str) -> str:
            return candidate_id

        @classmethod
        @gate.guard("name")
        def made(cls) -> Reader:
            return cls()

        @staticmethod
        @gate.guard("name")
        def count(reader: str) -> int:
            return len(reader)

    assert_type(read("c-1", length=2), list[str])
    assert_type(await read_later("c-1"), int)
    assert_type(names(), Iterator[str])
    assert_type(names_later(), AsyncIterator[str])
    assert_type(Repository().count("r-1"), int)
    assert_type(Reader.made().read("c-1"), str)
    assert_type(Reader.count("r-1"), int)
    assert_type(partial(read, "c-1")(), list[str])
    assert_type(gate.propagate(read)("c-1"), list[str])
    stays: Callable[[str], list[str]] = read
    assert_type(stays("c-1"), list[str])
    read(7)  # type: ignore[arg-type]  # error
    read("c-1", 3)  # type: ignore[call-arg]  # error
    read("c-1", size=3)  # type: ignore[call-arg]  # error
    Reader().read()  # type: ignore[call-arg]  # error
    gate.propagate(read)(7)  # type: ignore[arg-type]  # error
