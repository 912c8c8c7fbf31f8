"""The difference between two policies as a comment on a pull request.

What was written by whoever wrote the policy stands in code spans and nowhere else, with the few characters replaced that could end
a span or a cell: there is no markup, link or mention in a code span.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from purposegate.cli.diff_text import headline
from purposegate.engine.decision import Decision
from purposegate.findings import shortened
from purposegate.tools.comparing import Change
from purposegate.tools.consequence import quoted
from purposegate.tools.diff import Report, Witness
from purposegate.tools.versions import Version

_SHOWN: Final = 10
# GitHub takes 65,536 characters: so many for each of the two tables, and the rest for the rest.
_TABLE: Final = 24_000
_NOTES: Final = 20
_LISTED: Final = 8
_NAME_SHOWN: Final = 100
_HEAD: Final = (
    "| data category | purpose | recipient | channel | shown | objected | before | after |",
    "|---|---|---|---|---|---|---|---|",
)
_TITLES: Final = {Change.WIDENED: "Widened: permitted that was not", Change.NARROWED: "Narrowed: no longer permitted"}


def lines(report: Report) -> Iterator[str]:
    """Yield the lines of the comment."""
    yield title(report.before, report.after)
    yield ""
    yield f"{code(report.before.name)} → {code(report.after.name)}: {headline(report)}."
    yield ""
    for sentence in report.consequence.sentences:
        yield f"- {sentence}"
    for change, words in _TITLES.items():
        yield from _section(words, [each for each in report.witnesses if each.change is change])
    rest = [*_rest(report)]
    if rest:
        yield ""
        yield from rest


def title(old: Version, new: Version) -> str:
    """Give the heading: which policies were compared."""
    return f"### Privacy policy {code(new.policy.id)}: revision {code(old.policy.revision)} → {code(new.policy.revision)}"


def _section(words: str, witnesses: Sequence[Witness]) -> Iterator[str]:
    if not witnesses:
        return
    rows = [*_fitting(map(_row, witnesses))]
    yield from ("", f"#### {words}", "", *_HEAD, *rows[:_SHOWN])
    if len(witnesses) > _SHOWN:
        yield from ("", "<details>", f"<summary>{len(witnesses) - _SHOWN} more</summary>", "", *_HEAD, *rows[_SHOWN:])
        if len(witnesses) > len(rows):
            yield from ("", f"And {len(witnesses) - len(rows)} more, which `purposegate diff --all` shows.")
        yield from ("", "</details>")


def _fitting(rows: Iterable[str]) -> Iterator[str]:
    left = _TABLE
    for row in rows:
        left -= len(row)
        if left < 0:
            return
        yield row


def _row(witness: Witness) -> str:
    cells = (
        codes(witness.data_categories),
        code(witness.purpose),
        code(witness.recipient),
        "–" if witness.channel is None else code(witness.channel),
        codes(witness.conditions),
        codes(witness.objections),
        decided(witness.before),
        decided(witness.after),
    )
    return f"| {' | '.join(cells)} |"


def decided(decision: Decision) -> str:
    """Say what a policy decides, and by which clauses."""
    clauses = codes(decision.clauses)
    if not decision.permitted:
        return f"{decision.reason}: {clauses}" if decision.clauses else decision.reason.value
    only = f", only through {codes(decision.channels)}" if decision.channels else ""
    return f"permitted: {clauses}{only}"


def _rest(report: Report) -> Iterator[str]:
    if report.names.added:
        yield f"- new names: {_names(report.names.added)}"
    if report.names.removed:
        yield f"- names that are gone: {_names(report.names.removed)}"
    yield from (f"- {change}: {text}" for change, text in report.indirect[:_NOTES])
    yield from (f"- note: {note}" for note in report.notes[:_NOTES])
    if report.texts:
        yield f"- text that differs: {'; '.join(report.texts)}"


def _names(by_section: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{section}: {codes(each)}" for section, each in by_section.items())


def codes(texts: Iterable[str]) -> str:
    """Give texts as code spans, as many as can be looked through."""
    every = [*texts]
    shown = ", ".join(map(code, every[:_LISTED]))
    return f"{shown} and {len(every) - _LISTED} more" if len(every) > _LISTED else shown or "–"


def code(text: str) -> str:
    """Give a text of anybody's as a code span, out of which nothing in it can break."""
    return quoted(shortened(text, _NAME_SHOWN).replace("|", "¦").replace("\\", "/"))
