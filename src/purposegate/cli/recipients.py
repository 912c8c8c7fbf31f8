"""`purposegate ledger recipient`: the companies, bodies and people that may be named as recipients."""

from __future__ import annotations

from typing import Annotated

import typer

from purposegate.cli.formats import Format, FormatOption
from purposegate.cli.keeping import LedgerOption, PolicyOption, SubjectKeyOption, check, group, instant, listed, opened, recorded
from purposegate.ledger.records import Deregistration, RegisteredRecipient
from purposegate.policy.terms import Role

recipient = group("recipient", "Keep who may be named as a recipient: register, deregister, list.")

RecipientArgument = Annotated[str, typer.Argument(metavar="RECIPIENT", help="The recipient, as `class/id`.")]
_COLUMNS = {
    "recipient": "recipient",
    "legal_name": "legal name",
    "country": "country",
    "aliases": "also called",
    "role": "role",
    "registered": "registered (UTC)",
    "state": "state",
}


@recipient.command()
def register(
    recipient: RecipientArgument,
    legal_name: Annotated[str, typer.Option("--legal-name", metavar="TEXT", help="Its legal name.")],
    country: Annotated[str, typer.Option("--country", metavar="COUNTRY", help="Where it is.")],
    alias: Annotated[
        list[str] | None, typer.Option("--alias", metavar="TEXT", help="What else it is called; may be repeated.")
    ] = None,
    role: Annotated[Role | None, typer.Option("--role", help="The role that its class must have in the policy.")] = None,
    registered: Annotated[
        str | None, typer.Option("--registered", metavar="TIME", help="When it was registered; by default now.")
    ] = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    policy: PolicyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Record a recipient with its legal name and where it is."""
    with opened(ledger, subject_key) as kept:
        entry = RegisteredRecipient(recipient, legal_name, country, instant(registered, "--registered"), tuple(alias or ()), role)
        check(policy, lambda names: names.recipient(recipient, role))
        recorded(kept, output, f"recorded: `{recipient}` is registered", entry)


@recipient.command()
def deregister(
    recipient: RecipientArgument,
    deregistered: Annotated[
        str | None, typer.Option("--deregistered", metavar="TIME", help="When it was deregistered; by default now.")
    ] = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Record that a recipient may no longer be named."""
    with opened(ledger, subject_key) as kept:
        entry = Deregistration(recipient, instant(deregistered, "--deregistered"))
        recorded(kept, output, f"recorded: `{recipient}` is no longer registered", entry)


@recipient.command("list")
def list_(
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """List recipients, and whether each is registered still."""
    from purposegate.tools import holdings  # noqa: PLC0415 - a command imports only its own tool

    with opened(ledger, subject_key) as kept:
        rows = holdings.recipients(kept.entries())
    listed(rows, output, _COLUMNS, "no recipients")
