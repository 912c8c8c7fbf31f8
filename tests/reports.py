"""A small report of findings, and reports of whatever anybody could write, for the tests of what is printed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path, PurePosixPath
from typing import Any

from hypothesis import strategies as st

from purposegate.findings import Finding, Location, Related, Severity, excerpt
from purposegate.tools.reporting.places import Base
from purposegate.tools.reporting.report import Kind, Report

BASE = Base(PurePosixPath("/repo"), PurePosixPath("/repo"))
SHOP, OTHER = "policies/shop.yaml", "policies/other.yaml"
SARIF_SCHEMA: dict[str, Any] = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json").read_text())

UNDECLARED = Finding(
    "undeclared-name",
    Severity.ERROR,
    "the purpose `shiping` is not declared under `purposes`",
    Location(SHOP, 9, 14),
    excerpt("  - purposes: [shiping]", Location(SHOP, 9, 14)),
    "did you mean `shipping`?",
    (Related(Location(SHOP, 3, 3), "`shipping` is declared here"),),
)
IDLE = Finding("idle-purpose", Severity.WARNING, "nobody may use any data for `raffle`", Location(SHOP, 4, 3))
QUESTION = Finding("open-question", Severity.NOTE, "clause 3: To whom?")
KINDS = (
    Kind.documented(
        "idle-purpose",
        Severity.WARNING,
        """Flag a purpose for which nobody may use any data.

        Why: nobody can do it.

        Avoid:
            purposes: {shipping: {}, raffle: {}}
        Prefer:
            purposes: {shipping: {}}
        """,
    ),
)


def a_report(*findings: Finding, **parts: Any) -> Report:
    whole: dict[str, Any] = {"findings": findings, "paths": (SHOP, OTHER), "base": BASE, "version": "0.1.0", "kinds": KINDS}
    return Report(**whole | parts)


def the_report() -> Report:
    """Give a report with a finding of each severity, one of which has no place."""
    return a_report(UNDECLARED, IDLE, QUESTION)


def mark(*content: str) -> str:
    """Make a fingerprint as its documentation says."""
    return hashlib.sha256("\0".join(content).encode()).hexdigest()


MARKS = (
    mark("undeclared-name", SHOP, UNDECLARED.message, "- purposes: [shiping]", "1"),
    mark("idle-purpose", SHOP, IDLE.message, "", "1"),
    mark("open-question", SHOP, QUESTION.message, "", "1"),
)

# What would end a message, a property, an element, a fence, a link or a line somewhere.
_HOSTILE = st.sampled_from(
    [
        *("::", "::error::", ",file=", "%0A", "##[group]"),
        *("\n", "\r\n", "\t", "\x1b[2J", "\0", "\x85", "\u2028", "\u202e", "\ud800", "\uffff", "\U0001f600"),
        *("]]>", "<!--", "-->", "&amp;", "<script>", "</testcase>", '"', "'"),
        *("```", "`", "~~~", "|", "@all", "#1", "![x](y)", "[a](javascript:b)", "](x)", "{0}", "{"),
        *("/", "\\", "..", " "),
    ]
)
hostile = st.lists(st.one_of(_HOSTILE, st.text(max_size=8)), max_size=8).map("".join)
hostile_paths = hostile.filter(lambda path: "\0" not in path)


@st.composite
def hostile_findings(draw: st.DrawFn) -> Finding:
    places = st.builds(Location, hostile_paths, st.integers(1, 10**6), st.integers(1, 10**4))
    place = draw(st.one_of(st.none(), places))
    shown = None if place is None else draw(st.one_of(st.none(), hostile.map(lambda text: excerpt(text, place))))
    related = draw(st.lists(st.builds(Related, places, hostile), max_size=2))
    help_ = draw(st.one_of(st.none(), hostile))
    return Finding(draw(_slugs), draw(st.sampled_from(Severity)), draw(hostile), place, shown, help_, tuple(related))


# A slug is never made of what a file says.
_slugs = st.sampled_from(["idle-purpose", "undeclared-name", "unreadable", "unknown-key"])
hostile_reports = st.builds(
    lambda findings, paths: a_report(*findings, paths=tuple(paths)),
    st.lists(hostile_findings(), max_size=5),
    st.lists(hostile_paths, max_size=2),
)
