"""How findings go out: in which format, where to, and with which exit code; the same for whatever finds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Final

from purposegate.cli import render
from purposegate.cli.exits import COULD_NOT_RUN, DENIED, OK
from purposegate.cli.formats import FailLevel, ReportFormat
from purposegate.errors import PurposegateError
from purposegate.findings import Finding, Severity
from purposegate.tools.reporting.places import Base
from purposegate.tools.reporting.report import Kind, Report

# A format's function, and the module that holds it, so that a command imports only the one that it prints.
_WRITERS: Final = {
    ReportFormat.TEXT: ("text", "full"),
    ReportFormat.CONCISE: ("text", "concise"),
    ReportFormat.JSON: ("plain", "plain"),
    ReportFormat.SARIF: ("sarif", "sarif"),
    ReportFormat.JUNIT: ("junit", "junit"),
    ReportFormat.GITHUB: ("github", "github"),
    ReportFormat.GITLAB: ("gitlab", "gitlab"),
    ReportFormat.MARKDOWN: ("markdown", "markdown"),
}


def report_of(
    findings: Iterable[Finding],
    paths: Iterable[str],
    kinds: Iterable[Kind],
    *,
    fail_level: FailLevel,
    base: Base,
    remarks: Iterable[str] = (),
) -> Report:
    """Put together what a run of a tool found."""
    from importlib.metadata import version  # noqa: PLC0415 - it takes long to import

    level = None if fail_level is FailLevel.NEVER else Severity(fail_level.value)
    return Report(tuple(findings), tuple(paths), base, version("purposegate"), tuple(kinds), level, tuple(remarks))


def put_out(report: Report, form: ReportFormat, output: str | None = None) -> int:
    """Print a report, or put it into a file and print it as text; give the exit code."""
    if output is not None:
        from purposegate.cli.judging import stop  # noqa: PLC0415 - only where a file is named
        from purposegate.tools.placing import put  # noqa: PLC0415 - as above

        try:
            put(f"{written(report, form)}\n".encode(errors="backslashreplace"), output, "the report")
        except PurposegateError as error:
            stop(str(error), None)
    if output is not None or form is ReportFormat.TEXT:
        render.findings(report)
    elif report.findings or form is not ReportFormat.GITHUB:
        print(written(report, form))
    return exit_code(report)


def written(report: Report, form: ReportFormat) -> str:
    """Write a report in a format."""
    module, name = _WRITERS[form]
    writer: Callable[[Report], str] = getattr(import_module(f"purposegate.tools.reporting.{module}"), name)
    return writer(report)


def exit_code(report: Report) -> int:
    """Give 2 where something could not be read, whatever fails otherwise; 1 where a finding fails the run.

    Where no finding does, what kept the tool from looking further is no success either.
    """
    unread = report.interrupts if report.fail_level is None else report.unreadable
    if any(map(unread, report.findings)):
        return COULD_NOT_RUN
    return DENIED if report.failing else OK
