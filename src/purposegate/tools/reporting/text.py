"""For people: each finding with its source and what would help, or in one line."""

from __future__ import annotations

from collections.abc import Iterator

from purposegate.findings import Finding
from purposegate.policy.characters import one_line, without_forbidden
from purposegate.tools.reporting.report import Report, summary, worded


def full(report: Report) -> str:
    """Write each finding with its excerpt, and how many there are."""
    return "\n".join([line for finding in report.findings for line in lines(finding)] + [summary(report.findings)])


def concise(report: Report) -> str:
    """Write each finding in one line, as `path:line:column: severity[slug] message`, and how many there are."""
    found = [f"{place(finding)}{finding.severity}[{one_line(finding.slug)}] {worded(finding)}" for finding in report.findings]
    return "\n".join([*found, summary(report.findings)])


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
