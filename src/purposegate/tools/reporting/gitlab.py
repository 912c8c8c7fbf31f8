"""For GitLab: a Code Quality report.

Source: “Code Quality report format” in GitLab's documentation, “Import code quality results from a CI/CD job”.
"""

from __future__ import annotations

from typing import Any, Final

from purposegate.findings import Severity
from purposegate.policy.characters import one_line
from purposegate.tools.reporting.fingerprints import fingerprints
from purposegate.tools.reporting.plain import as_json
from purposegate.tools.reporting.report import Report, worded

_SEVERITIES: Final = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def gitlab(report: Report) -> str:
    """Write one issue a finding; what has no place is shown at the first line of the file."""
    issues: list[dict[str, Any]] = [
        {
            "description": worded(finding),
            "check_name": finding.slug,
            "fingerprint": mark,
            "severity": _SEVERITIES[finding.severity],
            "location": {
                "path": one_line(report.path_of(finding)),
                "lines": {"begin": finding.location.line if finding.location else 1},
            },
        }
        for finding, mark in zip(report.findings, fingerprints(report), strict=True)
    ]
    return as_json(issues)
