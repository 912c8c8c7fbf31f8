"""What comments in code keep back of the findings of a scan, and what is to be said of the comments themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from purposegate.findings import Finding
from purposegate.tools.ignoring import Ignores, Terms
from purposegate.tools.scanning.kinds import kinds
from purposegate.tools.scanning.written import Written

_KINDS: Final = {kind.slug: kind for kind in kinds()}
_TERMS: Final = Terms(_KINDS, errors=True, unexplained=False)


def unsuppressed(findings: Iterable[Finding], files: Iterable[str], written: Callable[[str], Written]) -> Iterator[Finding]:
    """Yield the findings that no comment with a reason suppresses, then those about the comments of all files."""
    ignores: dict[str, Ignores] = {}
    for path in files:
        comments = written(path).comments()
        if comments:
            ignores[path] = Ignores(path, comments, _TERMS, written(path).reach)
    for finding in findings:
        own = ignores.get(finding.location.path) if finding.location else None
        if own is None or not own.suppress(finding):
            yield finding
    for each in ignores.values():
        for slug, remark in each.remarks():
            yield Finding(slug, _KINDS[slug].severity, remark.message, remark.place, help=remark.help)
