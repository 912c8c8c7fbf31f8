"""`purposegate subject`: what is held about one person, for that person."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from purposegate.cli import render
from purposegate.cli.keeping import AtOption, LedgerOption, SubjectArgument, SubjectKeyOption, instant, opened


class AccountFormat(StrEnum):
    """How an account of a person is printed."""

    MARKDOWN = "markdown"
    JSON = "json"


def subject(
    subject: SubjectArgument,
    at: AtOption = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    output: Annotated[AccountFormat, typer.Option("--format", help="How to print the account.")] = AccountFormat.MARKDOWN,
) -> None:
    """Print all that a ledger holds about a person, and to whom their data were provided."""
    from purposegate.tools.account import account_of, as_dict, as_markdown  # noqa: PLC0415 - a command imports only its own tool

    with opened(ledger, subject_key) as kept:
        account = account_of(kept, subject, instant(at, "--at"))
    if output is AccountFormat.JSON:
        render.as_json(as_dict(account))
    else:
        print(as_markdown(account), end="")
