"""`purposegate ledger consent`: what people consent to, and withdraw."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
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
    instant_or_none,
    listed,
    opened,
    policies_of,
    recorded,
    scope,
    stop,
)
from purposegate.ledger.records import Consent, Withdrawal
from purposegate.policy.terms import ShownBy

consent = group("consent", "Keep what people consent to: give, withdraw, list, import, export.")

ConditionArgument = Annotated[str, typer.Argument(metavar="CONDITION", help="The condition of the policy that the consent shows.")]
_COLUMNS = {
    "subject": "person",
    "condition": "condition",
    "data": "data categories",
    "purposes": "purposes",
    "recipients": "recipients",
    "given": "given (UTC)",
    "expires": "expires",
    "state": "state",
}


class RecordFormat(StrEnum):
    """How consent records are printed."""

    JSON = "json"


@consent.command()
def give(
    subject: SubjectArgument,
    condition: ConditionArgument,
    data: Annotated[list[str], typer.Option("--data", metavar="CATEGORY", help="A data category; may be repeated; or `any`.")],
    purpose: Annotated[list[str], typer.Option("--purpose", metavar="PURPOSE", help="A purpose; may be repeated; or `any`.")],
    recipient: Annotated[
        list[str], typer.Option("--recipient", metavar="RECIPIENT", help="A `class` or `class/id`; may be repeated; or `any`.")
    ],
    given: Annotated[str | None, typer.Option("--given", metavar="TIME", help="When it was given; by default now.")] = None,
    expires: Annotated[str | None, typer.Option("--expires", metavar="TIME", help="When it expires; by default never.")] = None,
    text_version: Annotated[str, typer.Option("--text-version", metavar="VERSION", help="Which text the person was shown.")] = "",
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    policy: PolicyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Record a consent that a person gave."""
    from purposegate.tools.arriving import withdrawn_since  # noqa: PLC0415 - a command imports only its own tool

    with opened(ledger, subject_key) as kept:
        entry = Consent(
            subject=subject,
            condition=condition,
            data=scope(data, "--data"),
            purposes=scope(purpose, "--purpose"),
            recipients=scope(recipient, "--recipient"),
            given=instant(given, "--given"),
            expires=instant_or_none(expires, "--expires"),
            text_version=text_version,
        )
        check(
            policy,
            lambda names: [*names.conditions([condition], ShownBy.CONSENT), *names.scope(data, purpose, recipient)],
        )
        if withdrawn_since(entry, kept.entries(subject=subject)) is not None:
            stop("the person has withdrawn since then what they consented to under that condition")
        recorded(kept, output, f"recorded: `{subject}` consented under `{condition}`", entry)


@consent.command()
def withdraw(
    subject: SubjectArgument,
    condition: ConditionArgument,
    withdrawn: Annotated[
        str | None, typer.Option("--withdrawn", metavar="TIME", help="When it was withdrawn; by default now.")
    ] = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    policy: PolicyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Record that a person withdrew all that they consented to under a condition."""
    from purposegate.tools import holdings  # noqa: PLC0415 - a command imports only its own tool

    with opened(ledger, subject_key) as kept:
        entry = Withdrawal(subject, condition, instant(withdrawn, "--withdrawn"))
        check(policy, lambda names: names.conditions([condition], ShownBy.CONSENT))
        held = holdings.consents(kept.entries(subject=subject), entry.withdrawn)
        if not any(row["condition"] == condition for row in held):
            print("note: the ledger holds no consent of that person under that condition", file=sys.stderr)
        recorded(kept, output, f"recorded: `{subject}` withdrew their consent under `{condition}`", entry)


@consent.command("list")
def list_(
    subject: SubjectOption = None,
    at: AtOption = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """List consents, and how each stands."""
    from purposegate.tools import holdings  # noqa: PLC0415 - a command imports only its own tool

    with opened(ledger, subject_key) as kept:
        rows = holdings.consents(kept.entries(subject=subject), instant(at, "--at"))
    listed(rows, output, _COLUMNS, "no consents")


@consent.command("import")
def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Consent records in JSON; `-` for the standard input.")],
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    policy: PolicyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Record the consents of a file of ISO/IEC TS 27560 consent records: all of them, or none."""
    from purposegate.ledger.consent_records import read_consent_records  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.tools.arriving import entries_for  # noqa: PLC0415 - as above

    with opened(ledger, subject_key) as kept:
        consents = read_consent_records(_content(file))
        check(
            policy,
            lambda names: [
                complaint
                for each in consents
                for complaint in (
                    *names.conditions([each.condition], ShownBy.CONSENT),
                    *names.scope(*(() if part == "any" else part for part in (each.data, each.purposes, each.recipients))),
                )
            ],
        )
        people = {each.subject for each in consents}
        entries = entries_for(consents, [held for person in sorted(people) for held in kept.entries(subject=person)])
        recorded(kept, output, f"recorded: {len(entries)} entries from {len(consents)} consent records", *entries)


@consent.command()
def export(
    subject: SubjectArgument,
    controller: Annotated[
        str | None, typer.Option("--controller", metavar="NAME", help="Who the controller is; by default as the policy says.")
    ] = None,
    contact: Annotated[
        str | None, typer.Option("--contact", metavar="TEXT", help="Where it is reached; by default as the policy says.")
    ] = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    policy: PolicyOption = None,
    output: Annotated[  # noqa: ARG001 - so that a script may pass every command the same options
        RecordFormat, typer.Option("--format", help="How to print the records.")
    ] = RecordFormat.JSON,
) -> None:
    """Print a person's consents as ISO/IEC TS 27560 consent records, in JSON."""
    from purposegate.ledger.consent_records import to_consent_record  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.tools.holdings import records_by_topic  # noqa: PLC0415 - as above

    if policy is not None:
        from purposegate.engine.revisions import Revisions  # noqa: PLC0415 - a command imports only its own tool

        in_force = Revisions(policies_of(policy)).in_force(instant(None, "")).policy
        controller, contact = controller or in_force.controller, contact or in_force.contact
    if not controller or not contact:
        stop("a consent record names its controller", "name it with --controller and --contact, or give the --policy that does")
    with opened(ledger, subject_key) as kept:
        held = [each for records in records_by_topic(kept.entries(subject=subject)) for each in records.consents]
        render.as_json([to_consent_record(each, controller=controller, contact=contact) for each in held])


def _content(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        stop("the file of consent records cannot be read", (error.strerror or "it cannot be opened").lower())
