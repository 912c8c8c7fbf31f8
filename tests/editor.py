"""An editor that starts the language server as a process and tells it what is typed; its waiting has an end."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient

_T = TypeVar("_T")
_COMMAND = (sys.executable, "-c", "from purposegate.cli import main; main()", "lsp")
_PATIENCE = 60
_LANGUAGES = {".py": "python", ".yaml": "yaml"}


def without_mark(text: str) -> tuple[str, types.Position]:
    """Take the `|` out of a text, and give where it stood, in UTF-16 units as the protocol counts."""
    before, after = text.split("|")
    lines = before.split("\n")
    return before + after, types.Position(len(lines) - 1, len(lines[-1].encode("utf-16-le")) // 2)


class Editor:
    """One session with a server, for as long as its runner runs."""

    def __init__(self, runner: asyncio.Runner, **capabilities: Any) -> None:
        self.runner = runner
        self.client = LanguageClient("an editor", "1")
        self.diagnostics: dict[str, list[types.Diagnostic]] = {}
        self.told: dict[str, int] = {}
        self.log: list[str] = []
        self._versions = 0
        self._news = asyncio.Event()

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]  # pygls gives its client no types here
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.diagnostics[params.uri] = list(params.diagnostics)
            self.told[params.uri] = self.told.get(params.uri, 0) + 1
            self._news.set()

        @self.client.feature(types.WINDOW_LOG_MESSAGE)  # type: ignore[untyped-decorator]  # as above
        def logged(params: types.LogMessageParams) -> None:
            self.log.append(params.message)

        self.run(self.client.start_io(*_COMMAND))
        asked = types.InitializeParams(types.ClientCapabilities(**capabilities))
        self.answer = self.run(self.client.initialize_async(asked))
        self.client.initialized(types.InitializedParams())

    def run(self, coroutine: Coroutine[Any, Any, _T]) -> _T:
        return self.runner.run(asyncio.wait_for(coroutine, _PATIENCE))

    def leave(self) -> int | None:
        """End the session as the protocol says, and give the server's exit code."""
        self.run(self.client.shutdown_async(None))
        self.client.exit(None)
        server = self.client._server
        assert server is not None
        self.run(server.wait())
        self.run(self.client.stop())  # type: ignore[no-untyped-call]  # as above
        return server.returncode

    def kill(self) -> int | None:
        """Kill the server, and give its exit code."""
        server = self.client._server
        assert server is not None
        server.kill()
        self.run(server.wait())
        self.run(self.client.stop())  # type: ignore[no-untyped-call]  # as above
        return server.returncode

    def open(self, path: Path, text: str) -> list[types.Diagnostic]:
        """Open a file with an unsaved text, and give what is found in it."""
        return self._after(path, lambda: self.begin(path, text))

    def begin(self, path: Path, text: str) -> None:
        """Open a file with an unsaved text, and wait for nothing."""
        item = types.TextDocumentItem(path.as_uri(), _LANGUAGES.get(path.suffix, "text"), 0, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def type(self, path: Path, text: str, *, wait_for: Path | None = None) -> list[types.Diagnostic]:
        """Change an open file's text, and give what is found in it, or in another one."""
        self._versions += 1
        params = types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(self._versions, path.as_uri()),
            [types.TextDocumentContentChangeWholeDocument(text)],
        )
        return self._after(wait_for or path, lambda: self.client.text_document_did_change(params))

    def save(self, path: Path, *, wait_for: Path) -> list[types.Diagnostic]:
        """Tell that a file was written, and give what is found in one that it concerns."""
        params = types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(path.as_uri()))
        return self._after(wait_for, lambda: self.client.text_document_did_save(params))

    def close(self, path: Path) -> list[types.Diagnostic]:
        params = types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(path.as_uri()))
        return self._after(path, lambda: self.client.text_document_did_close(params))

    def hover(self, path: Path, position: types.Position) -> types.Hover | None:
        return self.run(self.client.text_document_hover_async(types.HoverParams(_named(path), position)))

    def hovered(self, path: Path, position: types.Position) -> str:
        found = self.hover(path, position)
        assert found is not None
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value

    def definition(self, path: Path, position: types.Position) -> types.Location | None:
        found = self.run(self.client.text_document_definition_async(types.DefinitionParams(_named(path), position)))
        assert found is None or isinstance(found, types.Location)
        return found

    def completions(self, path: Path, position: types.Position) -> list[types.CompletionItem]:
        """Give what is offered, in the order in which an editor shows it."""
        found = self.run(self.client.text_document_completion_async(types.CompletionParams(_named(path), position)))
        assert found is None or isinstance(found, types.CompletionList)
        return sorted(found.items, key=lambda item: item.sort_text or "") if found else []

    def offered(self, path: Path, position: types.Position) -> list[str]:
        return [item.label for item in self.completions(path, position)]

    def actions(self, path: Path, diagnostic: types.Diagnostic) -> dict[str, list[types.TextEdit]]:
        params = types.CodeActionParams(_named(path), diagnostic.range, types.CodeActionContext([diagnostic]))
        found = self.run(self.client.text_document_code_action_async(params)) or []
        return {
            each.title: list((each.edit.changes or {})[path.as_uri()])
            for each in found
            if isinstance(each, types.CodeAction) and each.edit is not None
        }

    def _after(self, path: Path, act: Callable[[], None]) -> list[types.Diagnostic]:
        uri = path.as_uri()
        before = self.told.get(uri, 0)

        async def waited() -> None:
            act()
            while self.told.get(uri, 0) == before:
                self._news.clear()
                await self._news.wait()

        self.run(waited())
        return self.diagnostics[uri]


def _named(path: Path) -> types.TextDocumentIdentifier:
    return types.TextDocumentIdentifier(path.as_uri())
