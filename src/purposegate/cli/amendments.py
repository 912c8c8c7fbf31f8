"""`purposegate ledger amendment`: notices of a new revision of the policy, and what people said of it."""

from __future__ import annotations

from typing import Annotated

import typer

from purposegate.cli import render
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
    policies_of,
    recorded,
    stop,
    unreadable,
)
from purposegate.ledger.records import Acceptance, Dissent, Notice, ServiceUse

amendment = group("amendment", "Keep what was said of amendments: notify, accept, dissent, used, list, show.")

RevisionArgument = Annotated[str, typer.Argument(metavar="REVISION", help="The revision, as the policy names it.")]
_COLUMNS = {"subject": "person", "revision": "revision", "what": "what", "at": "when (UTC)"}
_WIDENED = {
    "data_category": "data category",
    "purpose": "purpose",
    "recipient": "recipient",
    "channel": "channel",
}


@amendment.command()
def notify(
    revision: RevisionArgument,
    subject: Annotated[str | None, typer.Option("--subject", metavar="SUBJECT", help="The person who was told.")] = None,
    *,
    everyone: Annotated[bool, typer.Option("--everyone", help="Everyone was told, as by a notice on the website.")] = False,
    notified: Annotated[str | None, typer.Option("--notified", metavar="TIME", help="When they were; by default now.")] = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    policy: PolicyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Record a notice of a revision: to one person, or to everyone."""
    if everyone is (subject is not None):
        stop("a notice is to one person or to everyone", "say either --subject SUBJECT or --everyone")
    with opened(ledger, subject_key) as kept:
        entry = Notice(revision, instant(notified, "--notified"), subject)
        check(policy, lambda names: names.revision(revision))
        told = "everyone" if subject is None else f"`{subject}`"
        recorded(kept, output, f"recorded: {told} was notified of revision {revision}", entry)


@amendment.command()
def accept(
    subject: SubjectArgument,
    revision: RevisionArgument,
    accepted: Annotated[str | None, typer.Option("--accepted", metavar="TIME", help="When it was; by default now.")] = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    policy: PolicyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Record that a person expressly accepted a revision, also the one under which they registered."""
    with opened(ledger, subject_key) as kept:
        entry = Acceptance(subject, revision, instant(accepted, "--accepted"))
        check(policy, lambda names: names.revision(revision))
        recorded(kept, output, f"recorded: `{subject}` accepted revision {revision}", entry)


@amendment.command()
def dissent(
    subject: SubjectArgument,
    revision: RevisionArgument,
    dissented: Annotated[str | None, typer.Option("--dissented", metavar="TIME", help="When they did; by default now.")] = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    policy: PolicyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Record that a person does not agree with a revision."""
    with opened(ledger, subject_key) as kept:
        entry = Dissent(subject, revision, instant(dissented, "--dissented"))
        check(policy, lambda names: names.revision(revision))
        recorded(kept, output, f"recorded: `{subject}` does not agree with revision {revision}", entry)


@amendment.command()
def used(
    subject: SubjectArgument,
    used: Annotated[str | None, typer.Option("--used", metavar="TIME", help="When they did; by default now.")] = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Record that a person used the service: after a notice it is going on using it."""
    with opened(ledger, subject_key) as kept:
        entry = ServiceUse(subject, instant(used, "--used"))
        recorded(kept, output, f"recorded: `{subject}` used the service", entry)


@amendment.command("list")
def list_(
    subject: SubjectOption = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """List notices, acceptances, dissents and uses of the service; of one person with the notices to everyone."""
    from purposegate.tools import holdings  # noqa: PLC0415 - a command imports only its own tool

    with opened(ledger, subject_key) as kept:
        rows = holdings.amendments(holdings.with_notices(kept, subject))
    if output is Format.TEXT:
        rows = [row | {"subject": row["subject"] or "(everyone)"} for row in rows]
    listed(rows, output, _COLUMNS, "no amendments")


@amendment.command()
def show(
    policy: PolicyOption = None,
    at: AtOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Show the revisions in a folder, and what each permits anew: that wants express consent."""
    from purposegate.tools.amending import amending  # noqa: PLC0415 - a command imports only its own tool

    if policy is None:
        stop("no policy is named", "name the folder of its revisions with --policy FOLDER")
    with unreadable():
        steps = amending(policies_of(policy), instant(at, "--at"))
    if output is Format.JSON:
        render.as_json([step.as_dict() for step in steps])
        return
    for step in steps:
        print(render.line(step.title))
        if step.follows is not None:
            render.table(step.rows, _WIDENED, "permits nothing anew")
