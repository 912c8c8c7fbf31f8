"""For a comment on a pull request: Markdown in which whatever a policy says stands in fences, and so as it is.

Source: CommonMark 0.31, sections 4.5 (fenced code blocks) and 6.1 (code spans); GitHub takes comments of up to 65,536 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from purposegate.findings import Finding
from purposegate.policy.characters import one_line
from purposegate.tools.reporting.report import Report, rooted, summary
from purposegate.tools.reporting.text import lines

# A workflow finds the comment that it wrote before by this.
MARK: Final = "<!-- purposegate -->"
_LENGTH: Final = 60_000


def markdown(report: Report) -> str:
    """Write a heading with the verdict, then the findings of each file; what no comment would hold is counted."""
    verdict = "findings" if report.failing else "nothing that fails"
    parts = [MARK, f"### purposegate: {verdict}", "", f"{summary(report.findings)} in {_files(report)}"]
    length, shown = sum(map(len, parts)), 0
    by_path: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_path.setdefault(report.path_of(finding), []).append(finding)
    for path, found in by_path.items():
        blocks: list[str] = []
        for finding in found:
            block = "\n".join(lines(rooted(report, finding)))
            length += len(block) + len(path) + 20
            if length > _LENGTH:
                break
            blocks.append(block)
        if blocks:
            parts += ["", *_fenced(path, blocks)]
            shown += len(blocks)
        if length > _LENGTH:
            break
    if shown < len(report.findings):
        parts += ["", f"{len(report.findings) - shown} more are left out, which would not fit into a comment."]
    return "\n".join(parts)


def _files(report: Report) -> str:
    return "1 file" if len(report.paths) == 1 else f"{len(report.paths)} files"


def _fenced(path: str, blocks: list[str]) -> Iterator[str]:
    text = "\n".join(blocks)
    fence = "`" * max(3, _longest(text) + 1)
    yield f"#### {_code(path)}"
    yield ""
    yield f"{fence}text"
    yield text
    yield fence


def _code(text: str) -> str:
    plain = one_line(text)
    tick = "`" * (_longest(plain) + 1)
    return f"{tick} {plain} {tick}"


def _longest(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
