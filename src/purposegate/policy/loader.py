"""A policy file on disk, with its prose beside it → `Policy`. The only part of this floor that opens files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from purposegate.errors import PolicyError
from purposegate.findings import Finding, Location, Severity
from purposegate.policy.document import Document
from purposegate.policy.markup import FINDINGS_LIMIT, SIZE_LIMIT, Source, decode
from purposegate.policy.policy import Policy
from purposegate.policy.prose import Prose, check_quotes
from purposegate.policy.reader import Reading, read

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


def load(path: str | Path) -> Policy:
    """Read a policy and its prose, or raise a `PolicyError` with every finding that is an error."""
    loaded = inspect(path)
    if loaded.policy is None:
        raise PolicyError(finding for finding in loaded.findings if finding.severity is Severity.ERROR)
    return loaded.policy


def inspect(path: str | Path) -> Loaded:
    """Read a policy and its prose and keep all findings; nothing is raised for what stands in the files."""
    reading = _read(Path(path))
    document = reading.document
    if reading.policy is None or document is None:
        return Loaded(None, None, reading.findings)
    prose_path = Path(path).parent / document.policy.prose
    if prose_path.exists() and prose_path.samefile(path):
        message = "the prose is the published text, not the policy itself"
        itself = Finding("prose-file", Severity.ERROR, message, Location(str(path), 1, 1))
        return Loaded(None, None, (*reading.findings, itself))
    text, refusals = _prose(prose_path)
    if text is None:
        return Loaded(None, None, (*reading.findings, *refusals))
    prose = Prose(text)
    quotes = tuple(islice(check_quotes(reading.policy, document, prose), FINDINGS_LIMIT))
    wrong = any(finding.severity is Severity.ERROR for finding in quotes)
    loaded = Loaded(None if wrong else reading.policy, prose, reading.findings, reading.source, document)
    return replace(loaded, findings=(*reading.findings, *loaded.excerpted(quotes)))


def _read(path: Path) -> Reading:
    data, refusal = _bytes(path, "the policy")
    if data is None:
        return Reading(None, (refusal,))
    return read(data, str(path))


def _prose(path: Path) -> tuple[str | None, list[Finding]]:
    data, refusal = _bytes(path, "the prose")
    if data is None:
        return None, [refusal]
    if len(data) > _PROSE_LIMIT:
        return None, [replace(refusal, slug="too-large", message="the prose is larger than 1 MiB")]
    return decode(data, str(path))


def _bytes(path: Path, what: str) -> tuple[bytes | None, Finding]:
    """Read a file at once and no more of it than a policy may have."""
    refusal = Finding("unreadable", Severity.ERROR, f"{what} cannot be read", Location(str(path), 1, 1))
    try:
        if path.exists() and not path.is_file():
            return None, replace(refusal, help="it is a folder or a device; name a file")
        with path.open("rb") as file:
            return file.read(SIZE_LIMIT + 1), refusal
    except OSError as error:
        return None, replace(refusal, help=(error.strerror or "the file cannot be opened").lower())
    except ValueError:
        return None, replace(refusal, help="the path is not one")
