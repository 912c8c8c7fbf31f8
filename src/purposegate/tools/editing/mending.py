"""What an editor offers to do about a finding: put the name that was meant, or suppress it for a reason still to be written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from purposegate.findings import Finding, Severity, closest
from purposegate.policy.terms import INSTANCE_ID, NAME
from purposegate.tools.editing.positions import Marked, Page, Span, Spot
from purposegate.tools.lint import rule_of

_MEANT: Final = re.compile(r"did you mean (.*)\?\Z")
_NAME: Final = re.compile(r"`([^`]+)`")
# A name, but not one that takes part in an attribute or a call.
_WORD: Final = re.compile(r"(?<![\w.])[a-z][a-z0-9_]*(?![\w.(])")


class Mend(NamedTuple):
    """A change of the text, and what it is called."""

    title: str
    finding: Finding
    span: Span
    text: str


def in_a_policy(finding: Finding) -> bool:
    """Tell whether a comment may suppress a finding of a policy."""
    rule = rule_of(finding.slug)
    return rule is not None and rule.can_be_ignored and Severity.ERROR not in (rule.severity, finding.severity)


def in_code(finding: Finding) -> bool:
    """Tell whether a comment may suppress a finding of code: all but what no comment could be read of, or is about comments."""
    return finding.slug != "unparsable" and not finding.slug.endswith("-ignore")


def mends(page: Page, found: Iterable[Marked], span: Span, may_suppress: Callable[[Finding], bool]) -> Iterator[Mend]:
    """Yield what may be done about the findings that a stretch of a text touches."""
    for finding, marked in found:
        if marked.touches(span):
            yield from _meant(page, finding, marked)
            if may_suppress(finding):
                yield _suppressed(page, finding, marked)


def _meant(page: Page, finding: Finding, marked: Span) -> Iterator[Mend]:
    found = _MEANT.search(finding.help or "")
    for meant in _NAME.findall(found[1]) if found else ():
        declared, slash, instance = meant.partition("/")
        span = _misspelt(page, marked, declared)
        if span is not None and NAME.match(declared) and (not slash or INSTANCE_ID.match(instance)):
            yield Mend(f"Write `{meant}`", finding, span, meant)


def _misspelt(page: Page, marked: Span, meant: str) -> Span | None:
    """Find the name that another one was meant for: a finding may be of the whole call in which it stands."""
    for number in range(marked.start.line, marked.end.line + 1):
        for found in _WORD.finditer(page.line(number), marked.start.column if number == marked.start.line else 0):
            if found.group() != meant and meant in closest(found.group(), (meant,)):
                return Span(Spot(number, found.start()), Spot(number, found.end()))
    return None


def _suppressed(page: Page, finding: Finding, marked: Span) -> Mend:
    """Put the comment alone above the line: behind it there may be one already. Without a reason, that is a finding itself."""
    line = page.line(marked.start.line)
    indent = line[: len(line) - len(line.lstrip())]
    begin = Spot(marked.start.line, 0)
    text = f"{indent}# purposegate: ignore[{finding.slug}] \n"
    return Mend(f"Suppress `{finding.slug}` for a reason", finding, Span(begin, begin), text)
