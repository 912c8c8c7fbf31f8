"""`purposegate impact`: which lines of code a change of the policy turns into violations, and which permissions lie idle then."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from purposegate.cli import completing, render
from purposegate.cli.diff import DiffFormat
from purposegate.cli.exits import COULD_NOT_RUN, DENIED, OK
from purposegate.cli.formats import FailLevel, FailLevelOption, Format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from purposegate.tools.scanning.impact import Impact, Turn
    from purposegate.tools.scanning.sighting import Place, Sight
    from purposegate.tools.versions import Version


def impact(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The policy as it was: a file, or `REV:path` of a git revision.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The policy as it is to be.")],
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Python files, folders of them, or patterns.")],
    fail_level: FailLevelOption = None,
    assume: Annotated[
        list[str] | None,
        typer.Option(
            "--assume",
            help="Take a condition as shown; may be repeated.",
            metavar="CONDITION",
            autocompletion=completing.conditions,
        ),
    ] = None,
    output: Annotated[DiffFormat, typer.Option("--format", help="How to print the result.")] = DiffFormat.TEXT,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Show every line, however many there are.")] = False,
) -> None:
    """Tell which lines of code an amended policy turns into violations, and which of its permissions no line uses."""
    from purposegate.cli import impact_markdown, impact_text  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.cli.keeping import unreadable  # noqa: PLC0415 - as above
    from purposegate.tools.scanning.impact import impact as compared  # noqa: PLC0415 - as above
    from purposegate.tools.versions import version  # noqa: PLC0415 - as above

    with unreadable():
        before, after = version(old), version(new)
        _known(assume or (), before, after)
        sight = _looked(paths, output)
        report = compared(sight, before, after, assume=assume or ())
    match output:
        case DiffFormat.JSON:
            render.as_json(_as_dict(report))
        case DiffFormat.MARKDOWN:
            print("\n".join(impact_markdown.lines(report)))
        case DiffFormat.TEXT:
            print("\n".join(impact_text.lines(report, everything=everything)))
    raise typer.Exit(_exit_code(report, sight, fail_level or FailLevel.ERROR))


def _looked(paths: Sequence[str], output: DiffFormat) -> Sight:
    """See what there is in the files."""
    from purposegate.cli.watching import bar  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.tools.scanning.looking import look  # noqa: PLC0415 - as above
    from purposegate.tools.scanning.sources import sources  # noqa: PLC0415 - as above

    files, missing = sources(paths)
    watched = Format.TEXT if output is DiffFormat.TEXT else Format.JSON
    with bar("looking at code", sum(map(_size, files)), watched) as done:
        sight = look(files, done)
    return replace(sight, findings=(*missing, *sight.findings))


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except (OSError, ValueError):
        return 0  # what is wrong with it, looking at it will say


def _known(assume: Sequence[str], *versions: Version) -> None:
    """Exit where a condition that is taken as shown is none of either policy."""
    from purposegate.cli.judging import stop  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.findings import did_you_mean  # noqa: PLC0415 - as above
    from purposegate.policy.terms import presentable  # noqa: PLC0415 - as above

    known = dict.fromkeys(name for version in versions for name in version.policy.conditions)
    for name in assume:
        if name not in known:
            stop(f"neither policy knows a condition `{presentable(name)}`", did_you_mean(name, known))


def _exit_code(report: Impact, sight: Sight, fail_level: FailLevel) -> int:
    """Give 2 where a file could not be read: nothing is known of it; 1 where a line comes out too badly."""
    from purposegate.findings import Severity  # noqa: PLC0415 - a command imports only its own tool

    unread = [finding for finding in sight.findings if finding.severity is Severity.ERROR]
    for finding in unread:
        print(finding, file=sys.stderr)
    if unread:
        return COULD_NOT_RUN
    if fail_level is FailLevel.NEVER:
        return OK
    level = Severity(fail_level.value)
    return DENIED if any(count and severity.at_least(level) for severity, count in report.severities.items()) else OK


def _as_dict(report: Impact) -> dict[str, Any]:
    from purposegate.cli.diff import versioned  # noqa: PLC0415 - a command imports only its own tool

    return {
        "before": versioned(report.before),
        "after": versioned(report.after),
        "judged": report.judged,
        "unread": report.unread,
        "unverified": report.unverified,
        "elsewhere": report.elsewhere,
        "turns": [_turn(each) for each in report.turns],
        "vanished": [{"what": each.what, "name": each.name, **_place(each.place)} for each in report.vanished],
        "idle": [{"clause": each.citation.clause, "quote": each.citation.quote, "kept": each.kept} for each in report.idle],
        "unclaimed": [
            {
                "clauses": each.clauses,
                "data_categories": witness.data_categories,
                "purpose": witness.purpose,
                "recipient": witness.recipient,
                "channel": witness.channel,
                "conditions": witness.conditions,
            }
            for each in report.unclaimed
            for witness in each.witnesses
        ],
    }


def _turn(turn: Turn) -> dict[str, Any]:
    from purposegate.cli.diff import decided  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.cli.impact_text import as_written  # noqa: PLC0415 - as above
    from purposegate.policy.terms import presentable  # noqa: PLC0415 - as above

    use = turn.use
    return {
        "severity": turn.severity.value,
        "was": turn.was.value,
        "becomes": turn.becomes.value,
        **_place(use.place),
        "function": use.function,
        "how": use.how.value,
        "data_category": None if use.data_category is None else presentable(use.data_category),
        "purpose": presentable(use.purpose),
        "recipient": None if use.recipient is None else as_written(use.recipient),
        "channel": None if use.channel is None else presentable(use.channel),
        "receiver_known": use.receiver_known,
        "expected": use.expected,
        "before": decided(turn.before),
        "after": decided(turn.after),
    }


def _place(place: Place) -> dict[str, Any]:
    return {"path": place.path, "line": place.line, "column": place.column}
