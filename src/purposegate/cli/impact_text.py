"""What a change of the policy does to the code, for people at a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from purposegate.cli.diff_text import decided, title
from purposegate.cli.render import counted, line
from purposegate.findings import Severity, listed, shortened
from purposegate.gate.violation import hints
from purposegate.policy.terms import presentable
from purposegate.tools.consequence import quoted
from purposegate.tools.scanning.impact import Impact, State, Turn, Unclaimed
from purposegate.tools.scanning.sighting import Place, SeenUse

_SHOWN: Final = 20
_QUOTE_SHOWN: Final = 140
TITLES: Final = {
    Severity.ERROR: "lines that become violations",
    Severity.WARNING: "lines that may be blocked, or that count on what is no longer so",
    Severity.NOTE: "lines that are settled, or come out otherwise without harm",
}


def lines(impact: Impact, *, everything: bool) -> Iterator[str]:
    """Yield the lines of the report."""
    yield title(impact.before, impact.after)
    yield headline(impact)
    for severity, words in TITLES.items():
        turns = [_turn(turn) for turn in impact.turns if turn.severity is severity]
        yield from _section(words, turns, everything=everything)
    yield from _section("names that are gone", [[_vanished(*each)] for each in impact.vanished], everything=everything)
    idle = [
        [f"clause {quoted(each.citation.clause)}{'' if each.kept else ' (gone)'}: {quotation(each.citation.quote)}"]
        for each in impact.idle
    ]
    yield from _section("permissions that no line uses any more", idle, everything=everything)
    yield from _section(
        "newly permitted, and done by no line", [_unclaimed(each) for each in impact.unclaimed], everything=everything
    )
    rest = [*notes(impact)]
    if rest:
        yield ""
        yield from rest


def headline(impact: Impact) -> str:
    """Count the uses, and what becomes of them."""
    severities = Counter(turn.severity for turn in impact.turns)
    parts = [f"{severities[each]} {words[severities[each] > 1]}" for each, words in _COUNTED.items() if severities[each]]
    if impact.vanished:
        parts.append(f"{counted(len(impact.vanished), 'name')} gone")
    return f"{counted(impact.judged, 'use')} in the code: {', '.join(parts) or 'none comes out otherwise'}"


_COUNTED: Final = {
    Severity.ERROR: ("becomes a violation", "become violations"),
    Severity.WARNING: ("may be blocked", "may be blocked"),
    Severity.NOTE: ("comes out otherwise", "come out otherwise"),
}


def notes(impact: Impact) -> Iterator[str]:
    """Yield what the comparison does not cover."""
    if impact.unread:
        yield f"note: {counted(impact.unread, 'use')} could not be judged: a name could not be read"
    if impact.unverified:
        yield f"note: {counted(impact.unverified, 'place')} could not be followed, and may hold more: `purposegate scan` tells them"
    for policy, count in impact.elsewhere.items():
        yield f"note: {counted(count, 'use')} left out: the gate's policy is {line(policy)}"


def named(use: SeenUse) -> str:
    """Name a use as the code does."""
    data = "what is read there" if use.data_category is None else f"`{presentable(use.data_category)}`"
    parts = [f"{data} for `{presentable(use.purpose)}`"]
    if use.recipient is not None:
        parts.append(f"by `{as_written(use.recipient)}`")
    if use.channel is not None:
        parts.append(f"through `{presentable(use.channel)}`")
    return " ".join(parts)


def as_written(recipient: str) -> str:
    """Give a recipient as it may be repeated; an instance whose id no literal names ends with `…`."""
    declared, slash, _ = recipient.partition("/")
    return presentable(recipient, (declared,) if slash else ())


def remarks(turn: Turn) -> Iterator[str]:
    """Say what else is to be known of a line."""
    use = turn.use
    if use.expected:
        yield "the code around it expects a denial"
    elif use.asks and turn.becomes is State.DENIED:
        yield "nothing is blocked: what the code asks is always answered with no"
    elif use.drops and turn.becomes is State.DENIED:
        yield "nothing is blocked: what is denied is left out"
    if not use.receiver_known:
        yield "what it is called on is not known to be a gate"


def _section(words: str, entries: Sequence[Sequence[str]], *, everything: bool) -> Iterator[str]:
    if not entries:
        return
    shown = entries if everything else entries[:_SHOWN]
    yield ""
    yield words
    for head, *rest in shown:
        yield f"  {head}"
        yield from (f"    {each}" for each in rest)
    if len(entries) > len(shown):
        yield f"  and {len(entries) - len(shown)} more; `--all` shows them"


def _turn(turn: Turn) -> list[str]:
    lines = [
        f"{at(turn.use.place)}: {named(turn.use)}",
        f"before: {decided(turn.before)}",
        f"after:  {decided(turn.after)}",
    ]
    if not turn.after.permitted:
        lines += [f"clause {citation.clause}: {quotation(citation.quote)}" for citation in turn.after.citations]
        lines += [f"help: {hint}" for hint in hints(turn.after)]
    return [*lines, *(f"note: {remark}" for remark in remarks(turn))]


def _vanished(what: str, name: str, place: Place) -> str:
    return f"{at(place)}: the {what} `{presentable(name)}`"


def _unclaimed(each: Unclaimed) -> list[str]:
    clauses = " and ".join(f"clause {quoted(clause)}" for clause in each.clauses)
    return [f"by {clauses}:", *(permission(w.data_categories, w.purpose, w.recipient, w.conditions) for w in each.witnesses)]


def permission(categories: Iterable[str], purpose: str, recipient: str, conditions: Sequence[str]) -> str:
    """Name what is permitted."""
    shown = f", with {listed(conditions)} shown" if conditions else ""
    return f"{listed(categories)} for `{purpose}` by `{recipient}`{shown}"


def at(place: Place) -> str:
    """Say where something stands, in one line."""
    return f"{line(place.path)}:{place.line}:{place.column}"


def quotation(quote: str) -> str:
    """Give a quote of the prose on one line."""
    return f"“{shortened(line(' '.join(quote.split())), _QUOTE_SHOWN)}”"
