"""What the language server is made of, where no editor is needed to see it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from lsprotocol import types

from purposegate.tools.editing.latest import Latest
from purposegate.tools.editing.positions import Page, Spot
from purposegate.tools.editing.server import Server, kept_alive


@pytest.mark.parametrize(("encoding", "units"), [("utf-8", 10), ("utf-16", 4), ("utf-32", 3)])
def test_a_column_is_counted_in_the_units_of_the_client(encoding: str, units: int) -> None:
    page = Page("a.py", "日本🎌 = 1")

    assert page.units(Spot(0, 3), encoding) == units
    assert page.spot(0, units, encoding) == Spot(0, 3)


def test_a_place_beyond_the_text_is_its_end() -> None:
    page = Page("a.py", "日本\n")

    assert (page.spot(0, 99, "utf-16"), page.spot(7, 99, "utf-16")) == (Spot(0, 2), Spot(7, 0))


def test_only_what_ends_a_line_for_everybody_ends_one() -> None:
    assert Page("a.py", "a\x0cb\u2028c\r\nd\re\n").lines == ["a\x0cb\u2028c", "d", "e", ""]


def test_the_newest_work_of_a_kind_is_done_and_what_it_has_overtaken_is_never_told() -> None:
    told: list[str] = []

    async def asked() -> None:
        latest = Latest(0.01, lambda what, error: told.append(f"{what}: {error}"))
        begun, done = asyncio.Event(), asyncio.Event()

        def finished(text: str) -> None:
            told.append(text)
            done.set()

        async def slow() -> str:
            begun.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                told.append("the first was cancelled")
                raise
            return "the first"

        latest.ask("a scan", "project", slow, told.append, at_once=True)
        await begun.wait()
        latest.ask("a scan", "project", _giving("the second"), told.append)
        latest.ask("a scan", "project", _giving("the third"), told.append)
        latest.ask("a scan", "another", _giving("another's"), finished)
        await done.wait()

    asyncio.run(asyncio.wait_for(asked(), 60))

    assert told == ["the first was cancelled", "the third", "another's"]


def test_work_that_fails_is_told_of_and_the_next_is_done() -> None:
    told: list[str] = []

    async def asked() -> None:
        done = asyncio.Event()

        def finished(text: str) -> None:
            told.append(text)
            done.set()

        latest = Latest(0, lambda what, error: told.append(f"{what}: {type(error).__name__}"))
        latest.ask("a scan", "project", _failing, told.append)
        latest.ask("a scan", "another", _giving("done"), finished)
        await done.wait()

    asyncio.run(asyncio.wait_for(asked(), 60))

    assert told == ["a scan: ZeroDivisionError", "done"]


def _giving(text: str) -> Callable[[], Coroutine[Any, Any, str]]:
    async def work() -> str:
        return text

    return work


async def _failing() -> str:
    raise ZeroDivisionError


class _Written:
    """Keeps what would go to the client."""

    def __init__(self) -> None:
        self.messages: list[object] = []

    def write(self, data: bytes) -> None:
        self.messages.append(json.loads(data.partition(b"\r\n\r\n")[2]))

    def close(self) -> None: ...


def test_a_handler_that_fails_answers_nothing_and_tells_the_log_nothing_of_the_document() -> None:
    written = _Written()
    server = Server()
    server.protocol.set_writer(written)

    def failing(_server: Server, _params: object) -> str:
        raise ValueError("tanaka@example.jp")

    assert kept_alive(server, types.TEXT_DOCUMENT_HOVER, failing)(None) is None
    (message,) = written.messages
    assert isinstance(message, dict)
    assert message["method"] == types.WINDOW_LOG_MESSAGE
    assert message["params"]["message"].startswith("purposegate: textDocument/hover failed at test_editing.py:")
    assert message["params"]["message"].endswith("(ValueError)")
    assert "tanaka" not in json.dumps(message)
