"""For GitHub Actions: workflow commands that put each finding beside its line.

Source: “Workflow commands for GitHub Actions”, and `actions/toolkit`, `packages/core/src/command.ts`, for the escapes.
"""

from __future__ import annotations

from typing import Final

from purposegate.findings import Finding, Severity
from purposegate.policy.characters import one_line
from purposegate.tools.reporting.report import Report, worded

_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def github(report: Report) -> str:
    """Write one command a finding; GitHub shows ten of each severity a step, and keeps all in the log."""
    return "\n".join(_command(report, finding) for finding in report.findings)


def _command(report: Report, finding: Finding) -> str:
    place = finding.location
    properties = {"title": f"purposegate ({finding.slug})"}
    if place is not None:
        properties = {"file": report.path_of(finding), "line": str(place.line), "col": str(place.column)} | properties
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {told}::{_data(worded(finding))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(one_line(text)).replace(":", "%3A").replace(",", "%2C")
