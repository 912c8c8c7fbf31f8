"""The commands. Each asks a tool or the judge, prints, and gives an exit code.

0: clean, or permitted; 1: denied, or findings at or above `--fail-level`; 2: could not run.
"""

from __future__ import annotations

import os
import sys
import traceback
from datetime import UTC, datetime
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from purposegate.cli import render
from purposegate.engine.judge import Engine
from purposegate.engine.use import Context, Use
from purposegate.errors import PolicyError
from purposegate.findings import Severity, did_you_mean
from purposegate.policy.terms import presentable

OK, DENIED, COULD_NOT_RUN = 0, 1, 2

_POLICIES = Path("policies")

app = typer.Typer(
    name="purposegate",
    help="A published privacy policy, made executable. Exit codes: 0 clean or permitted, 1 denied or findings, 2 could not run.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    # Locals may hold personal data; a traceback shows none of them.
    pretty_exceptions_enable=False,
)


class Format(StrEnum):
    """How a result is printed."""

    TEXT = "text"
    JSON = "json"


class Level(StrEnum):
    """From which severity on findings fail the command."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


FormatOption = Annotated[Format, typer.Option("--format", help="How to print the result.")]
PolicyOption = Annotated[
    str | None, typer.Option("--policy", "-p", help="The policy file; by default the only one in ./policies.", metavar="FILE")
]
AssumeOption = Annotated[
    list[str] | None, typer.Option("--assume", help="Take a condition as shown; may be repeated.", metavar="CONDITION")
]
CategoryArgument = Annotated[str, typer.Argument(metavar="CATEGORY", help="The data category.")]
PurposeArgument = Annotated[str, typer.Argument(metavar="PURPOSE", help="The purpose.")]
RecipientArgument = Annotated[
    str | None, typer.Argument(metavar="[RECIPIENT]", help="Who gets the data, as `class` or `class/id`; by default the controller.")
]
ChannelOption = Annotated[str | None, typer.Option("--channel", help="The way the data reach the recipient.")]


@app.command()
def lint(
    policies: Annotated[list[str], typer.Argument(metavar="POLICY...", help="Policy files.")],
    output: FormatOption = Format.TEXT,
    fail_level: Annotated[Level, typer.Option("--fail-level", help="The mildest finding that fails.")] = Level.ERROR,
) -> None:
    """Read policies and their prose, and say everything that is wrong or worth knowing."""
    from purposegate.tools.lint import lint as findings_of  # noqa: PLC0415 - a command imports only its own tool

    findings = [finding for path in policies for finding in findings_of(path)]
    if output is Format.JSON:
        render.as_json([finding.as_dict() for finding in findings])
    else:
        render.findings(findings)
    if any(finding.slug == "unreadable" for finding in findings):
        raise typer.Exit(COULD_NOT_RUN)
    level = Severity(fail_level.value)
    raise typer.Exit(DENIED if any(finding.severity.at_least(level) for finding in findings) else OK)


@app.command()
def check(
    data_category: CategoryArgument,
    purpose: PurposeArgument,
    recipient: RecipientArgument = None,
    channel: ChannelOption = None,
    assume: AssumeOption = None,
    policy: PolicyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Decide one use by the policy alone: no person's standing is known here."""
    engine = _engine(policy)
    decision = engine.decide(Use(data_category, purpose, recipient, channel=channel), _context(engine, assume))
    if output is Format.JSON:
        render.as_json(render.decision_as_dict(decision))
    else:
        render.decision(decision)
    raise typer.Exit(OK if decision.permitted else DENIED)


@app.command()
def explain(
    data_category: CategoryArgument,
    purpose: PurposeArgument,
    recipient: RecipientArgument = None,
    channel: ChannelOption = None,
    assume: AssumeOption = None,
    policy: PolicyOption = None,
    output: FormatOption = Format.TEXT,
    every_miss: Annotated[bool, typer.Option("--all", help="Show every use that would be permitted instead.")] = False,
) -> None:
    """Show how a use is decided, down to the quotes; for a denial, what would be permitted instead."""
    from purposegate.tools.explain import explain as explained  # noqa: PLC0415 - a command imports only its own tool

    engine, use = _engine(policy), Use(data_category, purpose, recipient, channel=channel)
    context = _context(engine, assume)
    tree = explained(engine, use, context, every_miss=every_miss or output is Format.JSON)
    if output is Format.JSON:
        render.as_json(render.node_as_dict(tree))
    else:
        render.tree(tree)
    raise typer.Exit(OK if engine.decide(use, context).permitted else DENIED)


@app.command()
def matrix(
    purpose: PurposeArgument,
    assume: AssumeOption = None,
    policy: PolicyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Show which data categories each recipient may use for a purpose."""
    from purposegate.tools.matrix import matrix as matrix_of  # noqa: PLC0415 - a command imports only its own tool

    engine = _engine(policy)
    if purpose not in engine.policy.purposes:
        _stop(f"the policy knows no purpose `{presentable(purpose)}`", did_you_mean(purpose, engine.policy.purposes))
    result = matrix_of(engine, purpose, _context(engine, assume))
    if output is Format.JSON:
        render.as_json(render.matrix_as_dict(result))
    else:
        render.matrix(result)


@app.command()
def schema() -> None:
    """Print the JSON Schema of the policy file, for editors."""
    from purposegate.policy.document import Document  # noqa: PLC0415 - a command imports only its own tool

    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    render.as_json(dialect | Document.model_json_schema())


def run() -> NoReturn:
    """Run the command line; whatever goes wrong inside it is exit code 2, never a denial's."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show “ must not turn a verdict into a crash.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app(standalone_mode=True)
    except BrokenPipeError:
        # The reader went away: what was printed is not the whole answer.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(COULD_NOT_RUN)
    except Exception:  # noqa: BLE001 - an unforeseen error must not look like a verdict
        traceback.print_exc()
        sys.exit(COULD_NOT_RUN)
    sys.exit(OK)


def _engine(path: str | None) -> Engine:
    from purposegate.policy.loader import load  # noqa: PLC0415 - not needed by `schema`

    try:
        return Engine(load(path or _only_policy()))
    except PolicyError as error:
        render.refused(error)
        raise typer.Exit(COULD_NOT_RUN) from None


def _only_policy() -> Path:
    found = sorted(_POLICIES.glob("*.yaml"))
    if len(found) != 1:
        _stop(f"there are {len(found)} policies in ./{_POLICIES}", "name the policy with --policy FILE")
    return found[0]


def _context(engine: Engine, assume: list[str] | None) -> Context:
    known = engine.policy.document.conditions
    for name in assume or ():
        if name not in known:
            _stop(f"the policy knows no condition `{presentable(name)}`", did_you_mean(name, known))
    return Context(datetime.now(UTC), frozenset(assume or ()))


def _stop(message: str, help_: str | None) -> NoReturn:
    typer.echo(f"purposegate: {message}", err=True)
    if help_:
        typer.echo(f"help: {help_}", err=True)
    raise typer.Exit(COULD_NOT_RUN)
