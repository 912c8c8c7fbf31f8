"""For programs of one's own: the findings as JSON."""

from __future__ import annotations

import json
from typing import Any

from purposegate.policy.characters import forbidden_in
from purposegate.tools.reporting.fingerprints import fingerprints
from purposegate.tools.reporting.report import Report


def plain(report: Report) -> str:
    """Write a list of findings, each with its fingerprint; paths are as they were given."""
    marks = fingerprints(report)
    return as_json([each.as_dict() | {"fingerprint": mark} for each, mark in zip(report.findings, marks, strict=True)])


def as_json(value: Any) -> str:  # noqa: ANN401 - whatever json can write
    """Write a value as JSON, with an escape for each character that a terminal would obey or the eye be deceived by."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    if forbidden_in(text):
        text = "".join(json.dumps(each)[1:-1] if forbidden_in(each) else each for each in text)
    return text
