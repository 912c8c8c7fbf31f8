"""Rules about the published text: what of it nothing cites, and what of it says too little."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from purposegate.findings import Severity, shortened
from purposegate.policy.document import Document
from purposegate.policy.prose import fold, uncited
from purposegate.tools.linting.entries import granting, readable
from purposegate.tools.linting.registry import Remark, Subject, rule

# Words with which a list goes on that the reader does not see.
_CATCH_ALL: Final = re.compile(
    r"\bother (?:relevant|related|similar|appropriate|necessary|purposes|information|data|parties|companies)\b"
    r"|\betc\b|\band so (?:on|forth)\b|\band the like\b|\bsuch as\b|\bfor example\b|\be\.g\."
    r"|\bdepending on\b|\bincluding(?:,)? but not limited to\b|\bincluding(?:,)? without limitation\b|\bamong others?\b"
    r"|\bor similar\b|\bas (?:necessary|needed|appropriate|required)\b|\bwhere appropriate\b|\bmay include\b"
    r"|など|その他",
    re.IGNORECASE,
)
# What the Article 29 Working Party's Opinion 03/2013 (WP 203, III.1.1) calls too vague, and what says nothing at all.
# fmt: off
_VAGUE_WORDS: Final = frozenset({
    "a", "all", "and", "any", "as", "business", "commercial", "company", "corporate", "experience", "for", "future", "general",
    "generic", "improve", "improvement", "improving", "interest", "interests", "internal", "legitimate", "marketing", "misc",
    "miscellaneous", "need", "needed", "needs", "of", "operate", "operation", "operations", "other", "our", "own",
    "processing", "purpose", "purposes", "reason", "reasons", "research", "security", "the", "use", "user", "users", "uses",
    "various",
})
# fmt: on
_VAGUE: Final = re.compile(
    r"\b(?:legitimate|business|commercial|internal|other|various|general) (?:business )?(?:purposes?|interests?|reasons|needs)\b"
    r"|\bany (?:\w+ )?purposes?\b|\bmarketing purposes\b|\b(?:it-)?security purposes\b|\bfuture research\b"
    r"|\bimprov\w+ (?:your|our|the|user|users'|customer) experience\b|\bas we see fit\b|\bat our discretion\b",
    re.IGNORECASE,
)


@rule(Severity.WARNING)
def uncited_prose(subject: Subject) -> Iterator[Remark]:
    """Flag a sentence of the published text that nothing in the policy cites.

    Why: a promise that was overlooked is neither enforced nor known to be unenforced.

    Avoid:
        unenforced: []
    Prefer:
        unenforced: [{clause: "9", quote: We may amend this policy., why: the notice is sent by people}]
    """
    place = subject.policy.place("policy", "prose")
    for sentence in uncited(subject.document, subject.prose):
        yield Remark(f"nothing cites “{shortened(sentence.text, 120)}”", place, "quote it, or state under `unenforced` why not")


@rule(Severity.NOTE)
def open_question(subject: Subject) -> Iterator[Remark]:
    """Note a gap in the prose that counsel has not settled yet.

    Why: a question is a place where the policy's reading may change; it should not be forgotten.

    Avoid:
        questions: [{clause: "3", quote: We use your email address to ship parcels., question: "To whom?"}]
    Prefer:
        questions: []
    """
    for index, question in enumerate(subject.document.questions):
        yield Remark(f"clause {question.clause}: {question.question}", subject.policy.place("questions", index))


@rule(Severity.WARNING)
def catch_all_wording(subject: Subject) -> Iterator[Remark]:
    """Flag a quote with words that leave a list open, where neither a `reading` nor a question about them says how far they go.

    Why: “such as” and “etc.” promise less than they seem to; which data or purposes are meant has been decided by somebody, and
    counsel cannot see it.

    Avoid:
        purposes: {shipping: {clause: "1", quote: "to ship parcels, letters, etc."}}
    Prefer:
        purposes:
          shipping:
            clause: "1"
            quote: "to ship parcels, letters, etc."
            reading: nothing but parcels and letters is meant
    """
    asked, open_ended = _asked(subject.document), cache(_open_ended)  # many rules quote the same sentences
    for section, key, entry in readable(subject.document):
        words = open_ended(entry.quote) if entry.quote and entry.reading is None else None
        if words and not asked(entry.clause, words.lower()):
            message = f"“{words}” leaves open what else is meant"
            yield Remark(
                message, subject.policy.place(section, key), "state in a `reading` how far it goes, or ask under `questions`"
            )


@rule(Severity.WARNING)
def vague_purpose(subject: Subject) -> Iterator[Remark]:
    """Flag a purpose whose name or quote is too vague to foresee a use from it, and that has no `reading`.

    Why: a person cannot tell from “business purposes” what will be done with their data, so that it limits nothing. The words are
    those of Opinion 03/2013 of the Article 29 Working Party on purpose limitation, and their like.

    Avoid:
        purposes: {shipping: {}, business_purposes: {parent: shipping}}
    Prefer:
        purposes: {shipping: {}, send_invoices: {parent: shipping}}
    """
    for name, purpose in subject.document.purposes.items():
        if purpose.reading is not None:
            continue
        quoted = _VAGUE.search(fold(purpose.quote)) if purpose.quote else None
        place = subject.policy.place("purposes", name)
        if _VAGUE_WORDS.issuperset(name.split("_")):
            yield Remark(f"`{name}` does not say what the data are used for", place, "name the use, as `send_invoices`")
        elif quoted:
            yield Remark(
                f"“{quoted[0]}” does not say what the data are used for", place, "state in a `reading` which uses are meant"
            )


@rule(Severity.WARNING)
def clause_with_two_texts(subject: Subject) -> Iterator[Remark]:
    """Flag a clause from which two rules of a section quote different text, where the later one bears no `reading`.

    Why: one of the two may bear a wrong number, and by its number a clause is exempt from an objection and cited to people.

    Avoid:
        uses:
          - {clause: "1", quote: ship parcels, data: [email_address], purposes: [shipping], conditions: []}
          - {clause: "1", quote: We use your email address, data: [email_address], purposes: [billing], conditions: []}
        purposes: {shipping: {}, billing: {}}
    Prefer:
        uses:
          - {clause: "1", quote: ship parcels, data: [email_address], purposes: [shipping], conditions: []}
          - {clause: "2", quote: We use your email address, data: [email_address], purposes: [billing], conditions: []}
        purposes: {shipping: {}, billing: {}}
    """
    first: dict[tuple[str, str], tuple[str, int]] = {}
    for section, index, entry in granting(subject.document):
        quote = fold(entry.quote)
        before, at = first.setdefault((section, entry.clause), (quote, index))
        if entry.reading is None and quote not in before and before not in quote:
            place, other = subject.policy.place(section, index), subject.policy.place(section, at)
            where = f" on line {other.line}" if other else ""
            message = f"clause {entry.clause} was quoted{where} with other text: “{shortened(before)}”"
            yield Remark(message, place, "check the number of the clause, or state in a `reading` why it is cited twice")


def _open_ended(quote: str) -> str | None:
    found = _CATCH_ALL.search(fold(quote))
    return found[0] if found else None


def _asked(document: Document) -> Callable[[str | None, str], bool]:
    """Give a function that tells whether a question about a clause quotes some words."""
    by_clause: dict[str | None, list[str]] = {}
    for question in document.questions:
        by_clause.setdefault(question.clause, []).append(fold(question.quote).lower())
    return cache(lambda clause, words: any(words in quote for quote in by_clause.get(clause, ())))
