"""`purposegate generate`: the names of a policy as a module for editors and type checkers."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from purposegate.cli import render
from purposegate.cli.exits import COULD_NOT_RUN, DENIED
from purposegate.cli.formats import Format, FormatOption
from purposegate.cli.judging import stop
from purposegate.errors import PolicyError, PurposegateError

if TYPE_CHECKING:
    from purposegate.tools.vocabulary import Vocabulary


class Language(StrEnum):
    """A language that the names of a policy are written in."""

    PYTHON = "python"
    TYPESCRIPT = "typescript"


OutputOption = Annotated[
    str | None, typer.Option("--output", "-o", metavar="FILE", help="Where the module is put; by default it is printed.")
]


def generate(
    policy: Annotated[str, typer.Argument(metavar="POLICY", help="The policy file.")],
    output: OutputOption = None,
    language: Annotated[Language, typer.Option("--language", help="The language of the module.")] = Language.PYTHON,
    *,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit with 1 where FILE is not up to date.")] = False,
    form: FormatOption = Format.TEXT,
) -> None:
    """Write the names of a policy as a typed module, in Python or TypeScript, with its clauses for editors to show."""
    from purposegate.tools import generated  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.tools.vocabulary import vocabulary_of  # noqa: PLC0415 - as above

    if check and output is None:
        stop("`--check` needs a file to look at", "name it with --output FILE")
    try:
        words = vocabulary_of(policy)
        text = _module(words, language)
        if output is not None and not check:
            generated.write(text, output)
    except PolicyError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(COULD_NOT_RUN) from None
    except PurposegateError as error:
        stop(str(error), None)
    if output is not None and check:
        try:
            generated.demand(text, output)
        except PolicyError as error:
            print(error)
            raise typer.Exit(DENIED) from None
    if form is Format.JSON:
        summary = {"output": output, "language": language.value, "id": words.id, "revision": words.revision, "digest": words.digest}
        render.as_json(summary | ({"text": text} if output is None else {}))
    elif output is None:
        print(text, end="")
    else:
        print(f"{output}: the names of revision {words.revision} of `{words.id}`")
        print(f"source: {policy}, sha256 {words.digest}")


def _module(words: Vocabulary, language: Language) -> str:
    from purposegate.tools.python_module import python_module  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.tools.typescript_module import typescript_module  # noqa: PLC0415 - as above

    return typescript_module(words) if language is Language.TYPESCRIPT else python_module(words)
