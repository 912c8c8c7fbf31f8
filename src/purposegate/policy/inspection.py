"""A policy file in YAML with its prose beside it → `Policy`, and all that there is to say about the two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from purposegate.findings import Finding, Location, Severity
from purposegate.policy.document import Document
from purposegate.policy.files import Files, complaint, is_compiled
from purposegate.policy.markup import FINDINGS_LIMIT, Source, decode
from purposegate.policy.policy import Policy
from purposegate.policy.prose import Prose, check_quotes
from purposegate.policy.reader import read

_PROSE_LIMIT = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Loaded:
    """A policy file and its prose as they were read, with every finding of both."""

    policy: Policy | None
    prose: Prose | None
    findings: tuple[Finding, ...]
    source: Source | None = None
    document: Document | None = None

    def excerpted(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Show with each finding in the policy file the line where it stands."""
        for finding in findings:
            place = finding.location
            if finding.excerpt is None and place is not None and self.source is not None and place.path == self.source.path:
                yield replace(finding, excerpt=self.source.excerpt(place))
            else:
                yield finding


def inspect(path: str | Path) -> Loaded:
    """Read a policy and its prose and keep all findings; nothing is raised for what stands in the files."""
    files = Files()
    data, refusal = files.read(Path(path), "the policy")
    if data is None:
        return Loaded(None, None, (refusal,))
    if is_compiled(data):
        message = "a compiled policy is looked at in its source"
        return Loaded(None, None, (replace(complaint("compiled", message, path), help="name the YAML file"),))
    return inspect_bytes(data, path, files)


def inspect_bytes(data: bytes, path: str | Path, files: Files) -> Loaded:
    """As `inspect`, of a policy file whose bytes were read; its prose stands beside its path."""
    reading = read(data, str(path))
    document = reading.document
    if reading.policy is None or document is None:
        return Loaded(None, None, reading.findings)
    prose_path = Path(path).parent / document.policy.prose
    if _is_same(prose_path, Path(path)):
        message = "the prose is the published text, not the policy itself"
        itself = Finding("prose-file", Severity.ERROR, message, Location(str(path), 1, 1))
        return Loaded(None, None, (*reading.findings, itself))
    text, refusals = _prose(prose_path, files)
    if text is None:
        return Loaded(None, None, (*reading.findings, *refusals))
    prose = Prose(text)
    quotes = tuple(islice(check_quotes(reading.policy, document, prose), FINDINGS_LIMIT))
    wrong = any(finding.severity is Severity.ERROR for finding in quotes)
    loaded = Loaded(None if wrong else reading.policy, prose, reading.findings, reading.source, document)
    return replace(loaded, findings=(*reading.findings, *loaded.excerpted(quotes)))


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False  # whatever is wrong with it, reading it will say


def _prose(path: Path, files: Files) -> tuple[str | None, list[Finding]]:
    data, refusal = files.read(path, "the prose")
    if data is None:
        return None, [refusal]
    if len(data) > _PROSE_LIMIT:
        return None, [replace(refusal, slug="too-large", message="the prose is larger than 1 MiB")]
    return decode(data, str(path))
