"""For CI systems that show tests: a JUnit XML file, with a suite a file and a case a finding.

Source: the schema of Jenkins' xUnit plugin (`junit-10.xsd`), and “Unit test reports” in GitLab's documentation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape

from purposegate.findings import Finding
from purposegate.policy.characters import one_line
from purposegate.tools.reporting.report import Report, rooted, worded
from purposegate.tools.reporting.text import lines

_QUOTES: Final = {'"': "&quot;", "'": "&apos;"}  # beside what `escape` knows of


def junit(report: Report) -> str:
    """Write a suite a file: what fails the run is a failed case, what cannot be read an error, what is milder a skipped case.

    A file with no finding is a suite of one case that has passed, so that it is seen to have been looked at.
    """
    by_path: dict[str, list[Finding]] = {report.base.shown(path): [] for path in report.paths}
    for finding in report.findings:
        by_path.setdefault(report.path_of(finding), []).append(finding)
    suites = [line for path, found in by_path.items() for line in _suite(report, path, found)]
    head = f'<testsuites name="purposegate" {_counts(report, list(report.findings), len(_clean(by_path)))}>'
    return "\n".join(['<?xml version="1.0" encoding="utf-8"?>', head, *suites, "</testsuites>"])


def _clean(by_path: dict[str, list[Finding]]) -> list[str]:
    return [path for path, found in by_path.items() if not found]


def _suite(report: Report, path: str, found: list[Finding]) -> Iterator[str]:
    yield f'  <testsuite name="{_escaped(path)}" {_counts(report, found, 0 if found else 1)}>'
    for finding in found:
        yield from _case(report, path, finding)
    if not found:
        yield f'    <testcase classname="{_escaped(path)}" name="nothing to complain of" file="{_escaped(path)}"/>'
    yield "  </testsuite>"


def _case(report: Report, path: str, finding: Finding) -> Iterator[str]:
    place = finding.location
    name = f"{finding.slug} ({place.line}:{place.column})" if place else finding.slug
    line = f' line="{place.line}"' if place else ""
    yield f'    <testcase classname="{_escaped(path)}" name="{_escaped(name)}" file="{_escaped(path)}"{line}>'
    element = _element(report, finding)
    if element == "skipped":
        yield f'      <skipped message="{_escaped(worded(finding))}"/>'
    else:
        whole = "\n".join(map(_escaped_text, lines(rooted(report, finding))))
        yield f'      <{element} message="{_escaped(worded(finding))}" type="{_escaped(finding.slug)}">{whole}</{element}>'
    yield "    </testcase>"


def _element(report: Report, finding: Finding) -> str:
    if report.unreadable(finding):
        return "error"
    return "failure" if report.fails(finding) else "skipped"


def _counts(report: Report, found: list[Finding], clean: int) -> str:
    elements = [_element(report, finding) for finding in found]
    failures, errors, skipped = (elements.count(each) for each in ("failure", "error", "skipped"))
    return f'tests="{len(found) + clean}" failures="{failures}" errors="{errors}" skipped="{skipped}"'


def _escaped(text: str) -> str:
    return _escaped_text(one_line(text))


def _escaped_text(text: str) -> str:
    return escape(text, _QUOTES)
