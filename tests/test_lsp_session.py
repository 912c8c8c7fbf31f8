"""The main path of an editor's session, with pytest-lsp's client, which fails where the protocol is not kept to.

Each is gone with the capabilities of real editors, and of one that can do nothing.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities
from test_lsp import POLICY, PROSE, SERVICE

CONFIG = ClientServerConfig(server_command=[sys.executable, "-c", "from purposegate.cli import main; main()", "lsp"])
EDITORS = ("visual-studio-code", "neovim", "emacs", None)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.parametrize("client", EDITORS, indirect=True, scope="module")]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("shop")
    (root / "pyproject.toml").write_text('[tool.purposegate]\npolicy = "shop.yaml"\n')
    (root / "shop.txt").write_text(PROSE)
    (root / "shop.yaml").write_text(POLICY)
    return root


@pytest_lsp.fixture(config=CONFIG, scope="module")  # type: ignore[untyped-decorator]  # pytest-lsp gives it no types
async def client(request: pytest.FixtureRequest, project: Path, lsp: LanguageClient) -> AsyncIterator[None]:
    able = client_capabilities(request.param) if request.param else types.ClientCapabilities()
    await lsp.initialize_session(types.InitializeParams(able, root_uri=project.as_uri()))
    for name, language, text in (("shop.yaml", "yaml", POLICY), ("service.py", "python", SERVICE)):
        item = types.TextDocumentItem((project / name).as_uri(), language, 1, text)
        lsp.text_document_did_open(types.DidOpenTextDocumentParams(item))
        await lsp.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    yield
    assert [each.message for each in lsp.log_messages] == []
    await lsp.shutdown_session()


@pytest.mark.parametrize(
    ("name", "right", "wrong", "code"),
    [
        ("shop.yaml", "data: [email_address]", "data: [email_adress]", "undeclared-name"),
        ("service.py", '"shipping"', '"shiping"', "unknown-purpose"),
    ],
)
async def test_what_is_typed_is_told_of_until_it_is_right(
    client: LanguageClient, project: Path, name: str, right: str, wrong: str, code: str
) -> None:
    text = POLICY if name == "shop.yaml" else SERVICE
    told = []
    for version, typed in enumerate((text.replace(right, wrong), text), 2):
        document = types.VersionedTextDocumentIdentifier(version, (project / name).as_uri())
        change = types.TextDocumentContentChangeWholeDocument(typed)
        client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))
        await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        told.append([each.code for each in client.diagnostics[document.uri]])

    assert told == [[code], []]


@pytest.mark.parametrize(("name", "line", "character"), [("shop.yaml", 21, 15), ("service.py", 15, 20)])
async def test_a_name_is_told_of_completed_and_leads_to_its_declaration(
    client: LanguageClient, project: Path, name: str, line: int, character: int
) -> None:
    document, spot = types.TextDocumentIdentifier((project / name).as_uri()), types.Position(line, character)

    hover = await client.text_document_hover_async(types.HoverParams(document, spot))
    offered = await client.text_document_completion_async(types.CompletionParams(document, spot))
    declared = await client.text_document_definition_async(types.DefinitionParams(document, spot))

    assert hover is not None
    assert isinstance(hover.contents, types.MarkupContent)
    assert hover.contents.value.startswith("**`email_address`**: data category of `shop`, revision 1")
    assert isinstance(offered, types.CompletionList)
    assert {each.label for each in offered.items} >= {"contact_data", "name"}
    where = types.Range(types.Position(4, 2), types.Position(4, 15))
    assert declared == types.Location((project / "shop.yaml").as_uri(), where)
