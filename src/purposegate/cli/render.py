"""How results look: plain where nobody watches or `NO_COLOR` is set, with colour and the terminal's width where somebody does."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from purposegate.engine.decision import Citation, Decision
from purposegate.findings import Finding, Severity
from purposegate.gate.violation import story

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text as RichText

    from purposegate.tools.explain import Node
    from purposegate.tools.matrix import Matrix
    from purposegate.tools.reporting.report import Report

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold cyan"}
_GREEN, _RED = "32", "31"


def as_json(value: Any) -> None:  # noqa: ANN401 - whatever json can write
    """Print a value as JSON, with an escape for each character that a terminal would obey or the eye be deceived by."""
    from purposegate.tools.reporting.plain import as_json as written  # noqa: PLC0415 - its patterns take a part of every start

    print(written(value))


def table(rows: Sequence[Mapping[str, object]], columns: Mapping[str, str], nothing: str) -> None:
    """Print rows as a table of some of their fields, under their titles; where there are none, say so."""
    from rich import box  # noqa: PLC0415 - rich takes long to import, and `check` does without
    from rich.table import Table  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    if not rows:
        print(nothing)
        return
    console = _console()
    cells = [[_cell(row[name]) for name in columns] for row in rows]
    if sum(max(map(_width, column)) + 1 for column in zip(columns.values(), *cells, strict=True)) > console.width:
        # Names cannot be broken well, and times can.
        cells = [[_cell(row[name], before_clock="\n") for name in columns] for row in rows]
    shown = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for title in columns.values():
        shown.add_column(title, overflow="fold")
    for each in cells:
        shown.add_row(*map(Text, each))
    console.print(shown)


def details(row: Mapping[str, object], titles: Mapping[str, str]) -> None:
    """Print some fields of a row, one a line."""
    width = max(map(len, titles.values()))
    for name, title in titles.items():
        value = ", ".join(_cell(row[name]).splitlines())
        print(f"{title:<{width}}  {value}")


def line(text: str) -> str:
    """Give a text as one line that can be printed, whoever wrote it."""
    from purposegate.policy.characters import one_line  # noqa: PLC0415 - as above

    return one_line(text)


def counted(number: int, what: str) -> str:
    """Word how many there are of something, whose plural ends in `s`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def findings(report: Report) -> None:
    """Print findings with their excerpts, and how many there are of each severity."""
    from purposegate.tools.reporting.report import counted as counts  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.tools.reporting.text import full, headed  # noqa: PLC0415 - as above

    if not _watched():
        print(full(report))
        return
    from rich.text import Text  # noqa: PLC0415 - rich takes long to import, and nobody sees it here

    console = _console()
    for heading, found in report.sections():
        if heading is not None:
            console.print(Text(headed(heading, found), style="bold"), soft_wrap=True)
        for finding in found:
            console.print(_styled(finding), soft_wrap=True)
    for remark in report.remarks:
        console.print(Text(remark), soft_wrap=True)
    console.print(Text(counts(report), style="bold"), soft_wrap=True)


def decision(decided: Decision) -> None:
    """Print a verdict with its clauses."""
    head, *rest = story(decided)
    print(_coloured(head, _GREEN if decided.permitted else _RED))
    for line in rest:
        print(line)
    if decided.permitted and decided.channels:
        print(f"obligation: only through {' or '.join(f'`{name}`' for name in decided.channels)}")


def tree(root: Node) -> None:
    """Print a derivation as a tree."""
    from rich.text import Text  # noqa: PLC0415 - rich takes long to import, and `check` does without
    from rich.tree import Tree  # noqa: PLC0415 - as above

    def grown(node: Node) -> Tree:
        branch = Tree(Text(node.text))
        branch.children = [grown(child) for child in node.children]
        return branch

    _console().print(grown(root))


def matrix(table: Matrix) -> None:
    """Print a matrix as a table that fits the terminal."""
    from rich import box  # noqa: PLC0415 - rich takes long to import, and `check` does without
    from rich.table import Table  # noqa: PLC0415 - as above

    from purposegate.tools.matrix import mark  # noqa: PLC0415 - as above

    console = _console()
    words = [max(len(word) for word in name.split("_")) for name in table.recipients]
    needed = max((len(name) for name in table.rows), default=0) + sum(max(width, 4) + 1 for width in words)
    # Where the names do not fit above their columns, letters stand for them.
    letters = (
        {}
        if needed < console.width
        else {name: chr(ord("A") + at % 26) * (at // 26 + 1) for at, name in enumerate(table.recipients)}
    )
    shown = Table(
        title=f"who may use what for {table.purpose}",
        box=box.SIMPLE_HEAD,
        title_justify="left",
        padding=(0, 1, 0, 0),
        pad_edge=False,
        show_edge=False,
    )
    shown.add_column("data category", no_wrap=True, overflow="ellipsis")
    for name in table.recipients:
        shown.add_column(letters.get(name, name.replace("_", "\n")), justify="center")
    for category, decisions in table.rows.items():
        shown.add_row(category, *(mark(decided) for decided in decisions))
    console.print(shown)
    for name, letter in letters.items():
        console.print(f"{letter}: {name}")
    for sign in ("yes: permitted", "if: with its conditions shown", "exc: only by an exception", "-: denied"):
        console.print(sign)


def decision_as_dict(decided: Decision) -> dict[str, Any]:
    """Give a decision as plain data."""
    return {
        "permitted": decided.permitted,
        "reason": decided.reason.value,
        "data_category": decided.data_category,
        "purpose": decided.purpose,
        "recipient": decided.recipient,
        "clauses": list(decided.clauses),
        "citations": [_citation(citation) for citation in decided.citations],
        "unmet": list(decided.unmet),
        "channels": list(decided.channels),
        "objections": list(decided.objections),
        "exceptions": [
            {
                "clause": shortfall.citation.clause,
                "unmet": list(shortfall.unmet),
                "channels": list(shortfall.channels),
                "objections": list(shortfall.objections),
            }
            for shortfall in decided.exceptions
        ],
        "nearest": list(decided.nearest),
        "standing": decided.standing.value,
        "policy": {
            "id": decided.policy.id,
            "revision": decided.policy.revision,
            "digest": decided.policy.digest,
            "path": decided.policy.path,
        },
    }


def node_as_dict(node: Node) -> dict[str, Any]:
    """Give a derivation as plain data."""
    return {"text": node.text, "children": [node_as_dict(child) for child in node.children]}


def matrix_as_dict(table: Matrix) -> dict[str, Any]:
    """Give a matrix as plain data."""
    return {
        "purpose": table.purpose,
        "rows": {
            category: {
                name: {"permitted": decided.permitted, "reason": decided.reason.value}
                for name, decided in zip(table.recipients, decisions, strict=True)
            }
            for category, decisions in table.rows.items()
        },
    }


def _citation(citation: Citation) -> dict[str, Any]:
    place = citation.location
    return {
        "clause": citation.clause,
        "quote": citation.quote,
        "path": place.path if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
    }


def _width(text: str) -> int:
    return max(map(len, text.splitlines()), default=0)


def _cell(value: object, before_clock: str = " ") -> str:
    if value in (None, "", ()):
        return "-"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime(f"%Y-%m-%d{before_clock}%H:%M")
    if isinstance(value, tuple | frozenset):
        return "\n".join(line(str(each)) for each in (sorted(value) if isinstance(value, frozenset) else value))
    return line(str(value))


def _console() -> Console:
    from rich.console import Console  # noqa: PLC0415 - rich takes long to import, and `check` does without

    return Console(highlight=False, soft_wrap=False)


def _styled(finding: Finding) -> RichText:
    """Set off a finding's severity, its kind, and the caret under its place."""
    from rich.text import Text  # noqa: PLC0415 - rich takes long to import, and nobody sees it here

    from purposegate.tools.reporting.text import lines, place  # noqa: PLC0415 - as above

    head, *rest = lines(finding)
    shown = Text(head)
    before = len(place(finding))
    shown.stylize("bold", 0, before)
    shown.stylize(_STYLES[finding.severity], before, before + len(f"{finding.severity}[{finding.slug}]"))
    for each in rest:
        line_ = Text(f"\n{each}")
        line_.highlight_regex(r"^\n +\d* \| ", "dim")
        line_.highlight_regex(r"(?<= )\^$", _STYLES[finding.severity])
        line_.highlight_regex(r"^\n  (help|see):", "bold")
        shown.append_text(line_)
    return shown


def _watched() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _coloured(text: str, colour: str) -> str:
    return f"\033[{colour}m{text}\033[0m" if _watched() else text
