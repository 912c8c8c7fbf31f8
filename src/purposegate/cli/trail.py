"""`purposegate trail`: whether the trail of decisions is what was written, and what it tells."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from purposegate.cli import render
from purposegate.cli.exits import DENIED, OK
from purposegate.cli.following import DatabaseOption, TrailOption, contents, named, refusals
from purposegate.cli.formats import Format, FormatOption
from purposegate.cli.keeping import group, say, stop
from purposegate.cli.recalling import query, show, stats
from purposegate.cli.replaying import replay
from purposegate.cli.watching import bar
from purposegate.trail.chain import Head
from purposegate.trail.lines import instant
from purposegate.trail.report import FileReport, State, Wrong

trail = group("trail", "Read the trail of decisions: verify it, ask it, and decide it again by another policy.")

_FINE = {State.WHOLE, State.MENDED, State.OPEN, State.FOREIGN}
_COLUMNS = {
    "file": "file",
    "state": "state",
    "records": "records",
    "unsealed": "unsealed",
    "unreadable": "unreadable",
    "first": "first (UTC)",
    "last": "last (UTC)",
}
_MEANING = {
    State.MENDED: "mended: it was not closed, for its process was killed or the disk was full, and was sealed later",
    State.OPEN: "open: a process writes it now",
    State.UNFINISHED: "unfinished: its process was killed, or its end was cut off; the next process that writes the trail seals it",
    State.TORN: "torn: its process was killed while it wrote the last line, and nothing was released by that line",
    State.TAMPERED: "tampered: it is not what was written",
    State.MISSING: "missing: it was here, and is gone",
    State.FOREIGN: "foreign: it is no file of the trail",
}


@trail.command()
def verify(
    trail: TrailOption = None,
    heads: Annotated[
        str | None, typer.Option("--heads", metavar="FILE", help="What `trail heads` exported before, to be found again.")
    ] = None,
    signed_by: Annotated[
        str | None,
        typer.Option("--signed-by", metavar="PUB", help="A file of Ed25519 public keys, one of which signed the heads."),
    ] = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Verify every file by its seals, and all of them by the heads that others remember."""
    if signed_by is not None and heads is None:
        stop("`--signed-by` is for heads, and none are given", "give them with --heads FILE")
    with refusals():
        anchors = () if heads is None else _anchors(heads, signed_by)
        reports = _reports(named(trail), anchors, output)
    if output is Format.JSON:
        render.as_json([_as_dict(report) for report in reports])
    else:
        _print(reports)
    raise typer.Exit(OK if all(report.state in _FINE for report in reports) else DENIED)


@trail.command()
def heads(
    trail: TrailOption = None,
    key: Annotated[
        str | None, typer.Option("--sign", metavar="KEY", help="A file with an Ed25519 private key in PEM, to sign them with.")
    ] = None,
    file: Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Where they go; by default printed.")] = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Verify the trail, and export its heads: kept elsewhere, they show later that nothing before them was changed."""
    from datetime import UTC, datetime  # noqa: PLC0415 - a command imports only its own tool

    from purposegate.tools.placing import put  # noqa: PLC0415 - as above
    from purposegate.trail.heads import heads_document  # noqa: PLC0415 - as above
    from purposegate.trail.lines import nanoseconds  # noqa: PLC0415 - as above

    with refusals():
        reports = _reports(named(trail), (), output)
        accused = [report for report in reports if report.state in {State.TAMPERED, State.MISSING}]
        if accused:
            say(f"no heads are exported: files that are tampered with or missing: {len(accused)}", "see `trail verify`")
            raise typer.Exit(DENIED)
        found = [report.head for report in reports if report.head is not None]
        private_key = None if key is None else contents(key, "the signing key")
        document = heads_document(found, nanoseconds(datetime.now(UTC)), private_key)
        if file is not None:
            put(document, file, "the file of heads")
    if file is None:
        sys.stdout.write(document.decode())
    elif output is Format.JSON:
        render.as_json({"output": file, "heads": len(found), "signed": key is not None})
    else:
        print(render.line(f"{file}: {render.counted(len(found), 'head')}{'' if key is None else ', signed'}"))


@trail.command()
def init(database: DatabaseOption = None, output: FormatOption = Format.TEXT) -> None:
    """Make a trail in a database, where there is none yet; one in files is made by whoever writes it."""
    from purposegate.tools import trails  # noqa: PLC0415 - a command imports only its own tool

    with refusals():
        new = trails.made(named(database))
    if output is Format.JSON:
        render.as_json([{"made": new}])
    else:
        print("a trail was made" if new else "there is a trail already")


@trail.command()
def migrate(database: DatabaseOption = None, output: FormatOption = Format.TEXT) -> None:
    """Bring the tables of a trail to the version that this purposegate reads and writes."""
    from purposegate.tools import trails  # noqa: PLC0415 - a command imports only its own tool

    with refusals():
        version = trails.migrated(named(database))
    if output is Format.JSON:
        render.as_json([{"version": version}])
    else:
        print(f"the trail is of version {version}")


@trail.command()
def schema() -> None:
    """Print the JSON Schema of a line of the trail."""
    from purposegate.trail.schema import SCHEMA  # noqa: PLC0415 - a command imports only its own tool

    render.as_json(SCHEMA)


for _command in (query, stats, show, replay):
    trail.command()(_command)


def _anchors(path: str, signed_by: str | None) -> tuple[Head, ...]:
    from purposegate.trail.heads import heads_from  # noqa: PLC0415 - a command imports only its own tool

    keys = None if signed_by is None else contents(signed_by, "the file of keys")
    return heads_from(contents(path, "the file of heads"), keys).heads


def _reports(trail: str, anchors: tuple[Head, ...], output: Format) -> list[FileReport]:
    from purposegate.tools import trails  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.trail.blocks import trail_files  # noqa: PLC0415 - as above
    from purposegate.trail.verifying import verify as verified  # noqa: PLC0415 - as above

    if trails.is_database(trail):
        return [trails.report(trail, anchors)]
    total = sum(each.size for each in trail_files(trail))
    with bar("verifying", total, output) as done:
        return list(verified(trail, anchors, progress=done))


def _print(reports: list[FileReport]) -> None:
    rows = [_row(report) for report in reports if report.state is not State.FOREIGN]
    render.table(rows, _COLUMNS, "there is no file of a trail")
    for state, meaning in _MEANING.items():
        if any(report.state is state for report in reports):
            print(meaning)
    for report in reports:
        name = _name(report)
        for wrong in report.wrong:
            print(render.line(f"{name}: {wrong.what}{_place(wrong)}"))
        if report.state is State.FOREIGN:
            print(render.line(f"note: {name} is no file of the trail"))
        if report.unreadable:
            lines = "1 line that is no record" if report.unreadable == 1 else f"{report.unreadable} lines that are no records"
            print(render.line(f"note: {name} holds {lines}"))


def _row(report: FileReport) -> dict[str, object]:
    return {
        "file": _name(report),
        "state": report.state.value,
        "records": report.records,
        "unsealed": report.unsealed,
        "unreadable": report.unreadable,
        "first": None if report.first is None else instant(report.first),
        "last": None if report.last is None else instant(report.last),
    }


def _name(report: FileReport) -> str:
    return report.name or f"the file of the chain {report.chain}"


def _place(wrong: Wrong) -> str:
    return "" if wrong.offset is None else f" (from byte {wrong.offset}, line {wrong.line}, on)"


def _as_dict(report: FileReport) -> dict[str, Any]:
    head = report.head
    return {
        "file": report.name or None,
        "chain": report.chain,
        "state": report.state.value,
        "bytes": report.size,
        "records": report.records,
        "unsealed": report.unsealed,
        "unreadable": report.unreadable,
        "first": report.first,
        "last": report.last,
        "cut": report.cut,
        "head": None if head is None else {"chain": head.chain, "seal": head.seal, "bytes": head.bytes, "sha256": head.sha256},
        "wrong": [wrong._asdict() for wrong in report.wrong],
    }
