"""`purposegate rule`: the pages of what lint and scan find."""

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
        typer.Argument(metavar="[SLUG]", help="The rule; without it, all are listed.", autocompletion=completing.every_rule),
    ] = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Explain what lint or scan finds: what it flags and why, what to avoid and what to write instead."""
    from purposegate.cli.judging import stop  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.findings import did_you_mean  # noqa: PLC0415 - as above
    from purposegate.tools.lint import rules  # noqa: PLC0415 - as above
    from purposegate.tools.scanning.kinds import kinds  # noqa: PLC0415 - as above

    every = sorted([*(("lint", each) for each in rules()), *(("scan", each) for each in kinds())], key=_by_name)
    if slug is None:
        rows = [_row(tool, each) for tool, each in every]
        if output is Format.JSON:
            render.as_json(rows)
        else:
            titles = {"slug": "rule", "tool": "of", "severity": "severity", "does": "what it does"}
            render.table(rows, titles, "there are no rules")
        return
    found = [(tool, each) for tool, each in every if each.slug == slug]
    if not found:
        meant = did_you_mean(slug, dict.fromkeys(each.slug for _, each in every))
        stop("there is no such rule", meant or "`purposegate rule` lists all of them")
    if output is Format.JSON:
        # What is found in policies and in code alike has two pages.
        shown = [_row(tool, each) for tool, each in found]
        render.as_json(shown if len(shown) > 1 else shown[0])
        return
    print("\n\n".join(_page(tool, each) for tool, each in found))


def _by_name(paged: tuple[str, Rule]) -> tuple[str, str]:
    tool, each = paged
    return each.slug, tool


def _page(tool: str, each: Rule) -> str:
    text = f"{each.slug} ({tool}, {each.severity})\n\n{each.page.rstrip()}"
    if each.fixed:
        text += "\n\n`purposegate lint --fix` mends it."
    if not each.can_be_ignored:
        text += f"\n\nNo comment in the {'policy' if tool == 'lint' else 'code'} suppresses it."
    return text


def _row(tool: str, each: Rule) -> dict[str, object]:
    return {
        "slug": each.slug,
        "tool": tool,
        "severity": each.severity.value,
        "does": each.does,
        "why": each.why,
        "avoid": each.avoid,
        "prefer": each.prefer,
        "fixed": each.fixed,
        "can_be_ignored": each.can_be_ignored,
    }
