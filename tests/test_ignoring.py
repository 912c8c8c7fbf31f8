"""A comment suppresses what it names, with a reason, on its line or alone above it; and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import PROSE
from hypothesis import given
from hypothesis import strategies as st

from purposegate.policy.comments import comments
from purposegate.policy.markup import Findings, Source, read_markup
from purposegate.tools.lint import lint, rules

POLICY = """\
purposegate: 1
policy: {{id: shop, title: Privacy policy, controller: shop, revision: "1", contact: the shop, prose: shop.txt}}
categories: {{email_address: {{}}}}
purposes:
  shipping: {{}}
{purposes}
recipients: {{shop: {{role: controller}}}}
uses:
  - {{clause: "1", quote: ship parcels, data: [email_address], purposes: [shipping], conditions: []}}
unenforced: [{{clause: "9", quote: We may amend this policy., why: people send it}}]
"""


def said(folder: Path, purposes: str) -> list[tuple[str, str]]:
    """Lint a policy with some more purposes; give the slug and the message of each finding."""
    (folder / "shop.yaml").write_text(POLICY.format(purposes=purposes))
    (folder / "shop.txt").write_text(PROSE)
    return [(finding.slug, finding.message) for finding in lint(folder / "shop.yaml")]


IDLE = ("idle-purpose", "no use clause opens any data for `raffle`")


@pytest.mark.parametrize(
    "purposes",
    [
        "  raffle: {}  # purposegate: ignore[idle-purpose] launches in May",
        "  # purposegate: ignore[idle-purpose] launches in May\n  raffle: {}",
        "#purposegate:ignore[idle-purpose] launches in May\n  raffle: {}",
        "  # purposegate: ignore[idle-purpose] launches in May\n  # and in June\n  raffle: {}",
        "  a_gift: {} # purposegate: ignore[idle-purpose] in June\n  raffle: {} # purposegate: ignore[idle-purpose] in May",
    ],
)
def test_a_comment_with_a_reason_suppresses_what_it_names(purposes: str, tmp_path: Path) -> None:
    assert said(tmp_path, purposes) == []


@pytest.mark.parametrize(
    ("purposes", "findings"),
    [
        ("  raffle: {}  # purposegate: ignore[idle-purpose]", [("unexplained-ignore", "the comment gives no reason")]),
        (
            "  raffle: {}  # purposegate: ignore[idle-category] launches in May",
            [IDLE, ("idle-ignore", "nothing here is `idle-category`")],
        ),
        ("  raffle: {}  # purposegate: ignore[idle-porpoise] x", [IDLE, ("unknown-ignore", "there is no rule `idle-porpoise`")]),
        (
            "  raffle: {}  # purposegate: ignore[quote-not-in-prose] x",
            [IDLE, ("unknown-ignore", "`quote-not-in-prose` cannot be suppressed")],
        ),
        ("  raffle: {}  # purposegate: ignore[idle-ignore] x", [IDLE, ("unknown-ignore", "`idle-ignore` cannot be suppressed")]),
        ("  raffle: {}  # purposegate: ignore launches in May", [IDLE, ("unknown-ignore", "the comment is not understood")]),
        ("  raffle: {}  # purposegate: ignore[] x", [IDLE, ("unknown-ignore", "the comment is not understood")]),
        ("  raffle: {}  # purposegate: ingore[idle-purpose] x", [IDLE, ("unknown-ignore", "the comment is not understood")]),
        ("  raffle: {}  # purposegate: ignore[<script>] x", [IDLE, ("unknown-ignore", "there is no rule")]),
        (
            "  raffle: {}\n  # purposegate: ignore[idle-purpose] too late",
            [IDLE, ("idle-ignore", "nothing here is `idle-purpose`")],
        ),
        (
            "  # purposegate: ignore[idle-purpose] too far\n\n  raffle: {}",
            [IDLE, ("idle-ignore", "nothing here is `idle-purpose`")],
        ),
        (
            "  raffle: {}  # purposegate: ignore[idle-purpose, idle-category] launches in May",
            [("idle-ignore", "nothing here is `idle-category`")],
        ),
        ('  raffle: {clause: "9", quote: amend, reading: "a # purposegate: ignore[idle-purpose] x"}', [IDLE]),
        ("  raffle: {}  # purposegate is what this is for", [IDLE]),
    ],
)
def test_a_comment_that_does_not_do_so_is_a_finding_itself(purposes: str, findings: list[tuple[str, str]], tmp_path: Path) -> None:
    assert said(tmp_path, purposes) == findings


def test_what_only_looks_like_a_comment_suppresses_nothing(tmp_path: Path) -> None:
    block = "  raffle:\n    reading: |\n      # purposegate: ignore[idle-purpose] x\n      and text\n"

    assert said(tmp_path, block) == [IDLE]


def test_what_the_reader_only_warns_of_can_be_suppressed_and_an_error_cannot(tmp_path: Path) -> None:
    warned = "  shipp1ng: {parent: shipping}\n  shipplng: {parent: shipping}"
    ignored = f"{warned}  # purposegate: ignore[confusable-names] both are the carrier's words"
    wrong = "  raffle: {parent: shiping}  # purposegate: ignore[undeclared-name] x"

    assert [slug for slug, _ in said(tmp_path, warned)] == ["confusable-names"]
    assert said(tmp_path, ignored) == []
    assert [slug for slug, _ in said(tmp_path, wrong)] == ["undeclared-name"]


@pytest.mark.parametrize("slug", [rule.slug for rule in rules() if not rule.can_be_ignored])
def test_what_is_said_of_comments_and_errors_is_not_suppressed(slug: str, tmp_path: Path) -> None:
    findings = said(tmp_path, f"  raffle: {{}}  # purposegate: ignore[idle-purpose, {slug}] x")

    assert findings == [("unknown-ignore", f"`{slug}` cannot be suppressed")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: b # one\n# two\nc: d", ["# one", "# two"]),
        ("a: b# none\nc: d #", ["#"]),
        ("a: 'x # none\n\n  # none' # one", ["# one"]),
        ('a: "x # none \\" # none" # one', ["# one"]),
        ("a: | # one\n  # none\n  text\n# two\nb: c", ["# one", "# two"]),
        ("a: |\n  text\n  # none\n\n # two\nb: c", ["# two"]),
        ("a: >-\r\n  text # none\r\n# two\r\nb: [c, # three\r\n  d]", ["# two", "# three"]),
        ("a: |\n  # none", []),
    ],
)
def test_comments_are_what_stands_outside_of_text(text: str, expected: list[str]) -> None:
    source = Source(text, "shop.yaml")

    assert [comment.text for comment in comments(source)] == expected
    assert all(source.line(comment.line)[comment.at & 0xFFFFFFFF :] == comment.text for comment in comments(source))


LINES = st.sampled_from(
    ["a: b", "b: 'x", "# c", " # d", "  y'", 'c: "z', 'w"', "d: |", "  # e", "  t # f", "e: [x, # g", "  y]", "", "f: >-", " q"]
)


@given(st.lists(LINES, max_size=9))
def test_without_its_comments_a_text_reads_as_before(lines: list[str]) -> None:
    source = Source("\n".join(lines), "shop.yaml")
    findings = Findings()
    tree = read_markup(source, findings, lambda *_: None)
    if tree is None or findings:
        return
    kept = lines[:]
    for comment in comments(source):
        kept[comment.line] = kept[comment.line][: comment.at & 0xFFFFFFFF]

    assert read_markup(Source("\n".join(kept), "shop.yaml"), Findings(), lambda *_: None) == tree
    assert [*comments(Source("\n".join(kept), "shop.yaml"))] == []
