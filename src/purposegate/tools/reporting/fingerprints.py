"""What a finding is known by from one run to the next."""

from __future__ import annotations

import hashlib
import re
from collections import Counter

from purposegate.findings import Finding
from purposegate.tools.reporting.report import Report

_NUMBERED = re.compile(r"\bline \d+|:\d+:\d+")


def fingerprints(report: Report) -> tuple[str, ...]:
    """Give each finding's fingerprint: a SHA-256 in hexadecimal that changes with what was found, and not with where it moved.

    It is made of the slug, the file's path from the root, the message without the numbers of lines in it, and the text of the line
    with its white space folded. Findings that are alike in all of these are told apart by their order: the first, the second, and
    so on in the order of the file. So a finding keeps its fingerprint while lines are added above it, and one that is mended
    takes the last of its likes' fingerprints away.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    given = [""] * len(report.findings)
    for at in sorted(range(len(given)), key=lambda at: _place(report.findings[at])):
        told_by = content(report.findings[at], report.path_of(report.findings[at]))
        seen[told_by] += 1
        told = "\0".join((*told_by, str(seen[told_by])))
        given[at] = hashlib.sha256(told.encode("utf-8", "backslashreplace")).hexdigest()
    return tuple(given)


def content(finding: Finding, path: str) -> tuple[str, ...]:
    """Give what tells a finding from others wherever it stands in its file."""
    return finding.slug, path, _NUMBERED.sub("", finding.message), _line(finding)


def _line(finding: Finding) -> str:
    """Give the text of the line out of its excerpt, where it stands behind the number."""
    first = (finding.excerpt or "").partition("\n")[0]
    return " ".join(first.partition(" | ")[2].split())


def _place(finding: Finding) -> tuple[int, int]:
    return (finding.location.line, finding.location.column) if finding.location else (0, 0)
