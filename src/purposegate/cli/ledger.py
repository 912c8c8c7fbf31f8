"""`purposegate ledger`: what is kept about people, recipients and claims, by the hand of an operator."""

from __future__ import annotations

from typing import Annotated

import typer

from purposegate.cli import render
from purposegate.cli.agreements import agreement
from purposegate.cli.amendments import amendment
from purposegate.cli.claims import claim as claims
from purposegate.cli.consents import consent
from purposegate.cli.formats import Format, FormatOption
from purposegate.cli.keeping import LedgerOption, SubjectKeyOption, SubjectOption, group, listed, named, opened, refusals
from purposegate.cli.objections import objection
from purposegate.cli.recipients import recipient as recipients

ledger = group("ledger", "Keep the facts: consents, objections, claims, agreements, recipients, amendments; and see who got what.")
for _group in (consent, objection, claims, agreement, recipients, amendment):
    ledger.add_typer(_group)

_COLUMNS = {
    "at": "when (UTC)",
    "subject": "person",
    "data_category": "data category",
    "purpose": "purpose",
    "recipient": "recipient",
    "legal_name": "legal name",
    "country": "country",
    "clauses": "clauses",
}


@ledger.command()
def init(database: LedgerOption = None, output: FormatOption = Format.TEXT) -> None:
    """Make a ledger in a database, where there is none yet."""
    with refusals():
        from purposegate.tools.ledgers import made  # noqa: PLC0415 - an extra, which takes long to import

        new = made(named(database))
    if output is Format.JSON:
        render.as_json([{"made": new}])
    else:
        print("a ledger was made" if new else "there is a ledger already")


@ledger.command()
def migrate(database: LedgerOption = None, output: FormatOption = Format.TEXT) -> None:
    """Bring the tables of a ledger to the version that this purposegate reads and writes."""
    with refusals():
        from purposegate.tools.ledgers import migrated  # noqa: PLC0415 - an extra, which takes long to import

        version = migrated(named(database))
    if output is Format.JSON:
        render.as_json([{"version": version}])
    else:
        print(f"the ledger is of version {version}")


@ledger.command()
def provisions(
    subject: SubjectOption = None,
    recipient: Annotated[
        str | None, typer.Option("--recipient", metavar="RECIPIENT", help="Only what this `class` or `class/id` got.")
    ] = None,
    claim: Annotated[str | None, typer.Option("--claim", metavar="CLAIM", help="Only what was provided under this claim.")] = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """List who got whose data, when, for which purpose, and by which clauses."""
    from purposegate.tools import holdings  # noqa: PLC0415 - a command imports only its own tool

    with opened(ledger, subject_key) as kept:
        instance = recipient if recipient is not None and "/" in recipient else None
        releases = kept.releases(subject=subject, recipient=instance, claim=claim)
        if recipient is not None and instance is None:
            releases = tuple(each for each in releases if each.recipient.partition("/")[0] == recipient)
        named_ = sorted({each.recipient for each in releases})
        rows = holdings.provisions(releases, [held for name in named_ for held in kept.entries(recipient=name)])
    listed(rows, output, _COLUMNS, "nothing was provided")
