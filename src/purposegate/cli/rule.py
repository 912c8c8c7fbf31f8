"""`purposegate rule`: the pages of the lint rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from purposegate.cli import completing, render
from purposegate.cli.formats import Format, FormatOption

if TYPE_CHECKING:
    from purposegate.tools.linting.registry import Rule


def rule(
    slug: Annotated[
        str | None,
        typer.Argument(metavar="[SLUG]", help="The rule; without it, all are listed.", autocompletion=completing.rules),
    ] = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Explain a lint rule: what it flags and why, what to avoid and what to write instead."""
    from purposegate.cli.judging import stop  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.tools import lint  # noqa: PLC0415 - as above

    if slug is None:
        rows = [_row(each) for each in lint.rules()]
        if output is Format.JSON:
            render.as_json(rows)
        else:
            render.table(rows, {"slug": "rule", "severity": "severity", "does": "what it does"}, "there are no rules")
        return
    found = lint.rule_of(slug)
    if found is None:
        stop("there is no such rule", lint.meant(slug) or "`purposegate rule` lists all of them")
        return
    row = _row(found)
    if output is Format.JSON:
        render.as_json(row)
        return
    print(f"{found.slug} ({found.severity})\n\n{found.page.rstrip()}")
    if found.fixed:
        print("\n`purposegate lint --fix` mends it.")
    if not found.can_be_ignored:
        print("\nNo comment in the policy suppresses it.")


def _row(each: Rule) -> dict[str, object]:
    return {
        "slug": each.slug,
        "severity": each.severity.value,
        "does": each.does,
        "why": each.why,
        "avoid": each.avoid,
        "prefer": each.prefer,
        "fixed": each.fixed,
        "can_be_ignored": each.can_be_ignored,
    }
