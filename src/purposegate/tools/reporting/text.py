"""For people: each finding with its source and what would help, or in one line."""

from __future__ import annotations

from collections.abc import Iterator

from purposegate.findings import Finding
from purposegate.policy.characters import one_line, without_forbidden
from purposegate.tools.reporting.report import Report, counted, worded


def full(report: Report) -> str:
    """Write each finding with its excerpt, what stands apart under its heading, and how many there are."""
    told: list[str] = []
    for heading, found in report.sections():
        told += [] if heading is None else [headed(heading, found)]
        told += [line for finding in found for line in lines(finding)]
    return "\n".join([*told, *report.remarks, counted(report)])


def concise(report: Report) -> str:
    """Write each finding in one line, as `path:line:column: severity[slug] message`, and how many there are."""
    found = [f"{place(finding)}{finding.severity}[{one_line(finding.slug)}] {worded(finding)}" for finding in report.findings]
    return "\n".join([*found, *report.remarks, counted(report)])


def headed(heading: str, found: tuple[Finding, ...]) -> str:
    """Give the heading of a section, with how many findings it has."""
    return f"{heading} ({len(found)}):"


def lines(finding: Finding) -> Iterator[str]:
    """Yield a finding line by line: what is wrong, where it stands, what else has to do with it, and what would help."""
    yield f"{place(finding)}{finding.severity}[{one_line(finding.slug)}] {one_line(finding.message)}"
    if finding.excerpt is not None and finding.location is not None:
        yield from map(without_forbidden, finding.excerpt.split("\n"))
    for related in finding.related:
        yield f"  see: {one_line(str(related.location))}: {one_line(related.message)}"
    if finding.help:
        yield f"  help: {one_line(finding.help)}"


def place(finding: Finding) -> str:
    """Give a finding's place as it stands before it; nothing where it has none."""
    return f"{one_line(str(finding.location))}: " if finding.location else ""
