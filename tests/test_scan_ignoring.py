"""A comment in code suppresses what it names, with a reason, beside what was found or alone above it; and nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from purposegate.findings import Finding, Location, Severity
from purposegate.tools.scanning.kinds import kinds
from purposegate.tools.scanning.suppressing import unsuppressed
from purposegate.tools.scanning.written import Written

WHY = "# purposegate: ignore[unguarded-read] shown to the person itself"


def told(folder: Path, text: str, slug: str = "unguarded-read") -> list[tuple[str, str]]:
    """Give what is told of a file in which something was found where `^` stands."""
    before, _, after = text.partition("^")
    path = folder / "a.py"
    path.write_text(before + after)
    place = Location(str(path), before.count("\n") + 1, len(before) - before.rfind("\n"))
    finding = Finding(slug, Severity.ERROR, "found", place)
    return [(each.slug, each.message) for each in unsuppressed([finding], [str(path)], cache(Written.at))]


FOUND = ("unguarded-read", "found")
IDLE = ("idle-ignore", "nothing here is `unguarded-read`")


@pytest.mark.parametrize(
    "text",
    [
        f"x = ^a.email  {WHY}\n",
        f"{WHY}\nx = ^a.email\n",
        "#purposegate:ignore[unguarded-read] why\nx = ^a.email\n",
        f"{WHY}\n# and to nobody else\nx = ^a.email\n",
        f"x = ^send(  {WHY}\n    a,\n)\n",
        f"x = ^send(\n    a,\n)  {WHY}\n",
        f"x = ^send(\n    'ß', a,\n)  {WHY}\n",
        f"x = 'ß', ^send(\n    a,\n)  {WHY}\n",
        f"{WHY}\nx = send(\n    ^a.email,\n)\n",
        f"x = send(\n    {WHY}\n    ^a.email,\n)\n",
        f"{WHY}\n@^guard(\n    'x',\n)\n@other\ndef f():\n    pass\n",
        f"{WHY}\n@other\n@^guard('x')\ndef f():\n    pass\n",
        f"@other\n{WHY}\ndef f(\n    a=^b,\n):\n    pass\n",
        f"def f():\n    if x:\n        {WHY}\n        with open('x'), \\\n            ^g:\n            pass\n",
        f"# coding: latin-1\nx = ^a.email  {WHY}\n",
        f"\ufeffx = ^a.email  {WHY}\n",
        f"x = '''\n'''; y = ^a.email  {WHY}\n",
        f"\fx = ^a.email  {WHY}\n",
    ],
)
def test_a_comment_with_a_reason_suppresses_what_it_names_be_it_an_error(text: str, tmp_path: Path) -> None:
    assert told(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        (f"x = ^a.email\n{WHY}\n", [FOUND, IDLE]),
        (f"{WHY}\n\nx = ^a.email\n", [FOUND, IDLE]),
        (f"{WHY}\ndef f():\n    x = ^a.email\n", [FOUND, IDLE]),
        (f"{WHY}\nif x:\n    y = ^a.email\n", [FOUND, IDLE]),
        (f"x = [\n    b,  {WHY}\n    ^a.email,\n]\n", [FOUND, IDLE]),
        (f"x = [\n    ^a.email,\n]  {WHY}\n", [FOUND, IDLE]),
        (f"x = ^a.email, '{WHY}'\n", [FOUND]),
        (f"x = '''\n{WHY}\n''', ^a.email\n", [FOUND]),
        (
            "x = ^a.email  # purposegate: ignore[unguarded-read]\n",
            [FOUND, ("unexplained-ignore", "the comment gives no reason")],
        ),
        (
            "x = ^a.email  # purposegate: ignore[unguarded-reed] why\n",
            [FOUND, ("unknown-ignore", "there is no rule `unguarded-reed`")],
        ),
        (
            "x = ^a.email  # purposegate: ignore[idle-purpose] why\n",
            [FOUND, ("unknown-ignore", "there is no rule `idle-purpose`")],
        ),
        (
            "x = ^a.email  # purposegate: ignore[unguarded-read, unreadable-use] why\n",
            [("idle-ignore", "nothing here is `unreadable-use`")],
        ),
        ("x = ^a.email  # purposegate: ingore[x] why\n", [FOUND, ("unknown-ignore", "the comment is not understood")]),
        (f"x = ^a.email  {WHY}\nx = (\n", [FOUND]),
    ],
)
def test_a_comment_that_does_not_do_so_is_a_finding_itself(text: str, findings: list[tuple[str, str]], tmp_path: Path) -> None:
    assert told(tmp_path, text) == findings


@pytest.mark.parametrize("slug", [kind.slug for kind in kinds() if not kind.can_be_ignored])
def test_what_was_not_looked_at_and_what_is_said_of_comments_is_not_suppressed(slug: str, tmp_path: Path) -> None:
    found = told(tmp_path, f"x = ^a.email  # purposegate: ignore[{slug}] why\n", slug)

    assert found == [(slug, "found"), ("unknown-ignore", f"`{slug}` cannot be suppressed")]


def test_a_file_that_cannot_be_read_has_no_comments(tmp_path: Path) -> None:
    finding = Finding("unparsable", Severity.ERROR, "found", Location(str(tmp_path), 1, 1))

    assert list(unsuppressed([finding], [str(tmp_path), "a\0b"], cache(Written.at))) == [finding]


def test_a_file_nested_too_deeply_for_a_tree_still_has_its_lines(tmp_path: Path) -> None:
    """Where a statement begins cannot be told then, and the comment beside the line counts all the same."""
    deep = f"x = {'(' * 5000}1{')' * 5000}\n"
    (tmp_path / "a.py").write_text(f"y = a.email  {WHY}\n{deep}")
    written = Written.at(str(tmp_path / "a.py"))

    reach = written.reach(Location(written.path, 1, 5))

    assert (set(reach.beside), set(reach.below)) == ({1}, {1})
    assert written.scope(Location(written.path, 1, 5)) == ""
