"""`purposegate diff`: what one policy permits and the other does not, and what follows for the people."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from purposegate.cli import render
from purposegate.cli.exits import DENIED, OK, FailOn

if TYPE_CHECKING:
    from purposegate.engine.decision import Decision
    from purposegate.tools.diff import Report, Witness
    from purposegate.tools.versions import Version


class DiffFormat(StrEnum):
    """How the difference is printed; Markdown is meant for a comment on a pull request."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The policy as it was: a file, or `REV:path` of a git revision.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The policy as it is to be.")],
    fail_on: Annotated[FailOn | None, typer.Option("--fail-on", help="Exit with 1 where what is permitted changed so.")] = None,
    output: Annotated[DiffFormat, typer.Option("--format", help="How to print the result.")] = DiffFormat.TEXT,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Show every change, however many there are.")] = False,
) -> None:
    """Tell what an amended policy permits that it did not, what it no longer permits, and whether people have to consent."""
    from purposegate.cli import diff_markdown, diff_text  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.cli.keeping import unreadable  # noqa: PLC0415 - as above
    from purposegate.tools.diff import diff as compared  # noqa: PLC0415 - as above
    from purposegate.tools.versions import version  # noqa: PLC0415 - as above

    with unreadable():
        report = compared(version(old), version(new))
    match output:
        case DiffFormat.JSON:
            render.as_json(_as_dict(report))
        case DiffFormat.MARKDOWN:
            print("\n".join(diff_markdown.lines(report)))
        case DiffFormat.TEXT:
            print("\n".join(diff_text.lines(report, everything=everything)))
    raise typer.Exit(DENIED if _fails(report, fail_on) else OK)


def _fails(report: Report, fail_on: FailOn | None) -> bool:
    from purposegate.tools.comparing import Change  # noqa: PLC0415 - a command imports only its own tool

    if fail_on is None:
        return False
    return report.change is not None if fail_on is FailOn.ANY else report.has(Change(fail_on.value))


def _as_dict(report: Report) -> dict[str, Any]:
    consequence = report.consequence
    return {
        "before": versioned(report.before),
        "after": versioned(report.after),
        "change": report.change.value if report.change else "none",
        "changes": [
            {"purpose": purpose, "recipient": recipient, "change": change.value}
            for (purpose, recipient), change in report.changes.items()
        ],
        "indirect": [{"change": each.change.value, "text": each.text} for each in report.indirect],
        "witnesses": [_witness(each) for each in report.witnesses],
        "names": {"removed": report.names.removed, "added": report.names.added},
        "texts": report.texts,
        "notes": report.notes,
        "amendment": {
            "notice": consequence.notice,
            "express_consent": consequence.express_consent,
            "sentences": consequence.sentences,
        },
    }


def versioned(version: Version) -> dict[str, Any]:
    """Give a version as plain data."""
    policy = version.policy
    return {"name": version.name, "id": policy.id, "revision": policy.revision, "digest": policy.digest}


def _witness(witness: Witness) -> dict[str, Any]:
    return {
        "change": witness.change.value,
        "data_categories": witness.data_categories,
        "purpose": witness.purpose,
        "recipient": witness.recipient,
        "channel": witness.channel,
        "consulted": witness.consulted,
        "conditions": witness.conditions,
        "objections": witness.objections,
        "before": decided(witness.before),
        "after": decided(witness.after),
    }


def decided(decision: Decision) -> dict[str, Any]:
    """Give what a policy decides, as plain data."""
    kept = ("permitted", "reason", "clauses", "unmet", "channels", "objections")
    whole = render.decision_as_dict(decision)
    return {key: whole[key] for key in kept}
