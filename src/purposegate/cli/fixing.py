"""`purposegate lint --fix` and `--diff`: what is struck out of policies, and what would be."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable

from purposegate.cli.exits import COULD_NOT_RUN
from purposegate.cli.judging import stop
from purposegate.errors import PolicyError, PurposegateError
from purposegate.findings import Finding


def mend(policies: Iterable[str]) -> None:
    """Mend what changes no decision, and tell of it on the side of the findings; exit where a file cannot be written."""
    from purposegate.tools.fixing import fix, write  # noqa: PLC0415 - a command imports only its own tool

    for path in policies:
        try:
            fixed = fix(path)
            if fixed.mended:
                write(fixed)
        except PolicyError:
            continue  # the findings tell of it
        except PurposegateError as error:
            stop(str(error), None)
        for finding in fixed.mended:
            print(f"fixed: {finding.location}: [{finding.slug}] {finding.message}", file=sys.stderr)


def refuse(findings: Collection[Finding]) -> None:
    """Print what is wrong with what was named, and exit, where anything is."""
    if findings:
        print(*findings, sep="\n", file=sys.stderr)
        raise SystemExit(COULD_NOT_RUN)


def preview(policies: Iterable[str]) -> bool:
    """Print what would be mended as a diff, and tell whether anything would."""
    from purposegate.tools.fixing import fix  # noqa: PLC0415 - as above

    anything = False
    for path in policies:
        try:
            difference = fix(path).difference()
        except PolicyError as error:
            print(error, file=sys.stderr)
            raise SystemExit(COULD_NOT_RUN) from None
        print(difference, end="")
        anything = anything or bool(difference)
    if not anything:
        print("nothing would change", file=sys.stderr)
    return anything
