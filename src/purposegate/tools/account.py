"""An account of one person: all that a ledger holds about them, and to whom their data were provided.

For the policy that is shipped it answers a request under article 6: of disclosure, 6(2), and of whom the data were given to, 6(3).
It tells of nobody else: other people whom a claim names are counted, and who requested, approved or refused something is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from purposegate.ledger.protocol import Ledger
from purposegate.ledger.records import Claim
from purposegate.policy.characters import one_line
from purposegate.policy.terms import INSTANCE_ID, NAME
from purposegate.tools import holdings
from purposegate.tools.holdings import Row

# What a table shows of each kind of row, by its field, and the title of that column.
_PROVIDED: Final = {
    "at": "when",
    "data_category": "data category",
    "purpose": "purpose",
    "channel": "channel",
    "clauses": "clauses",
    "claim": "claim",
}
_SCOPE: Final = {"data": "data categories", "purposes": "purposes", "recipients": "recipients"}
_SECTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "consents": {
        "condition": "condition",
        **_SCOPE,
        "given": "given",
        "expires": "expires",
        "withdrawn": "withdrawn",
        "text_version": "text shown",
        "state": "state",
    },
    "objections": {"objection": "objection", **_SCOPE, "lodged": "lodged", "lifted": "lifted", "state": "state"},
    "refusals": {"request": "request", "refused": "refused", "reason": "reason"},
    "claims": {
        "id": "claim",
        "conditions": "conditions",
        "data": "data categories",
        "recipient": "recipient",
        "authority": "authority",
        "reference": "reference",
        "approved": "approved",
        "expires": "expires",
        "revoked": "revoked",
        "other_people": "other people",
        "state": "state",
    },
    "endings": {"what": "what", "of": "of", "at": "when"},
    "amendments": {"revision": "revision", "what": "what", "at": "when", "to_everyone": "to everyone"},
}
_TITLES: Final = {
    "consents": "Consents",
    "objections": "Objections",
    "refusals": "Requests that were refused",
    "claims": "Claims that name the person",
    "endings": "What the person withdrew or lifted",
    "amendments": "Amendments of the policy",
}
_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>|~&#])")


@dataclass(frozen=True, slots=True)
class Account:
    """What is held about a person as of an instant, in rows, and what was provided, in the order in which it was."""

    subject: str
    at: datetime
    provisions: tuple[Row, ...]
    sections: Mapping[str, tuple[Row, ...]]


def account_of(ledger: Ledger, subject: str, at: datetime) -> Account:
    """Gather all that a ledger holds about a person, and how each thing stands at an instant."""
    kept = ledger.entries(subject=subject)
    own = [each for each in kept if not isinstance(each.entry, Claim)]
    sections = {
        "consents": holdings.consents(own, at),
        "objections": holdings.objections(own, at),
        "refusals": [_without(row, "approved_by", "state") for row in holdings.refusals(own)],
        "claims": [_claim(ledger, each.entry, subject, at) for each in kept if isinstance(each.entry, Claim)],
        "endings": holdings.endings(own),
        "amendments": [_amendment(row) for row in holdings.amendments(holdings.with_notices(ledger, subject))],
    }
    releases = tuple(ledger.releases(subject=subject))
    recipients = sorted({release.recipient for release in releases})
    registered = [each for recipient in recipients for each in ledger.entries(recipient=recipient)]
    return Account(
        subject,
        at,
        tuple(_without(row, "subject", "id") for row in holdings.provisions(releases, registered)),
        {name: tuple(_without(row, "subject", "subjects") for row in rows) for name, rows in sections.items()},
    )


def as_dict(account: Account) -> dict[str, object]:
    """Give an account as plain data."""
    return {
        "subject": account.subject,
        "at": holdings.plain({"at": account.at})["at"],
        "provisions": [holdings.plain(row) for row in account.provisions],
    } | {name: [holdings.plain(row) for row in rows] for name, rows in account.sections.items()}


def as_markdown(account: Account) -> str:
    """Write an account for the person."""
    return "\n".join(_lines(account)) + "\n"


def _lines(account: Account) -> Iterator[str]:
    yield f"# What is held about {_text(account.subject)}"
    yield ""
    yield f"All that is held, and how it stands at {_cell(account.at)}; times are in UTC."
    yield ""
    yield "## To whom the data were provided"
    yield ""
    by_recipient: dict[str, list[Row]] = {}
    for row in account.provisions:
        by_recipient.setdefault(str(row["recipient"]), []).append(row)
    for recipient, rows in by_recipient.items():
        named = f"{_text(str(rows[-1]['legal_name']))}, {_text(str(rows[-1]['country']))}: " if rows[-1]["legal_name"] else ""
        yield f"### {named}{_text(recipient)}"
        yield ""
        yield from _table(rows, _PROVIDED)
    if not by_recipient:
        yield from ("To nobody.", "")
    for name, columns in _SECTIONS.items():
        yield f"## {_TITLES[name]}"
        yield ""
        yield from _table(account.sections[name], columns)


def _table(rows: Sequence[Row], columns: Mapping[str, str]) -> Iterator[str]:
    if not rows:
        yield from ("None.", "")
        return
    yield f"| {' | '.join(columns.values())} |"
    yield f"|{'---|' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(_cell(row[name]) for name in columns)} |"
    yield ""


def _cell(value: object) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, datetime):
        return str(holdings.plain({"at": value})["at"])[:16].replace("T", " ")
    if isinstance(value, tuple | frozenset):
        return ", ".join(_text(str(each)) for each in (sorted(value) if isinstance(value, frozenset) else value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _text(value) if isinstance(value, str) else str(value)


def _text(text: str) -> str:
    """Write a text so that Markdown shows it as it is, whatever stands in it."""
    declared, slash, instance = text.partition("/")
    if NAME.match(declared) and (INSTANCE_ID.match(instance) if slash else "_" in text):
        return f"`{text}`"
    return _SPECIAL.sub(r"\\\1", one_line(text))


def _claim(ledger: Ledger, claim: Claim, subject: str, at: datetime) -> Row:
    spent = holdings.spent(ledger.releases(claim=claim.id))
    (row,) = holdings.claims(ledger.entries(claim=claim.id), spent, at)
    others = len(claim.subjects - {subject})
    return _without(row, "requested_by", "approved_by", "revoked_by", "uses", "spent") | {"other_people": others}


def _amendment(row: Row) -> Row:
    return row | {"to_everyone": row["subject"] is None}


def _without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}
