"""An account of a person shows what others wrote as they wrote it, whatever Markdown would make of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from purposegate import MemoryLedger
from purposegate.policy.characters import without_forbidden
from purposegate.tools.account import Account, account_of, as_markdown

AT = datetime(2026, 1, 15, 12, tzinfo=UTC)
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
written = st.text(st.sampled_from("\\`*_[]<>|~&#!()-+.:/ab1 \n\r\t=") | st.characters(), min_size=1, max_size=12)


def shown(tokens: Sequence[Token], element: str) -> list[str]:
    """Give the texts of elements of one kind; they hold nothing but text."""
    texts = []
    for at, token in enumerate(tokens):
        if token.type == f"{element}_open":
            parts = tokens[at + 1].children or []
            assert {part.type for part in parts} <= {"text", "code_inline"}
            texts.append("".join(part.content for part in parts))
    return texts


@given(written.filter(lambda text: not text.isspace()))
def test_whatever_somebody_wrote_is_shown_as_text(text: str) -> None:
    row: dict[str, object] = dict.fromkeys(
        ("at", "recipient", "legal_name", "country", "data_category", "purpose", "channel", "clauses", "claim"), text
    )
    nothing = account_of(MemoryLedger(), "u-1", AT).sections

    tokens = READER.parse(as_markdown(Account(text, AT, (row,), nothing)))

    plain = without_forbidden(" ".join(text.split()))
    assert shown(tokens, "heading")[0] == f"What is held about {plain}"
    assert shown(tokens, "heading")[2] == f"{plain}, {plain}: {plain}"
    assert shown(tokens, "td") == [plain] * 6
