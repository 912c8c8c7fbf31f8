"""The models of a policy file whose names were checked → `Policy`: the last step of reading, after which the models may go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from purposegate.policy.document import Document, Provision, UseClause
from purposegate.policy.hierarchy import Hierarchy
from purposegate.policy.policy import RULES, Amendments, Never, Objection, Places, Policy, roles
from purposegate.policy.rules import Kind, Rules, RulesWriter
from purposegate.policy.terms import ANY


def resolve(document: Document, *, digest: str, path: str, places: Places) -> Policy:
    """Resolve a document in which every name is declared and none lies under itself; `places` are those of all its sections."""
    header = document.policy
    categories = Hierarchy({name: entry.parent for name, entry in document.categories.items()})
    purposes = Hierarchy({name: _single(entry.parent) for name, entry in document.purposes.items()})
    recipients = Hierarchy({name: _single(entry.parent) for name, entry in document.recipients.items()})
    return Policy(
        id=header.id,
        title=header.title,
        controller=header.controller,
        revision=header.revision,
        contact=header.contact,
        prose=header.prose,
        digest=digest,
        path=path,
        categories=categories,
        purposes=purposes,
        recipients=recipients,
        roles=roles(recipients, {name: entry.role for name, entry in document.recipients.items() if entry.role is not None}),
        channels=tuple(document.channels),
        conditions={name: entry.shown_by for name, entry in document.conditions.items()},
        rules=_rules(document, categories, purposes, recipients, places),
        objections={
            name: Objection(entry.clause, entry.quote, entry.data, entry.purposes, entry.recipients, frozenset(entry.exempt))
            for name, entry in document.objections.items()
        },
        never=tuple(Never(entry.data, entry.purposes, entry.recipients, entry.unless) for entry in document.never),
        in_force_from=_in_force_from(document),
        amendments=_amendments(document),
        places={section: kept for section, kept in places.items() if section not in RULES},
    )


def _single(parent: str | None) -> tuple[str, ...]:
    return () if parent is None else (parent,)


def _rules(
    document: Document,
    categories: Hierarchy,
    purposes: Hierarchy,
    recipients: Hierarchy,
    places: Places,
) -> Rules:
    writer = RulesWriter(categories, purposes, recipients)
    sections: tuple[tuple[Kind, str, Sequence[UseClause | Provision]], ...] = (
        (Kind.USE, "uses", document.uses),
        (Kind.PROVISION, "provisions", document.provisions),
        (Kind.EXCEPTION, "exceptions", document.exceptions),
    )
    for kind, section, entries in sections:
        at = places.get(section)
        if not isinstance(at, Sequence) or len(at) != len(entries):
            at = [0] * len(entries)  # a document that was made in memory stands nowhere
        for entry, place in zip(entries, at, strict=True):
            writer.add(
                kind,
                clause=entry.clause,
                quote=entry.quote,
                place=place,
                data=entry.data,
                purposes=entry.purposes,
                recipients=entry.recipients if isinstance(entry, Provision) else ANY,
                excepted=(entry.exclusion.data, entry.exclusion.purposes, entry.exclusion.recipients),
                channels=entry.channels if isinstance(entry, Provision) else ANY,
                conditions=entry.conditions,
                provision_only=isinstance(entry, UseClause) and entry.provision_only,
            )
    return writer.written()


def _amendments(document: Document) -> Amendments | None:
    terms = document.amendments
    return None if terms is None else Amendments(terms.window, terms.silence == "accepts", terms.time_zone)


def _in_force_from(document: Document) -> datetime | None:
    day = document.policy.effective
    if day is None:
        return None
    zone = ZoneInfo(document.amendments.time_zone) if document.amendments else UTC
    return datetime.combine(day, time.min, zone).astimezone(UTC)
