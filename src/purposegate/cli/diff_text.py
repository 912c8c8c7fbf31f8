"""The difference between two policies for people at a terminal: sentences that can be read aloud."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from purposegate.cli.render import line
from purposegate.engine.decision import Decision, Reason
from purposegate.findings import listed
from purposegate.gate.violation import why
from purposegate.tools.comparing import Change
from purposegate.tools.consequence import quoted
from purposegate.tools.diff import Report, Witness
from purposegate.tools.versions import Version

_SHOWN: Final = 20
_NO_CHANGE: Final = "no change in what is permitted"
_WORDS: Final = {
    Change.WIDENED: "widened: permitted that was not",
    Change.NARROWED: "narrowed: no longer permitted",
}


def lines(report: Report, *, everything: bool) -> Iterator[str]:
    """Yield the lines of the report."""
    yield title(report.before, report.after)
    yield headline(report)
    for change, words in _WORDS.items():
        yield from _section(words, [each for each in report.witnesses if each.change is change], everything=everything)
    rest = [
        *_names(report),
        *(f"{change}: {text}" for change, text in report.indirect),
        *(f"note: {note}" for note in report.notes),
    ]
    if report.texts:
        rest.append(f"text that differs: {'; '.join(report.texts)}")
    first, *others = report.consequence.sentences
    for group in (rest, [f"amendment: {first}", *(f"  {each}" for each in others)]):
        if group:
            yield ""
            yield from group


def title(old: Version, new: Version) -> str:
    """Say which policies were compared."""
    renamed = "" if old.policy.id == new.policy.id else f" of {quoted(new.policy.id)}"
    return (
        f"{quoted(old.policy.id)}: from revision {quoted(old.policy.revision)} in {line(old.name)}"
        f" to revision {quoted(new.policy.revision)}{renamed} in {line(new.name)}"
    )


def headline(report: Report) -> str:
    """Count the purposes and recipients for which something changed."""
    if not report.changes:
        return _NO_CHANGE if report.change is None else "no use is decided otherwise in the same situation"
    changes = [*report.changes.values()]
    parts = [f"{changes.count(change)} {word}" for change, word in _COUNTED if change in changes]
    return f"for each purpose and recipient: {', '.join(parts)}"


_COUNTED: Final = (
    (Change.WIDENED, "widened"),
    (Change.NARROWED, "narrowed"),
    (Change.BOTH, "widened in one way and narrowed in another"),
)


def decided(decision: Decision) -> str:
    """Say what a policy decides, and by which clauses."""
    clauses = " and ".join(f"clause {quoted(clause)}" for clause in decision.clauses)
    if decision.permitted:
        only = f", only through {listed(decision.channels, 'or')}" if decision.channels else ""
        return f"permitted by {clauses}{only}"
    lacking = {
        Reason.UNMET_CONDITION: f" (not shown: {listed(decision.unmet)})",
        Reason.OBJECTION_IN_FORCE: f" (in force: {listed(decision.objections)})",
        Reason.UNLISTED_CHANNEL: f" (listed: {listed(decision.channels, 'or')})",
    }
    return f"denied, since {why(decision.reason)}{lacking.get(decision.reason, '')} [{decision.reason}]"


def _declared(by_section: Mapping[str, Sequence[str]]) -> str:
    """Name what is declared, section by section."""
    return "; ".join(f"{section}: {listed(each)}" for section, each in by_section.items())


def _section(words: str, witnesses: Sequence[Witness], *, everything: bool) -> Iterator[str]:
    if not witnesses:
        return
    shown = witnesses if everything else witnesses[:_SHOWN]
    yield ""
    yield words
    for witness in shown:
        yield f"  {_use(witness)}"
        yield f"    before: {decided(witness.before)}"
        yield f"    after:  {decided(witness.after)}"
    if len(witnesses) > len(shown):
        yield f"  and {len(witnesses) - len(shown)} more; `--all` shows them"


def _use(witness: Witness) -> str:
    parts = [f"{listed(witness.data_categories)} for `{witness.purpose}` by `{witness.recipient}`"]
    if witness.channel is not None:
        parts.append(f"through `{witness.channel}`")
    if witness.consulted:
        parts.append("where a ledger records it")
    if witness.conditions:
        parts.append(f"with {listed(witness.conditions)} shown")
    if witness.objections:
        parts.append(f"though the person has lodged {listed(witness.objections)}")
    return ", ".join(parts)


def _names(report: Report) -> Iterator[str]:
    if report.names.added:
        yield f"new names: {_declared(report.names.added)}"
    if report.names.removed:
        yield f"names that are gone: {_declared(report.names.removed)}"
