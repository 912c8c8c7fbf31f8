"""`purposegate ledger agreement`: what recipients have signed."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from purposegate.cli.exits import DENIED, OK
from purposegate.cli.formats import Format, FormatOption
from purposegate.cli.keeping import (
    AtOption,
    LedgerOption,
    PolicyOption,
    SubjectKeyOption,
    check,
    group,
    instant,
    instant_or_none,
    listed,
    opened,
    recorded,
    scope,
)
from purposegate.ledger.records import Agreement, Termination
from purposegate.policy.terms import ShownBy

agreement = group("agreement", "Keep what recipients have signed: sign, terminate, list.")

RecipientArgument = Annotated[str, typer.Argument(metavar="RECIPIENT", help="The recipient, as `class/id`.")]
_LONGEST = 36_500
_COLUMNS = {
    "recipient": "recipient",
    "reference": "agreement",
    "conditions": "conditions",
    "data": "data categories",
    "purposes": "purposes",
    "ends": "ends (UTC)",
    "state": "state",
}


@agreement.command()
def sign(
    recipient: RecipientArgument,
    condition: Annotated[list[str], typer.Option("--condition", metavar="CONDITION", help="What it shows; may be repeated.")],
    data: Annotated[list[str], typer.Option("--data", metavar="CATEGORY", help="A data category; may be repeated; or `any`.")],
    purpose: Annotated[list[str], typer.Option("--purpose", metavar="PURPOSE", help="A purpose; may be repeated; or `any`.")],
    reference: Annotated[str, typer.Option("--reference", metavar="TEXT", help="Where the signed agreement is.")],
    selection: Annotated[str, typer.Option("--selection", metavar="TEXT", help="Where it stands why this one was selected.")],
    country: Annotated[str, typer.Option("--country", metavar="COUNTRY", help="Where the data are kept.")],
    sub_processor: Annotated[
        list[str] | None, typer.Option("--sub-processor", metavar="NAME", help="Whom it may engage in turn; may be repeated.")
    ] = None,
    begins: Annotated[str | None, typer.Option("--begins", metavar="TIME", help="When it begins; by default now.")] = None,
    ends: Annotated[str | None, typer.Option("--ends", metavar="TIME", help="When it ends; by default never.")] = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    policy: PolicyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Record an agreement that a recipient signed."""
    with opened(ledger, subject_key) as kept:
        entry = Agreement(
            recipient=recipient,
            conditions=frozenset(condition),
            data=scope(data, "--data"),
            purposes=scope(purpose, "--purpose"),
            begins=instant(begins, "--begins"),
            ends=instant_or_none(ends, "--ends"),
            reference=reference,
            selection=selection,
            country=country,
            sub_processors=tuple(sub_processor or ()),
        )
        check(
            policy,
            lambda names: [
                *names.conditions(condition, ShownBy.AGREEMENT),
                *names.scope(data, purpose),
                *names.instance(recipient),
            ],
        )
        recorded(kept, output, f"recorded: `{recipient}` signed `{reference}`", entry)


@agreement.command()
def terminate(
    recipient: RecipientArgument,
    reference: Annotated[str, typer.Argument(metavar="REFERENCE", help="The agreement, by its reference.")],
    terminated: Annotated[str | None, typer.Option("--terminated", metavar="TIME", help="When it ends; by default now.")] = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Record that an agreement was terminated."""
    with opened(ledger, subject_key) as kept:
        entry = Termination(recipient, reference, instant(terminated, "--terminated"))
        recorded(kept, output, f"recorded: `{reference}` with `{recipient}` was terminated", entry)


@agreement.command("list")
def list_(
    recipient: Annotated[str | None, typer.Option("--recipient", metavar="RECIPIENT", help="Only those of this one.")] = None,
    lapsing_within: Annotated[
        int | None,
        typer.Option(
            "--lapsing-within",
            metavar="DAYS",
            min=0,
            max=_LONGEST,
            help="Only what has ended or ends within so many days, and nothing takes over from; exit with 1 where there is any.",
        ),
    ] = None,
    at: AtOption = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """List agreements, and how each stands; or those of registered recipients that lapse."""
    from purposegate.tools import holdings  # noqa: PLC0415 - a command imports only its own tool

    with opened(ledger, subject_key) as kept:
        entries, time = kept.entries(recipient=recipient), instant(at, "--at")
        if lapsing_within is None:
            rows, nothing = holdings.agreements(entries, time), "no agreements"
        else:
            rows, nothing = holdings.lapsing(entries, time, timedelta(days=lapsing_within)), "no agreement lapses"
    listed(rows, output, _COLUMNS, nothing)
    raise typer.Exit(DENIED if rows and lapsing_within is not None else OK)
