"""`purposegate ledger claim`: the cases that were approved under an exception."""

from __future__ import annotations

from typing import Annotated

import typer

from purposegate.cli.formats import Format, FormatOption
from purposegate.cli.keeping import (
    AtOption,
    LedgerOption,
    PolicyOption,
    SubjectKeyOption,
    SubjectOption,
    check,
    group,
    instant,
    listed,
    opened,
    recorded,
    scope,
    stop,
)
from purposegate.ledger.records import Claim, Revocation
from purposegate.policy.terms import ShownBy

claim = group("claim", "Keep the cases that were approved under an exception: approve, revoke, show, list.")

ClaimArgument = Annotated[str, typer.Argument(metavar="CLAIM", help="The id of the claim.")]
_COLUMNS = {
    "id": "claim",
    "conditions": "conditions",
    "recipient": "recipient",
    "data": "data categories",
    "expires": "expires (UTC)",
    "uses": "uses",
    "spent": "spent",
    "state": "state",
}
_DETAILS = {
    "id": "claim",
    "state": "state",
    "conditions": "conditions",
    "subjects": "people",
    "data": "data categories",
    "recipient": "recipient",
    "requested_by": "requested by",
    "approved_by": "approved by",
    "authority": "authority",
    "reference": "reference",
    "approved": "approved (UTC)",
    "expires": "expires",
    "revoked": "revoked",
    "revoked_by": "revoked by",
    "uses": "uses",
    "spent": "spent",
}


@claim.command()
def approve(
    claim: ClaimArgument,
    condition: Annotated[list[str], typer.Option("--condition", metavar="CONDITION", help="What it shows; may be repeated.")],
    subject: Annotated[list[str], typer.Option("--subject", metavar="SUBJECT", help="A person it is about; may be repeated.")],
    data: Annotated[list[str], typer.Option("--data", metavar="CATEGORY", help="A data category; may be repeated; or `any`.")],
    recipient: Annotated[str, typer.Option("--recipient", metavar="RECIPIENT", help="Who gets the data, as `class/id`.")],
    requested_by: Annotated[str, typer.Option("--requested-by", metavar="WHO", help="Who requested it.")],
    approved_by: Annotated[str, typer.Option("--approved-by", metavar="WHO", help="Who approved it: somebody else.")],
    expires: Annotated[str, typer.Option("--expires", metavar="TIME", help="Until when it is good.")],
    uses: Annotated[int, typer.Option("--uses", metavar="NUMBER", min=1, help="How many releases it is good for.")],
    reference: Annotated[str, typer.Option("--reference", metavar="TEXT", help="Where the evidence is.")],
    authority: Annotated[str, typer.Option("--authority", metavar="TEXT", help="On whose word it rests.")],
    approved: Annotated[
        str | None, typer.Option("--approved", metavar="TIME", help="When it was approved; by default now.")
    ] = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    policy: PolicyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Record that a case was approved: whose data may go to whom, and how often."""
    with opened(ledger, subject_key) as kept:
        entry = Claim(
            id=claim,
            conditions=frozenset(condition),
            subjects=frozenset(subject),
            data=scope(data, "--data"),
            recipient=recipient,
            requested_by=requested_by,
            approved_by=approved_by,
            approved=instant(approved, "--approved"),
            expires=instant(expires, "--expires"),
            uses=uses,
            reference=reference,
            authority=authority,
        )
        check(
            policy,
            lambda names: [*names.conditions(condition, ShownBy.CLAIM), *names.scope(data), *names.instance(recipient)],
        )
        recorded(kept, output, f"recorded: the claim `{claim}` was approved", entry)


@claim.command()
def revoke(
    claim: ClaimArgument,
    revoked_by: Annotated[str, typer.Option("--revoked-by", metavar="WHO", help="Who revoked it.")],
    revoked: Annotated[str | None, typer.Option("--revoked", metavar="TIME", help="When it was revoked; by default now.")] = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Record that a claim was revoked before its time."""
    with opened(ledger, subject_key) as kept:
        entry = Revocation(claim, instant(revoked, "--revoked"), revoked_by)
        recorded(kept, output, f"recorded: the claim `{claim}` was revoked", entry)


@claim.command()
def show(
    claim: ClaimArgument,
    at: AtOption = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Show a claim, how it stands, and how often it was used."""
    from purposegate.cli import render  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.tools import holdings  # noqa: PLC0415 - as above

    with opened(ledger, subject_key) as kept:
        rows = holdings.claims(kept.entries(claim=claim), holdings.spent(kept.releases(claim=claim)), instant(at, "--at"))
    if not rows:
        stop(f"there is no claim `{claim}`")
    if output is Format.JSON:
        listed(rows, output, _COLUMNS, "")
    else:
        render.details(rows[0], _DETAILS)


@claim.command("list")
def list_(
    subject: SubjectOption = None,
    at: AtOption = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """List claims, and how each stands."""
    from purposegate.tools import holdings  # noqa: PLC0415 - a command imports only its own tool

    with opened(ledger, subject_key) as kept:
        held = holdings.with_revocations(kept, subject)
        ids = {each.entry.id for each in held if isinstance(each.entry, Claim)}
        spent = holdings.spent(release for id_ in sorted(ids) for release in kept.releases(claim=id_))
        rows = holdings.claims(held, spent, instant(at, "--at"))
    listed(rows, output, _COLUMNS, "no claims")
