"""What the commands about a ledger have in common: which ledger, which time, whose names, and what is said of a refusal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from purposegate.cli import render
from purposegate.cli.exits import COULD_NOT_RUN
from purposegate.cli.formats import Format
from purposegate.errors import LedgerError, PolicyError
from purposegate.ledger.records import Entry
from purposegate.policy.terms import ANY, Names

if TYPE_CHECKING:
    from purposegate.ledger.sql import SqlLedger
    from purposegate.policy.policy import Policy
    from purposegate.tools.naming import Complaint
    from purposegate.tools.naming import Names as PolicyNames


LedgerOption = Annotated[
    str | None,
    typer.Option("--ledger", metavar="DATABASE", envvar="PURPOSEGATE_LEDGER", help="The SQLite file, or the URL of the database."),
]
SubjectKeyOption = Annotated[
    str | None,
    typer.Option(
        "--subject-key", metavar="FILE", envvar="PURPOSEGATE_SUBJECT_KEY", help="The file with the key for the ids of people."
    ),
]
PolicyOption = Annotated[
    str | None,
    typer.Option("--policy", "-p", metavar="FILE", envvar="PURPOSEGATE_POLICY", help="The policy that names are checked against."),
]
SubjectArgument = Annotated[str, typer.Argument(metavar="SUBJECT", help="The id of the person.")]
SubjectOption = Annotated[str | None, typer.Option("--subject", metavar="SUBJECT", help="Only what is about this person.")]
AtOption = Annotated[str | None, typer.Option("--at", metavar="TIME", help="The time as of which it is said; by default now.")]


def group(name: str, help_: str) -> typer.Typer:
    """Make a group of commands that looks like the others."""
    return typer.Typer(name=name, help=help_, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)


@contextmanager
def opened(database: str | None, subject_key: str | None) -> Iterator[SqlLedger]:
    """Open a ledger that is there; whatever it refuses in the block is said, and the command could not run."""
    with refusals():
        from purposegate.tools.ledgers import opened as opened_ledger  # noqa: PLC0415 - an extra, which takes long to import

        key = None if subject_key is None else _key(subject_key)
        with closing(opened_ledger(named(database), key)) as ledger:
            yield ledger


@contextmanager
def refusals() -> Iterator[None]:
    """Say what a ledger or a record refuses, with its notes, and exit: a refusal is no crash."""
    try:
        yield
    except ImportError:
        stop("a ledger in a database needs an extra", "pip install 'purposegate[sql]'")
    except OverflowError:
        stop("a time goes beyond the calendar")
    except (LedgerError, ValueError) as error:
        stop(str(error), *getattr(error, "__notes__", ()))


def named(database: str | None) -> str:
    """Give the database that a command was told of; exit where it was told of none."""
    if not database:
        stop("no ledger is named", "name one with --ledger DATABASE, or in PURPOSEGATE_LEDGER")
    return database


def recorded(ledger: SqlLedger, output: Format, said: str, *entries: Entry) -> None:
    """Enter something, and say that it was."""
    from purposegate.tools.holdings import kind_of, plain, row_of  # noqa: PLC0415 - a command imports only its own tool

    ledger.enter(*entries)
    if output is Format.JSON:
        render.as_json([{"kind": kind_of(entry)} | plain(row_of(entry)) for entry in entries])
    else:
        print(render.line(said))


def listed(rows: list[dict[str, object]], output: Format, columns: dict[str, str], nothing: str) -> None:
    """Print rows: all of them and all that they hold as JSON, or some fields as a table."""
    from purposegate.tools.holdings import plain  # noqa: PLC0415 - a command imports only its own tool

    if output is Format.JSON:
        render.as_json([plain(row) for row in rows])
    else:
        render.table(rows, columns, nothing)


def instant(text: str | None, option: str) -> datetime:
    """Read a time that bears its zone, or give the present one; exit for a day or a time that could be in any zone."""
    if text is None:
        return datetime.now(UTC)
    with suppress(ValueError, OverflowError):
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    return stop(f"`{option}` is no time with its zone", "write one as 2026-01-15T12:00:00+09:00, or 2026-01-15T03:00:00Z in UTC")


def instant_or_none(text: str | None, option: str) -> datetime | None:
    """Read a time that need not be given."""
    return None if text is None else instant(text, option)


def scope(names: list[str] | None, option: str) -> Names:
    """Read the names of a scope: some, or `any` alone; exit for both, of which one was not meant."""
    given = names or []
    if given == [ANY]:
        return ANY
    if ANY in given:
        stop(f"`{option}` names `any` beside others", "give `any` alone, or the names")
    return tuple(given)


def check(policy: str | None, complaints: Callable[[PolicyNames], Iterable[Complaint]]) -> None:
    """Have names checked against a policy before anything is kept; exit with all that is wrong, or say that none were."""
    if policy is None:
        print("note: names were not checked, since no --policy was given", file=sys.stderr)
        return
    from purposegate.tools.naming import Names as NamesOfPolicy  # noqa: PLC0415 - only where a policy is named

    found = list(complaints(NamesOfPolicy(policies_of(policy))))
    for message, help_ in found:
        say(message, help_)
    if found:
        raise SystemExit(COULD_NOT_RUN)


def policies_of(path: str) -> tuple[Policy, ...]:
    """Read a policy, or all revisions of one in a folder; exit where that cannot be."""
    from purposegate.policy.loader import load_revisions  # noqa: PLC0415 - only where a policy is named

    with unreadable():
        return load_revisions(path)


@contextmanager
def unreadable() -> Iterator[None]:
    """Say what is wrong with a policy, and exit."""
    try:
        yield
    except PolicyError as error:
        print(error, file=sys.stderr)
        raise SystemExit(COULD_NOT_RUN) from None


def stop(message: str, *help_: str) -> NoReturn:
    """Say why the command could not run, and exit."""
    say(message, *help_)
    raise SystemExit(COULD_NOT_RUN)


def say(message: str, *help_: str | None) -> None:
    """Say what is wrong, and what to do."""
    print(f"purposegate: {render.line(message)}", file=sys.stderr)
    for each in help_:
        if each:
            print(f"help: {render.line(each)}", file=sys.stderr)


def _key(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        stop("the file with the key for the ids of people cannot be read", (reason or "the path is not one").lower())
