"""A policy file with its prose → everything there is to say about it: what the reader, the prose and the lint rules find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from purposegate.engine.judge import Engine
from purposegate.errors import PolicyError
from purposegate.findings import Finding, Severity
from purposegate.policy.collecting import uncollected
from purposegate.policy.comments import comments
from purposegate.policy.document import Document
from purposegate.policy.inspection import Loaded, inspect
from purposegate.policy.prose import Prose
from purposegate.tools.casebook import complaints, is_cases
from purposegate.tools.ignoring import Ignores, Terms, may_suppress
from purposegate.tools.linting import breadth, conditions, doubling, ignoring, naming, reaching, reading, repeating, wording
from purposegate.tools.linting.registry import Remark, Rule, Strike, Subject, registered
from purposegate.tools.usable import usable

# Importing them registers their rules.
_MODULES: Final = (wording, naming, reaching, doubling, breadth, conditions, repeating, ignoring, reading)
_RULES: Final = {rule.slug: rule for rule in sorted(registered(), key=lambda rule: rule.slug)}


@dataclass(frozen=True, slots=True)
class Examined:
    """All findings of a policy file, in the order in which they were made, and what `--fix` may strike out, with its finding."""

    findings: tuple[Finding, ...]
    strikes: tuple[tuple[Finding, Strike], ...] = ()


def rules() -> tuple[Rule, ...]:
    """Give all rules, by their slugs."""
    return tuple(_RULES.values())


def rule_of(slug: str) -> Rule | None:
    """Give a rule by its slug; None where there is none."""
    return _RULES.get(slug)


def lint(path: str | Path) -> Iterator[Finding]:
    """Yield everything there is to say about a policy file; a comment that suppresses a finding keeps it back.

    Of a file of cases, that is what its reader finds.
    """
    if is_cases(path):
        yield from complaints(path)
    else:
        yield from examine(inspect(path)).findings


def examine(loaded: Loaded) -> Examined:
    """As `lint`, of a policy that was read, with what may be struck out of it."""
    if loaded.policy is None or loaded.prose is None or loaded.document is None:
        return Examined(loaded.findings)
    try:
        engine = Engine(loaded.policy)
    except PolicyError as error:
        return Examined((*loaded.findings, *loaded.excerpted(error.findings)))
    # A policy of ten thousand rules is a million objects, and none of them garbage.
    with uncollected():
        return _examined(loaded, engine, loaded.document, loaded.prose)


def _examined(loaded: Loaded, engine: Engine, document: Document, prose: Prose) -> Examined:
    subject = Subject(engine, document, prose, usable(engine))
    source = loaded.source
    written = comments(source) if source is not None and may_suppress(source.text) else ()
    ignores = Ignores(source.path if source is not None else "", written, Terms(_RULES))
    made: list[tuple[Finding, Strike | None]] = [(finding, None) for finding in loaded.findings if not ignores.suppress(finding)]
    made += [(finding, strike) for finding, strike in _made(subject) if not ignores.suppress(finding)]
    made += [_finding(slug, remark) for slug, remark in ignores.remarks()]
    findings = tuple(loaded.excerpted(finding for finding, _ in made))
    struck = zip(findings, (strike for _, strike in made), strict=True)
    return Examined(findings, tuple((finding, strike) for finding, strike in struck if strike is not None))


def _made(subject: Subject) -> Iterator[tuple[Finding, Strike | None]]:
    for rule in registered():
        for remark in rule.check(subject) if rule.check else ():
            yield _finding(rule.slug, remark)
    if not subject.usable.explored:
        message = "the policy has too many names and rules for it to be told which of them are good for nothing"
        yield Finding("untested-reach", Severity.WARNING, message, subject.policy.place("policy", "id")), None


def _finding(slug: str, remark: Remark) -> tuple[Finding, Strike | None]:
    return Finding(slug, _RULES[slug].severity, remark.message, remark.place, help=remark.help), remark.strike
