"""What the commands about a trail have in common: which trail, which records, how far they have come, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from purposegate.cli.formats import Format
from purposegate.cli.keeping import instant_or_none, say, stop
from purposegate.cli.watching import bar
from purposegate.engine.decision import Reason
from purposegate.errors import PolicyError, PurposegateError
from purposegate.trail.record import Asked, Mode

if TYPE_CHECKING:
    from purposegate.trail.reading import Readable
    from purposegate.trail.wanted import Wanted

TrailOption = Annotated[
    str | None,
    typer.Option("--trail", metavar="TRAIL", envvar="PURPOSEGATE_TRAIL", help="The folder of the trail, or its database."),
]
DatabaseOption = Annotated[
    str | None,
    typer.Option("--trail", metavar="DATABASE", envvar="PURPOSEGATE_TRAIL", help="The SQLite file, or the URL of the database."),
]
SinceOption = Annotated[str | None, typer.Option("--since", metavar="TIME", help="From this time on, as 2026-01-15T12:00:00Z.")]
UntilOption = Annotated[str | None, typer.Option("--until", metavar="TIME", help="Before this time.")]
CategoryOption = Annotated[str | None, typer.Option("--data", metavar="CATEGORY", help="Only of this data category.")]
PurposeOption = Annotated[str | None, typer.Option("--purpose", metavar="PURPOSE", help="Only for this purpose.")]
RecipientOption = Annotated[
    str | None, typer.Option("--recipient", metavar="RECIPIENT", help="Only by this `class/id`, or this class and all of it.")
]
ReasonOption = Annotated[Reason | None, typer.Option("--reason", help="Only what was decided for this reason.")]
ClauseOption = Annotated[str | None, typer.Option("--clause", metavar="CLAUSE", help="Only what this clause decided.")]
PersonOption = Annotated[str | None, typer.Option("--subject", metavar="SUBJECT", help="Only of this person's data.")]
AskedOption = Annotated[Asked | None, typer.Option("--asked", help="Only releases, or only questions.")]
ModeOption = Annotated[Mode | None, typer.Option("--mode", help="Only what was decided in this mode.")]


def named(trail: str | None) -> str:
    """Give the trail that a command was told of; exit where it was told of none."""
    if not trail:
        stop("no trail is named", "name its folder or its database with --trail TRAIL, or in PURPOSEGATE_TRAIL")
    return trail


def wanted(
    *,
    since: str | None = None,
    until: str | None = None,
    id_: str | None = None,
    data_category: str | None = None,
    purpose: str | None = None,
    recipient: str | None = None,
    reason: Reason | None = None,
    clause: str | None = None,
    subject: str | None = None,
    asked: Asked | None = None,
    mode: Mode | None = None,
) -> Wanted:
    """Read which records are asked for; exit where a time is none."""
    from purposegate.trail.wanted import Wanted  # noqa: PLC0415 - a command imports only its own tool

    return Wanted(
        since=instant_or_none(since, "--since"),
        until=instant_or_none(until, "--until"),
        id=id_,
        asked=asked,
        mode=mode,
        data_category=data_category,
        purpose=purpose,
        recipient=recipient,
        reason=reason,
        clause=clause,
        subject=subject,
    )


@contextmanager
def refusals() -> Iterator[None]:
    """Say what a trail, a key or a policy refuses, with its notes, and exit: a refusal is no crash."""
    try:
        yield
    except ImportError:
        stop("a trail in a database needs an extra", "pip install 'purposegate[sql]'")
    except PolicyError:
        raise
    except PurposegateError as error:
        stop(str(error), *getattr(error, "__notes__", ()))


def contents(path: str, what: str) -> bytes:
    """Read a small file that a command was told of; exit where it cannot be read."""
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        stop(f"{what} cannot be read", (reason or "the path is not one").lower())


def told_of_unreadable(unreadable: int) -> None:
    """Say that lines of a trail could not be read."""
    if unreadable:
        lines = "1 line is no record" if unreadable == 1 else f"{unreadable} lines are no records"
        say(f"{lines} that can be read", "`purposegate trail verify` tells in which files, and whether they were changed")


@contextmanager
def progress(what: str, reading: Readable, output: Format) -> Iterator[None]:
    """Show how far a reading has come, where somebody watches."""
    with bar(what, reading.total, output) as done:
        reading.progress = done
        yield
