"""A policy file's bytes → `Policy`, or every finding at once."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from purposegate.findings import Finding, Location, Severity, did_you_mean, listed, shortened
from purposegate.policy import document as models
from purposegate.policy.document import Document
from purposegate.policy.markup import Findings, Map, Seq, Source, TooManyFindings, decode, position, read_markup
from purposegate.policy.names import check_names
from purposegate.policy.policy import Policy
from purposegate.policy.resolver import resolve

_Model = TypeVar("_Model", bound=BaseModel)

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
_INNER: dict[str | int, type[BaseModel]] = {
    "policy": models.Header,
    "amendments": models.Amendments,
    "except": models.Exclusion,
}

_MESSAGES = {
    "missing": "`{key}` is missing",
    "extra_forbidden": "unknown key `{key}`",
    "string_type": "expected text",
    "string_too_short": "the text is empty",
    "string_pattern_mismatch": "expected text in one line",
    "tuple_type": "expected a list, as `[name]`",
    "too_short": "the list is empty; a rule states what it covers",
    "model_type": "expected a mapping",
    "dict_type": "expected a mapping",
    "literal_error": "expected {expected}",
    "enum": "expected {expected}",
}
_NOWHERE = Location("", 0, 0)
_SLUGS = {"missing": "missing-key", "extra_forbidden": "unknown-key"}


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
    # A tree of millions of parts holds no garbage: to look for it again and again would take a third of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        tree = read_markup(source, findings, entries.add, pure=pure)
        document = _document(tree, entries, source, findings) if tree is not None else None
        if tree is not None and document is not None:
            policy = _policy(document, tree, source, hashlib.sha256(data).hexdigest())
    except TooManyFindings:
        last = max(findings, key=_place).location
        list.append(findings, Finding("too-many", Severity.ERROR, f"the reading stopped after {len(findings)} findings", last))
    finally:
        if collecting:
            gc.enable()
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
            entry = _validated(model, value, at, self.source, self.findings)
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
    document = _validated(Document, whole, tree.at, source, findings, written=tree)
    return None if _any_error(findings) else document


def _validated(
    model: type[_Model], value: object, at: int, source: Source, findings: Findings, *, written: object = None
) -> _Model | None:
    """Validate a value that stood at a position, as it was written; complain of what is wrong with it."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            if not _complained_of(detail):
                findings.append(_translated(detail, model, written or value, at, source))
        return None


def _complained_of(detail: Any) -> bool:  # noqa: ANN401 - pydantic's own dictionary
    # Of a gap the markup complained; the other branch of an optional value, and the emptiness of a list whose items were all
    # wrong, say nothing new.
    gap = detail["input"] is None
    return gap or detail["type"] == "none_required" or (detail["type"] == "too_short" and len(detail["input"]) > 0)


def _translated(detail: Any, model: type[BaseModel], written: object, at: int, source: Source) -> Finding:  # noqa: ANN401 - as above
    kind, loc = detail["type"], detail["loc"]
    key = loc[-1] if loc else ""
    message = _MESSAGES.get(kind, "{message}").format(
        key=shortened(str(key)),
        message=detail["msg"],
        expected="`any`, or a list, as `[name]`" if "any" in loc else str(detail.get("ctx", {}).get("expected")),
    )
    fields = {field.alias or name: field for name, field in _fields_at(model, loc[:-1]).items()}
    help_ = None
    if kind == "extra_forbidden":
        help_ = did_you_mean(str(key), fields) or f"known here: {listed(fields)}"
    elif kind == "missing":
        help_ = getattr(fields.get(str(key)), "description", None)
    return source.finding(
        _SLUGS.get(kind, "wrong-value"),
        message,
        position(loc, written, at, of_key=kind == "extra_forbidden"),
        help_,
    )


def _fields_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> Mapping[str, Any]:
    inner = next((_INNER[part] for part in reversed(loc) if part in _INNER), model)
    return inner.model_fields


def _policy(document: Document, tree: Map, source: Source, digest: str) -> Policy:
    written = {section: entries for section, entries in tree.items() if isinstance(entries, Map | Seq)}
    places = {section: entries.keys_at if isinstance(entries, Map) else entries.items_at for section, entries in written.items()}
    return resolve(document, digest=digest, path=source.path, places=places)
