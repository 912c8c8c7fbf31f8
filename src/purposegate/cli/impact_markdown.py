"""What a change of the policy does to the code, as a comment on a pull request: whatever anybody wrote stands in code spans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from purposegate.cli.diff_markdown import code, codes, decided, title
from purposegate.cli.impact_text import TITLES, as_written, at, headline, notes, remarks
from purposegate.policy.terms import presentable
from purposegate.tools.scanning.impact import Impact, Turn

_SHOWN: Final = 20
_HEAD: Final = ("| line | data category | purpose | recipient | before | after |", "|---|---|---|---|---|---|")


def lines(impact: Impact) -> Iterator[str]:
    """Yield the lines of the comment."""
    yield title(impact.before, impact.after)
    yield ""
    yield f"{code(impact.before.name)} → {code(impact.after.name)}: {headline(impact)}."
    for severity, words in TITLES.items():
        rows = [_row(turn) for turn in impact.turns if turn.severity is severity]
        if rows:
            yield from ("", f"#### {words[0].upper()}{words[1:]}", "", *_HEAD, *_few(rows))
    gone = [f"- {code(at(each.place))}: the {each.what} {code(each.name)}" for each in impact.vanished]
    idle = [f"- clause {code(each.citation.clause)}{'' if each.kept else ' (gone)'}" for each in impact.idle]
    new = [
        f"- by {codes(each.clauses)}: {codes(witness.data_categories)} for {code(witness.purpose)} by {code(witness.recipient)}"
        for each in impact.unclaimed
        for witness in each.witnesses
    ]
    yield from _listing("Names that are gone", gone)
    yield from _listing("Permissions that no line uses any more", idle)
    yield from _listing("Newly permitted, and done by no line", new)
    rest = [f"- {code(note)}" for note in notes(impact)]
    if rest:
        yield from ("", *rest)


def _row(turn: Turn) -> str:
    use = turn.use
    said = "".join(f" ({remark})" for remark in remarks(turn))
    cells = (
        code(f"{use.place.path}:{use.place.line}"),
        "–" if use.data_category is None else code(presentable(use.data_category)),
        code(presentable(use.purpose)),
        "–" if use.recipient is None else code(as_written(use.recipient)),
        decided(turn.before),
        decided(turn.after) + said,
    )
    return f"| {' | '.join(cells)} |"


def _listing(words: str, items: list[str]) -> Iterator[str]:
    if items:
        yield from ("", f"#### {words}", "", *_few(items, "- and {} more"))


def _few(items: list[str], rest: str = "\nAnd {} more, which `purposegate impact --all` shows.") -> Iterable[str]:
    return [*items[:_SHOWN], rest.format(len(items) - _SHOWN)] if len(items) > _SHOWN else items
