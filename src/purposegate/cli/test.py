"""`purposegate test`: the cases beside a policy, put to its judge."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from purposegate.cli import render
from purposegate.cli.exits import COULD_NOT_RUN, DENIED, OK
from purposegate.cli.judging import stop
from purposegate.errors import PolicyError

if TYPE_CHECKING:
    from purposegate.tools.trial import Coverage, Entry, Outcome, Trial


class TestFormat(StrEnum):
    """How what came of the cases is printed."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"


PathsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="PATH", help="Policies, files of cases, or folders of them; by default ./policies."),
]
OnlyOption = Annotated[str, typer.Option("-k", metavar="TEXT", help="Only the cases whose names contain this.")]
FailUnderOption = Annotated[
    float,
    typer.Option("--fail-under", metavar="PERCENT", min=0, max=100, help="Fail where less of a policy decided a case as expected."),
]
OutputOption = Annotated[TestFormat, typer.Option("--format", help="How to print the result.")]


def try_cases(
    paths: PathsArgument = None,
    only: OnlyOption = "",
    fail_under: FailUnderOption = 0,
    output: OutputOption = TestFormat.TEXT,
) -> None:
    """Put the cases in `*.test.yaml` to the judge, and say which clauses decided one as expected."""
    from purposegate.tools.casebook import Library  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.tools.trial import trial  # noqa: PLC0415 - as above

    try:
        tried = trial(Library().gather(paths or ["policies"]), only)
    except PolicyError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(COULD_NOT_RUN) from None
    if not tried.count:
        stop("the name of no case contains that", "`-k` chooses by a part of a case's name")
    _print(tried, output)
    too_little = [coverage for coverage in tried.coverage if not coverage.reaches(fail_under)]
    for coverage in too_little:
        print(f"{coverage.policy}: {coverage.percent} % decided a case, and {fail_under:g} % must", file=sys.stderr)
    raise typer.Exit(DENIED if tried.failed or too_little else OK)


def _print(tried: Trial, output: TestFormat) -> None:
    match output:
        case TestFormat.TEXT:
            _as_text(tried)
        case TestFormat.JSON:
            render.as_json(_as_dict(tried))
        case TestFormat.JUNIT:
            from purposegate.tools.junit import junit  # noqa: PLC0415 - only for who wants it

            print(junit(tried, datetime.now(UTC)))


def _as_text(tried: Trial) -> None:
    from purposegate.tools.verdicts import told  # noqa: PLC0415 - a command imports only its own tool

    for _, outcomes in tried.outcomes:
        for outcome in outcomes:
            if not outcome:
                for line in told(outcome):
                    print(line)
    for coverage in tried.coverage:
        print(f"{coverage.policy}: {coverage.decided} of {len(coverage.entries)} clauses decided a case ({coverage.percent} %)")
        for entry in coverage.entries:
            if not entry.decided:
                print(f"  {entry.place}: {_called(entry)} decided none")
    uses = sum(len(outcome.case.uses) for _, outcomes in tried.outcomes for outcome in outcomes)
    of_uses = f"{render.counted(tried.count, 'case')} of {render.counted(uses, 'use')}"
    print(f"{of_uses}: {f'{tried.failed} failed' if tried.failed else 'all as expected'}")


def _called(entry: Entry) -> str:
    return f"{entry.kind} {entry.clause}{f' `{entry.name}`' if entry.name else ''}"


def _as_dict(tried: Trial) -> dict[str, Any]:
    return {
        "cases": tried.count,
        "failed": tried.failed,
        "files": [
            {"path": book.path, "policy": book.engine.policy.path, "cases": [_case(outcome) for outcome in outcomes]}
            for book, outcomes in tried.outcomes
        ],
        "coverage": [_coverage(coverage) for coverage in tried.coverage],
    }


def _case(outcome: Outcome) -> dict[str, Any]:
    case = outcome.case
    return {
        "name": case.name,
        "line": case.place.line,
        "column": case.place.column,
        "passed": bool(outcome),
        "uses": len(case.uses),
        "expected": {
            "verdict": case.verdict,
            "clauses": None if case.clauses is None else sorted(case.clauses),
            "unmet": None if case.unmet is None else sorted(case.unmet),
        },
        "misses": [
            {"parts": [part.value for part in miss.parts], "decision": render.decision_as_dict(miss.decision)}
            for miss in outcome.misses
        ],
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "policy": coverage.policy,
        "percent": coverage.percent,
        "entries": [
            {
                "kind": entry.kind,
                "clause": entry.clause,
                "name": entry.name,
                "line": entry.place.line if entry.place else None,
                "permitted": entry.permitted,
                "denied": entry.denied,
            }
            for entry in coverage.entries
        ],
    }
