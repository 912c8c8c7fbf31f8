"""Lint rules: one function a rule, whose name is the slug and whose docstring is its documentation and its test.

A docstring's `Avoid` and `Prefer` blocks are parts of a policy; a test puts each into a small policy of its own, where the one
must give exactly this finding and the other none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from purposegate.engine.judge import Engine
from purposegate.errors import PolicyError
from purposegate.findings import Finding, Location, Severity, shortened
from purposegate.policy.document import Document
from purposegate.policy.inspection import inspect
from purposegate.policy.prose import Prose, uncited
from purposegate.tools.casebook import complaints, is_cases
from purposegate.tools.usable import Usable, usable


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule looks at: a policy in order, its judge, its prose, and the names that somebody may use for something."""

    engine: Engine
    document: Document
    prose: Prose
    usable: Usable


Rule = Callable[[Subject], Iterator[Finding]]
_rules: Final[list[Rule]] = []


def rule(function: Rule) -> Rule:
    """Register a rule."""
    _rules.append(function)
    return function


def rules() -> tuple[Rule, ...]:
    """Give all rules, in the order in which they stand here."""
    return tuple(_rules)


def slug(function: Rule) -> str:
    """Give a rule's slug: its name, with hyphens."""
    return getattr(function, "__name__", "").replace("_", "-")


def lint(path: str | Path) -> Iterator[Finding]:
    """Yield everything there is to say about a policy file: what the reader, the prose and the rules find.

    Of a file of cases, that is what its reader finds.
    """
    if is_cases(path):
        yield from complaints(path)
        return
    loaded = inspect(path)
    yield from loaded.findings
    if loaded.policy is None or loaded.prose is None or loaded.document is None:
        return
    try:
        engine = Engine(loaded.policy)
    except PolicyError as error:
        yield from loaded.excerpted(error.findings)
        return
    subject = Subject(engine, loaded.document, loaded.prose, usable(engine))
    for check in rules():
        yield from loaded.excerpted(check(subject))


@rule
def uncited_prose(subject: Subject) -> Iterator[Finding]:
    """Flag a sentence of the published text that nothing in the policy cites.

    Why: a promise that was overlooked is neither enforced nor known to be unenforced.

    Avoid:
        unenforced: []
    Prefer:
        unenforced: [{clause: "9", quote: We may amend this policy., why: the notice is sent by people}]
    """
    policy = subject.engine.policy
    place = Location(policy.path, 1, 1)
    for sentence in uncited(subject.document, subject.prose):
        yield Finding("uncited-prose", Severity.WARNING, f"nothing cites “{shortened(sentence.text, 120)}”", place)


@rule
def open_question(subject: Subject) -> Iterator[Finding]:
    """Note a gap in the prose that counsel has not settled yet.

    Why: a question is a place where the policy's reading may change; it should not be forgotten.

    Avoid:
        questions: [{clause: "3", quote: We use your email address to ship parcels., question: "To whom?"}]
    Prefer:
        questions: []
    """
    policy = subject.engine.policy
    for index, question in enumerate(subject.document.questions):
        message = f"clause {question.clause}: {question.question}"
        yield Finding("open-question", Severity.NOTE, message, policy.place("questions", index))


@rule
def idle_purpose(subject: Subject) -> Iterator[Finding]:
    """Flag a purpose for which, whatever is shown, nobody may use any data.

    Why: readers are promised something that nobody can do.

    Avoid:
        purposes: {shipping: {}, raffle: {}}
    Prefer:
        purposes: {shipping: {}}
    """
    for purpose in subject.engine.policy.purposes:
        if purpose not in subject.usable.purposes:
            place = subject.engine.policy.place("purposes", purpose)
            yield Finding("idle-purpose", Severity.WARNING, f"nobody may use any data for `{purpose}`", place)


@rule
def idle_category(subject: Subject) -> Iterator[Finding]:
    """Flag a data category that, whatever is shown, nobody may use for anything.

    Why: data are collected that nobody may use.

    Avoid:
        categories: {email_address: {}, shoe_size: {}}
    Prefer:
        categories: {email_address: {}}
    """
    for category in subject.engine.policy.categories:
        if category not in subject.usable.categories:
            place = subject.engine.policy.place("categories", category)
            yield Finding("idle-category", Severity.WARNING, f"nobody may use `{category}` for anything", place)


@rule
def unreachable_recipient(subject: Subject) -> Iterator[Finding]:
    """Flag a recipient that may receive nothing, whatever is shown.

    Why: it is listed as if it received data, and no clause provides it any.

    Avoid:
        recipients: {shop: {role: controller}, carrier: {role: third_party}, printer: {role: processor}}
    Prefer:
        recipients: {shop: {role: controller}, carrier: {role: third_party}}
    """
    for recipient in subject.engine.policy.recipients:
        if recipient != subject.engine.policy.controller and recipient not in subject.usable.recipients:
            place = subject.engine.policy.place("recipients", recipient)
            yield Finding("unreachable-recipient", Severity.WARNING, f"`{recipient}` may receive nothing", place)


@rule
def unused_condition(subject: Subject) -> Iterator[Finding]:
    """Flag a condition that no rule requires.

    Why: it reads like a safeguard and guards nothing.

    Avoid:
        conditions: {consent: {shown_by: consent}}
    Prefer:
        conditions: {}
    """
    document = subject.document
    required = {name for rule_ in (*document.uses, *document.provisions, *document.exceptions) for name in rule_.conditions}
    for name in document.conditions:
        if name not in required:
            place = subject.engine.policy.place("conditions", name)
            yield Finding("unused-condition", Severity.WARNING, f"no rule requires the condition `{name}`", place)
