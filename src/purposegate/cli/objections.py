"""`purposegate ledger objection`: what people object to, and which requests were refused."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from purposegate.cli.formats import Format, FormatOption
from purposegate.cli.keeping import (
    AtOption,
    LedgerOption,
    PolicyOption,
    SubjectArgument,
    SubjectKeyOption,
    SubjectOption,
    check,
    group,
    instant,
    listed,
    opened,
    recorded,
    scope,
)
from purposegate.ledger.records import Lifting, LodgedObjection, Refusal
from purposegate.policy.terms import ANY

objection = group("objection", "Keep what people object to: lodge, lift, refuse, list.")

ObjectionArgument = Annotated[str, typer.Argument(metavar="OBJECTION", help="The objection, as the policy names it.")]
_COLUMNS = {
    "subject": "person",
    "name": "objection or request",
    "data": "data categories",
    "purposes": "purposes",
    "recipients": "recipients",
    "at": "when (UTC)",
    "state": "state",
    "reason": "reason",
}


@objection.command()
def lodge(
    subject: SubjectArgument,
    objection: ObjectionArgument,
    data: Annotated[list[str] | None, typer.Option("--data", metavar="CATEGORY", help="Only this data category.")] = None,
    purpose: Annotated[list[str] | None, typer.Option("--purpose", metavar="PURPOSE", help="Only this purpose.")] = None,
    recipient: Annotated[list[str] | None, typer.Option("--recipient", metavar="RECIPIENT", help="Only this recipient.")] = None,
    lodged: Annotated[str | None, typer.Option("--lodged", metavar="TIME", help="When it was lodged; by default now.")] = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    policy: PolicyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Record an objection of a person, to all that it may cover or to less."""
    data, purpose, recipient = data or [ANY], purpose or [ANY], recipient or [ANY]
    with opened(ledger, subject_key) as kept:
        entry = LodgedObjection(
            subject=subject,
            objection=objection,
            lodged=instant(lodged, "--lodged"),
            data=scope(data, "--data"),
            purposes=scope(purpose, "--purpose"),
            recipients=scope(recipient, "--recipient"),
        )
        check(policy, lambda names: [*names.objection(objection), *names.scope(data, purpose, recipient)])
        recorded(kept, output, f"recorded: `{subject}` objected by `{objection}`", entry)


@objection.command()
def lift(
    subject: SubjectArgument,
    objection: ObjectionArgument,
    lifted: Annotated[str | None, typer.Option("--lifted", metavar="TIME", help="When it was lifted; by default now.")] = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    policy: PolicyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Record that a person lifted what they had objected to by then."""
    from purposegate.tools import holdings  # noqa: PLC0415 - a command imports only its own tool

    with opened(ledger, subject_key) as kept:
        entry = Lifting(subject, objection, instant(lifted, "--lifted"))
        check(policy, lambda names: names.objection(objection))
        held = holdings.objections(kept.entries(subject=subject), entry.lifted)
        if not any(row["objection"] == objection and row["state"] == "in force" for row in held):
            print("note: the ledger holds no such objection of that person by then", file=sys.stderr)
        recorded(kept, output, f"recorded: `{subject}` lifted `{objection}`", entry)


@objection.command()
def refuse(
    subject: SubjectArgument,
    request: Annotated[str, typer.Argument(metavar="REQUEST", help="The objection, or `disclosure` and the like.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it was refused.")],
    approved_by: Annotated[str, typer.Option("--approved-by", metavar="WHO", help="Who approved the refusal.")],
    refused: Annotated[str | None, typer.Option("--refused", metavar="TIME", help="When it was refused; by default now.")] = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Record that a person's request was refused, why, and by whom."""
    with opened(ledger, subject_key) as kept:
        entry = Refusal(subject, request, instant(refused, "--refused"), reason, approved_by)
        recorded(kept, output, f"recorded: the request `{request}` of `{subject}` was refused", entry)


@objection.command("list")
def list_(
    subject: SubjectOption = None,
    at: AtOption = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """List objections and how each stands, and the requests that were refused."""
    from purposegate.tools.holdings import objections_and_refusals  # noqa: PLC0415 - a command imports only its own tool

    with opened(ledger, subject_key) as kept:
        rows = objections_and_refusals(kept.entries(subject=subject), instant(at, "--at"))
    listed(rows, output, _COLUMNS, "no objections")
