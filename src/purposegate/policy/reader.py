"""A policy file's bytes → `Policy`, or every finding at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from purposegate.findings import Finding, Location, Severity
from purposegate.policy import document as models
from purposegate.policy.collecting import uncollected
from purposegate.policy.document import Document
from purposegate.policy.markup import Findings, Map, Seq, Source, TooManyFindings, decode, read_markup
from purposegate.policy.names import check_names
from purposegate.policy.policy import Policy
from purposegate.policy.resolver import resolve
from purposegate.policy.validation import Inner, validated

# Entries are validated one by one, so that a flood of bad ones ends at the limit of findings.
_ENTRIES: dict[str, type[BaseModel]] = {
    "categories": models.Category,
    "purposes": models.Purpose,
    "recipients": models.Recipient,
    "channels": models.Channel,
    "conditions": models.Condition,
    "uses": models.UseClause,
    "provisions": models.Provision,
    "exceptions": models.Provision,
    "objections": models.Objection,
    "never": models.Never,
    "unenforced": models.Unenforced,
    "questions": models.Question,
}
_LISTS = frozenset({"uses", "provisions", "exceptions", "never", "unenforced", "questions"})
_INNER: Inner = {
    "policy": models.Header,
    "amendments": models.Amendments,
    "except": models.Exclusion,
}

_NOWHERE = Location("", 0, 0)


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a policy gave: the policy unless a finding is an error, and all findings in the order of the file.

    `source` is the text that was read, for excerpts; there is none where the bytes were no text. `document` is what the policy was
    resolved from, with all that only people read.
    """

    policy: Policy | None
    findings: tuple[Finding, ...]
    source: Source | None = None
    document: Document | None = field(default=None, repr=False)


def read(data: bytes, path: str, *, pure: bool = False) -> Reading:
    """Read a policy from bytes; `path` is what messages call it, `pure` avoids libyaml."""
    text, refusals = decode(data, path)
    if text is None:
        return Reading(None, tuple(refusals))
    source = Source(text, path)
    findings = Findings()
    entries = _Entries(source, findings)
    policy = document = None
    try:
        with uncollected():
            tree = read_markup(source, findings, entries.add, pure=pure)
            document = _document(tree, entries, source, findings) if tree is not None else None
            if tree is not None and document is not None:
                policy = _policy(document, tree, source, hashlib.sha256(data).hexdigest())
    except TooManyFindings:
        last = max(findings, key=_place).location
        list.append(findings, Finding("too-many", Severity.ERROR, f"the reading stopped after {len(findings)} findings", last))
    if policy is None or _any_error(findings):
        policy = document = None
    return Reading(policy, tuple(sorted(findings, key=_place)), source, document)


class _Entries:
    """Validates the entries of sections as they are read, and keeps those that were understood."""

    def __init__(self, source: Source, findings: Findings) -> None:
        self.source = source
        self.findings = findings
        self.understood: dict[str, dict[str | int, BaseModel]] = {}

    def add(self, section: str, key: str | int, value: object, at: int) -> None:
        """Validate one entry; a key in a list's place, or the reverse, is left to the whole document's validation."""
        model = _ENTRIES.get(section)
        if model is not None and isinstance(key, int) == (section in _LISTS):
            entry = validated(model, value, at, self.source, self.findings, inner=_INNER)
            if entry is not None:
                self.understood.setdefault(section, {})[key] = entry


def _any_error(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _place(finding: Finding) -> Location:
    return finding.location or _NOWHERE


def _document(tree: Map, entries: _Entries, source: Source, findings: Findings) -> Document | None:
    """Check the names, then put the entries together; what was complained of once is left out of the whole."""
    check_names(tree, source, findings)
    whole: dict[str, Any] = dict(tree)
    for section in _ENTRIES:
        kept = entries.understood.get(section, {})
        if isinstance(tree.get(section), Seq if section in _LISTS else Map):
            whole[section] = list(kept.values()) if section in _LISTS else kept
    document = validated(Document, whole, tree.at, source, findings, inner=_INNER, written=tree)
    return None if _any_error(findings) else document


def _policy(document: Document, tree: Map, source: Source, digest: str) -> Policy:
    written = {section: entries for section, entries in tree.items() if isinstance(entries, Map | Seq)}
    places = {section: entries.keys_at if isinstance(entries, Map) else entries.items_at for section, entries in written.items()}
    return resolve(document, digest=digest, path=source.path, places=places)
