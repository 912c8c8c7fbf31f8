"""For code scanning: SARIF 2.1.0.

Source: OASIS, “Static Analysis Results Interchange Format (SARIF) Version 2.1.0 Plus Errata 01”, 28 August 2023.
"""

from __future__ import annotations

import re
from typing import Any, Final

from purposegate.findings import Finding, Location, Severity
from purposegate.policy.characters import one_line
from purposegate.tools.reporting.fingerprints import fingerprints
from purposegate.tools.reporting.places import ROOT_ID
from purposegate.tools.reporting.plain import as_json
from purposegate.tools.reporting.report import Kind, Report, worded

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# Under this name a later way of making fingerprints can stand beside this one.
_FINGERPRINT: Final = "purposegate/v1"
# What a viewer takes for a placeholder (3.11.5) or for an embedded link (3.11.6).
_PLACEHOLDER: Final = re.compile(r"\{(?=\d+\})")
_LINK: Final = re.compile(r"\](?=\()")


# A file's URI, and what it is relative to.
_File = tuple[str, str | None]


def sarif(report: Report) -> str:
    """Write one run: the rules with their help, the files, the results, and as a notification too what kept it from looking on."""
    kinds = _kinds(report)
    files = list(dict.fromkeys(map(report.base.uri, [*report.paths, *_mentioned(report)])))
    run = {
        "tool": {"driver": _driver(report, kinds)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT_ID: {"description": {"text": "The root of the repository."}}},
        "invocations": [_invocation(report, files)],
        "artifacts": [{"location": _artifact(file)} for file in files],
        "results": [
            _result(report, finding, mark, list(kinds), files)
            for finding, mark in zip(report.findings, fingerprints(report), strict=True)
        ],
    }
    return as_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _kinds(report: Report) -> dict[str, dict[str, Any]]:
    kinds = {kind.slug: _described(kind) for kind in report.kinds}
    for finding in report.findings:
        kinds.setdefault(finding.slug, _described(Kind(finding.slug, finding.severity, _undocumented(finding.slug))))
    return kinds


def _undocumented(slug: str) -> str:
    """Word what code scanning wants of every rule, where the messages say all that there is to say."""
    return f"{slug.replace('-', ' ').capitalize()}.\n\nWhat is wrong, and what would help, stands in the message of each result."


def _described(kind: Kind) -> dict[str, Any]:
    return {
        "id": kind.slug,
        "shortDescription": {"text": _text(kind.summary)},
        "fullDescription": {"text": _text(kind.reason)},
        "help": {"text": kind.documentation, "markdown": kind.markdown},
        "defaultConfiguration": {"level": kind.severity.value},
    }


def _driver(report: Report, kinds: dict[str, dict[str, Any]]) -> dict[str, Any]:
    stopping = dict.fromkeys(finding.slug for finding in report.findings if report.interrupts(finding))
    return {
        "name": "purposegate",
        "version": report.version,
        "rules": list(kinds.values()),
        "notifications": [{"id": slug} for slug in stopping],
    }


def _invocation(report: Report, files: list[_File]) -> dict[str, Any]:
    stopping = [finding for finding in report.findings if report.interrupts(finding)]
    slugs = list(dict.fromkeys(finding.slug for finding in stopping))
    return {
        "executionSuccessful": not stopping,
        "toolExecutionNotifications": [
            {
                "descriptor": {"id": finding.slug, "index": slugs.index(finding.slug)},
                "level": Severity.ERROR.value,
                "message": {"text": _text(worded(finding))},
            }
            | ({"locations": [_location(report, finding.location, files)]} if finding.location else {})
            for finding in stopping
        ],
    }


def _result(report: Report, finding: Finding, mark: str, slugs: list[str], files: list[_File]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.slug,
        "ruleIndex": slugs.index(finding.slug),
        "level": finding.severity.value,
        "message": {"text": _text(worded(finding))},
        "partialFingerprints": {_FINGERPRINT: mark},
    }
    if finding.location:
        result["locations"] = [_location(report, finding.location, files)]
    if finding.related:
        result["relatedLocations"] = [
            {"id": number, "message": {"text": _text(one_line(related.message))}} | _location(report, related.location, files)
            for number, related in enumerate(finding.related)
        ]
    return result


def _mentioned(report: Report) -> list[str]:
    return [
        place.path
        for finding in report.findings
        for place in (finding.location, *(related.location for related in finding.related))
        if place is not None
    ]


def _location(report: Report, place: Location, files: list[_File]) -> dict[str, Any]:
    file = report.base.uri(place.path)
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(file) | {"index": files.index(file)},
            "region": {"startLine": place.line, "startColumn": place.column},
        }
    }


def _artifact(file: _File) -> dict[str, Any]:
    uri, base = file
    return {"uri": uri} | ({} if base is None else {"uriBaseId": base})


def _text(text: str) -> str:
    """Set apart what a viewer would take for a placeholder or for a link."""
    return _LINK.sub("] ", _PLACEHOLDER.sub("{ ", text))
