"""The names of a policy with what its clauses say of each: what is written into code for editors and type checkers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from purposegate.engine.judge import Engine
from purposegate.errors import PolicyError
from purposegate.findings import Severity, listed
from purposegate.policy.characters import one_line
from purposegate.policy.document import Category, Channel, Condition, Document, Objection, Provision, Purpose, Recipient, UseClause
from purposegate.policy.inspection import inspect
from purposegate.policy.policy import Policy
from purposegate.policy.terms import ANY, Names, ShownBy

_Entry = Category | Purpose | Recipient | Channel | Condition | Objection
_SHOWN = {
    ShownBy.CONSENT: "Shown by a consent of the person.",
    ShownBy.CLAIM: "Shown by an approved claim.",
    ShownBy.AGREEMENT: "Shown by an agreement in force.",
    ShownBy.FACT: "Shown by a fact that the service answers.",
}


@dataclass(frozen=True, slots=True)
class Word:
    """A name, and what there is to say of it: lines of text, each with a stop or a typographic quotation mark at its end."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All names of one revision of a policy, in the order of its file; `instances` are the recipients that have instances."""

    id: str
    revision: str
    digest: str
    data_categories: tuple[Word, ...]
    purposes: tuple[Word, ...]
    recipients: tuple[Word, ...]
    channels: tuple[Word, ...]
    conditions: tuple[Word, ...]
    objections: tuple[Word, ...]
    instances: tuple[Word, ...]

    @property
    def groups(self) -> tuple[tuple[Word, ...], ...]:
        """The kinds of names, each with its names."""
        return (self.data_categories, self.purposes, self.recipients, self.channels, self.conditions, self.objections)


def vocabulary_of(path: str | Path) -> Vocabulary:
    """Read a policy with its prose, test it, and give its names; raise `PolicyError` where it cannot be used."""
    loaded = inspect(path)
    if loaded.policy is None or loaded.document is None:
        raise PolicyError(finding for finding in loaded.findings if finding.severity is Severity.ERROR)
    return vocabulary(Engine(loaded.policy), loaded.document)


def vocabulary(engine: Engine, document: Document) -> Vocabulary:
    """Give the names of a policy that was read."""
    policy = engine.policy
    rules: tuple[UseClause | Provision, ...] = (*document.uses, *document.provisions, *document.exceptions)
    recipients = tuple(_words(policy, document.recipients, ((each, _of(each, "recipients")) for each in rules)))
    return Vocabulary(
        policy.id,
        policy.revision,
        policy.digest,
        tuple(_words(policy, document.categories, ((each, each.data) for each in rules))),
        tuple(_words(policy, document.purposes, ((each, each.purposes) for each in rules))),
        recipients,
        tuple(_words(policy, document.channels, ((each, _of(each, "channels")) for each in rules))),
        tuple(_words(policy, document.conditions, ((each, each.conditions) for each in rules))),
        tuple(_words(policy, document.objections, ())),
        # Which classes have instances is for the judge to say.
        tuple(word for word in recipients if engine.class_of(f"{word.name}/x")),
    )


def _of(rule: UseClause | Provision, key: str) -> Names:
    return getattr(rule, key) if isinstance(rule, Provision) else ()


def _words(policy: Policy, entries: Mapping[str, _Entry], rules: Iterable[tuple[UseClause | Provision, Names]]) -> Iterator[Word]:
    naming: dict[str, dict[str, None]] = {name: {} for name in entries}
    for rule, names in rules:
        for name in () if names == ANY else names:
            naming[name][_cited(rule.clause, rule.quote)] = None
    for name, entry in entries.items():
        own = _cited(entry.clause, entry.quote) if entry.clause or entry.quote else f"As the policy `{policy.id}` declares it."
        about = [one_line(line) for line in (own, *_about(entry), *(line for line in naming[name] if line != own))]
        yield Word(name, tuple(about))


def _about(entry: _Entry) -> Iterator[str]:
    parents = getattr(entry, "parent", None) or ()
    if parents:
        yield f"Lies under {listed((parents,) if isinstance(parents, str) else parents)}."
    if isinstance(entry, Condition):
        yield _SHOWN[entry.shown_by]
    if entry.reading:
        yield f"Reading: “{entry.reading}”"


def _cited(clause: str | None, quote: str | None) -> str:
    if not quote:
        return f"Clause {clause}."
    return f"Clause {clause}: “{quote}”" if clause else f"“{quote}”"
