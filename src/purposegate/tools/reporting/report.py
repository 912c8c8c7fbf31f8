"""What every format is written from: the findings, the kinds that were known beforehand, the files, and the version."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from purposegate.findings import Finding, Severity
from purposegate.policy.characters import one_line
from purposegate.tools.reporting.places import Base

_UNREADABLE: Final = frozenset({"unreadable", "no-policy", "no-python"})


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding that a tool knows beforehand: its slug, how bad it is by itself, and what its documentation says."""

    slug: str
    severity: Severity
    documentation: str
    # It keeps the tool from looking further.
    interrupts: bool = False
    # In what its examples are written.
    language: str = "yaml"
    # Under which heading people are told of it, apart from the rest.
    section: str | None = None

    @classmethod
    def documented(
        cls,
        slug: str,
        severity: Severity,
        docstring: str | None,
        *,
        interrupts: bool = False,
        language: str = "yaml",
        section: str | None = None,
    ) -> Kind:
        """Take the documentation from a docstring: one sentence, then why, then what to avoid and what to prefer."""
        return cls(slug, severity, inspect.cleandoc(docstring or slug), interrupts, language, section)

    @property
    def summary(self) -> str:
        """The first line of the documentation."""
        return self.documentation.partition("\n")[0]

    @property
    def reason(self) -> str:
        """The documentation without its examples, as one line."""
        return one_line(self.documentation.partition("\nAvoid:\n")[0])

    @property
    def markdown(self) -> str:
        """The documentation with its examples in fences."""
        return "\n".join(_fenced(self.documentation.splitlines(), self.language))


@dataclass(frozen=True, slots=True)
class Report:
    """All that a run of a tool found in some files; `fail_level` is the mildest finding that fails it, None where none does."""

    findings: tuple[Finding, ...]
    paths: tuple[str, ...]
    base: Base
    version: str
    kinds: tuple[Kind, ...] = ()
    fail_level: Severity | None = Severity.ERROR
    # What people are told besides, one line each.
    remarks: tuple[str, ...] = ()
    _known: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_known", frozenset(kind.slug for kind in self.kinds if not kind.interrupts))

    @property
    def failing(self) -> tuple[Finding, ...]:
        """The findings that fail the run."""
        return tuple(finding for finding in self.findings if self.fails(finding))

    def fails(self, finding: Finding) -> bool:
        """Tell whether a finding fails the run."""
        return self.fail_level is not None and finding.severity.at_least(self.fail_level)

    def interrupts(self, finding: Finding) -> bool:
        """Tell whether a finding kept the tool from looking further: an error of no kind that is looked for in a file in order."""
        return finding.severity is Severity.ERROR and finding.slug not in self._known

    def unreadable(self, finding: Finding) -> bool:
        """Tell whether a finding says that there was nothing to look at."""
        return finding.slug in _UNREADABLE

    def sections(self) -> Iterator[tuple[str | None, tuple[Finding, ...]]]:
        """Yield what people are told by sections: first what stands under no heading, then each heading as it comes first.

        Only notes stand apart: what is worse is told where everybody looks.
        """
        headings = {kind.slug: kind.section for kind in self.kinds}
        by_heading: dict[str | None, list[Finding]] = {None: []}
        for each in self.findings:
            heading = headings.get(each.slug) if each.severity is Severity.NOTE else None
            by_heading.setdefault(heading, []).append(each)
        yield from ((heading, tuple(found)) for heading, found in by_heading.items() if found)

    def path_of(self, finding: Finding) -> str:
        """Give the path of a finding from the root; where it has no place, that of the first file, or `.`."""
        path = finding.location.path if finding.location else next(iter(self.paths), ".")
        return self.base.shown(path)


def rooted(report: Report, finding: Finding) -> Finding:
    """Give a finding with its places told from the root, as a report shows it that leaves the machine."""
    place = finding.location
    return replace(
        finding,
        location=None if place is None else replace(place, path=report.base.shown(place.path)),
        related=tuple(
            replace(each, location=replace(each.location, path=report.base.shown(each.location.path))) for each in finding.related
        ),
    )


def summary(findings: tuple[Finding, ...]) -> str:
    """Say how many findings there are of each severity."""
    counts = Counter(finding.severity for finding in findings)
    parts = [f"{counts[severity]} {severity}{'s' if counts[severity] != 1 else ''}" for severity in Severity if counts[severity]]
    return ", ".join(parts) or "nothing to complain of"


def counted(report: Report) -> str:
    """Say how many findings there are of each severity, and apart from these how many in each section."""
    sections = dict(report.sections())
    plain = sections.pop(None, ())
    return "; ".join([summary(plain), *(f"{len(found)} {heading}" for heading, found in sections.items())])


def worded(finding: Finding) -> str:
    """Word a finding in one line, with what would help."""
    return one_line(f"{finding.message} (help: {finding.help})" if finding.help else finding.message)


def _fenced(lines: list[str], language: str) -> Iterator[str]:
    inside = False
    for line in lines:
        if inside and line and not line.startswith(" "):
            yield "```"
            yield ""
            inside = False
        if line in ("Avoid:", "Prefer:"):
            yield from (f"**{line}**", "", f"```{language}")
            inside = True
        else:
            yield line.removeprefix("    ") if inside else line
    if inside:
        yield "```"
