"""The commands with their options. Each asks a tool or the judge, prints, and gives an exit code."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from purposegate.cli import completing, render
from purposegate.cli.diff import diff
from purposegate.cli.exits import COULD_NOT_RUN, DENIED, OK
from purposegate.cli.formats import Format, FormatOption
from purposegate.cli.generate import generate
from purposegate.cli.impact import impact
from purposegate.cli.ledger import ledger
from purposegate.cli.lint import lint
from purposegate.cli.lsp import lsp
from purposegate.cli.rule import rule
from purposegate.cli.scan import scan
from purposegate.cli.subject import subject
from purposegate.cli.test import try_cases
from purposegate.cli.trail import trail
from purposegate.engine.use import Use
from purposegate.errors import PolicyError, PurposegateError
from purposegate.findings import did_you_mean
from purposegate.policy.terms import presentable

app = typer.Typer(
    name="purposegate",
    help="A published privacy policy, made executable. Exit codes: 0 clean or permitted, 1 denied or findings, 2 could not run.",
    no_args_is_help=True,
    rich_markup_mode=None,
    # Locals may hold personal data; a traceback shows none of them.
    pretty_exceptions_enable=False,
)
app.add_typer(ledger)
app.add_typer(trail)


PolicyOption = Annotated[
    str | None,
    typer.Option("--policy", "-p", help="The policy; by default the project's, or the only one in ./policies.", metavar="FILE"),
]
AssumeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--assume", help="Take a condition as shown; may be repeated.", metavar="CONDITION", autocompletion=completing.conditions
    ),
]
CategoryArgument = Annotated[
    str, typer.Argument(metavar="CATEGORY", help="The data category.", autocompletion=completing.categories)
]
PurposeArgument = Annotated[str, typer.Argument(metavar="PURPOSE", help="The purpose.", autocompletion=completing.purposes)]
RecipientArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[RECIPIENT]",
        help="Who gets the data, as `class` or `class/id`; by default the controller.",
        autocompletion=completing.recipients,
    ),
]
ChannelOption = Annotated[
    str | None,
    typer.Option("--channel", help="The way the data reach the recipient.", autocompletion=completing.channels),
]


app.command()(lint)
app.command()(scan)


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
    from purposegate.cli.judging import judge  # noqa: PLC0415 - a command imports only its own tool

    use = Use(data_category, purpose, recipient, channel=channel)
    raise typer.Exit(judge(use, assume=assume or (), policy=policy, as_json=output is Format.JSON))


@app.command()
def explain(
    data_category: CategoryArgument,
    purpose: PurposeArgument,
    recipient: RecipientArgument = None,
    channel: ChannelOption = None,
    assume: AssumeOption = None,
    policy: PolicyOption = None,
    output: FormatOption = Format.TEXT,
    *,
    every_miss: Annotated[bool, typer.Option("--all", help="Show every use that would be permitted instead.")] = False,
) -> None:
    """Show how a use is decided, down to the quotes; for a denial, what would be permitted instead."""
    from purposegate.cli.judging import context_of, engine_of  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.tools.explain import explain as explained  # noqa: PLC0415 - as above

    engine, use = engine_of(policy), Use(data_category, purpose, recipient, channel=channel)
    context = context_of(engine, assume or ())
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
    from purposegate.cli.judging import context_of, engine_of, stop  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.tools.matrix import matrix as matrix_of  # noqa: PLC0415 - as above

    engine = engine_of(policy)
    if purpose not in engine.policy.purposes:
        stop(f"the policy knows no purpose `{presentable(purpose)}`", did_you_mean(purpose, engine.policy.purposes))
    result = matrix_of(engine, purpose, context_of(engine, assume or ()))
    if output is Format.JSON:
        render.as_json(render.matrix_as_dict(result))
    else:
        render.matrix(result)


@app.command("compile")
def compile_(
    policy: Annotated[str, typer.Argument(metavar="POLICY", help="The policy file.")],
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where the compiled policy is put.")],
    key: Annotated[
        str | None, typer.Option("--sign", metavar="KEY", help="A file with an Ed25519 private key in PEM, to sign it with.")
    ] = None,
    *,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit with 1 where FILE is not up to date.")] = False,
    form: FormatOption = Format.TEXT,
) -> None:
    """Write a policy in the form that services load fastest: JSON with a checksum and, with a key, a signature."""
    from purposegate.cli.judging import stop  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.tools import compiler  # noqa: PLC0415 - as above

    try:
        engine, data = compiler.compile_policy(policy, key)
        if not check:
            compiler.write(data, output)
    except PolicyError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(COULD_NOT_RUN) from None
    except PurposegateError as error:
        stop(str(error), None)
    try:
        signed = compiler.bears_signature(data, output)
    except PolicyError as error:
        print(error)
        raise typer.Exit(DENIED) from None
    stamp = engine.policy
    if form is Format.JSON:
        summary = {"output": output, "id": stamp.id, "revision": stamp.revision, "digest": stamp.digest, "bears_signature": signed}
        render.as_json(summary)
    else:
        print(f"{output}: revision {stamp.revision} of `{stamp.id}`{', bears a signature' if signed else ''}")
        print(f"source: {policy}, sha256 {stamp.digest}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of the policy file, for editors."""
    from purposegate.policy.document import Document  # noqa: PLC0415 - a command imports only its own tool

    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    render.as_json(dialect | Document.model_json_schema())


app.command()(rule)
app.command()(subject)
app.command("test")(try_cases)
app.command()(generate)
app.command()(lsp)
app.command()(diff)
app.command()(impact)
