"""`purposegate scan`: every use of personal data that Python code can be seen to make, put to the judge."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from purposegate.cli import completing
from purposegate.cli.formats import (
    ConfigOption,
    FailLevel,
    FailLevelOption,
    Format,
    IsolatedOption,
    ReportFormat,
    ReportFormatOption,
    ReportOutputOption,
)

if TYPE_CHECKING:
    from purposegate.engine.judge import Engine
    from purposegate.tools.linting.registry import Rule
    from purposegate.tools.reporting.report import Kind
    from purposegate.tools.scan import Scan, Settings

SelectOption = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="KIND", help="Only this kind of finding; may be repeated.", autocompletion=completing.kinds),
]
IgnoreOption = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="KIND", help="Pass over this kind; may be repeated.", autocompletion=completing.kinds),
]


def scan(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH...]", help="Python files, folders or patterns; by default the project's, or all here."),
    ] = None,
    policy: Annotated[
        str | None,
        typer.Option("--policy", "-p", metavar="FILE", help="The policy; by default the project's, or the only one in ./policies."),
    ] = None,
    assume: Annotated[
        list[str] | None,
        typer.Option(
            "--assume",
            metavar="CONDITION",
            help="Take a condition as shown; may be repeated.",
            autocompletion=completing.conditions,
        ),
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option("--exclude", metavar="PATTERN", help="Leave out what this fits; may be repeated.")
    ] = None,
    output: ReportFormatOption = None,
    fail_level: FailLevelOption = None,
    file: ReportOutputOption = None,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    baseline: Annotated[
        str | None, typer.Option("--baseline", metavar="FILE", help="Tell only of what this file does not hold.")
    ] = None,
    cache_dir: Annotated[str, typer.Option("--cache-dir", metavar="FOLDER", help="Where it is kept what was found.")] = "",
    config: ConfigOption = None,
    *,
    isolated: IsolatedOption = False,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Put what is found into the baseline, and drop what is found no more.")
    ] = False,
    show_unknown: Annotated[
        bool, typer.Option("--show-unknown", help="List the reads of objects whose class is not known, and do not only count them.")
    ] = False,
    precise: Annotated[bool, typer.Option("--precise", help="Ask mypy for the classes that are not known.")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Look at every file, and keep nothing.")] = False,
) -> None:
    """Find the uses of personal data in Python code, and those that the policy does not permit; no code is run."""
    from purposegate.cli.choosing import looked_for  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.cli.configuring import configured  # noqa: PLC0415 - as above
    from purposegate.cli.judging import context_of, engine_of, stop  # noqa: PLC0415 - as above
    from purposegate.cli.reporting import put_out, report_of  # noqa: PLC0415 - as above
    from purposegate.tools.reporting.places import Base  # noqa: PLC0415 - as above
    from purposegate.tools.scan import Settings, is_unknown  # noqa: PLC0415 - as above
    from purposegate.tools.scanning.cache import FOLDER  # noqa: PLC0415 - as above
    from purposegate.tools.scanning.kinds import ignorable, kinds  # noqa: PLC0415 - as above
    from purposegate.tools.scanning.policies import newest  # noqa: PLC0415 - as above

    known = ignorable()
    project = configured(config, kinds=known, isolated=isolated)
    own = project.scan
    form = output or ReportFormat(own.format or ReportFormat.TEXT)
    level = fail_level or FailLevel(own.fail_level or FailLevel.ERROR)
    wanted = looked_for(known, select or own.select, ignore or set(own.ignore).difference(select or ()), "kind of finding")
    if write_baseline and not (baseline or own.baseline):
        stop("there is no baseline to be written", "name it with --baseline FILE, or as `baseline` under `[tool.purposegate.scan]`")
    chosen = policy or project.policy
    engine = engine_of(chosen and newest(chosen))
    context = context_of(engine, own.assume if assume is None else assume)
    settings = Settings(
        exclude=tuple(exclude or own.exclude),
        assume=context.shown,
        passed_over=known - wanted,
        cache=None if no_cache else cache_dir or FOLDER,
        baseline=baseline or own.baseline,
        anew=write_baseline,
        precise=precise,
        folder=str(project.path.parent) if project.path else "",
    )
    done = _scanned(paths or own.paths or ["."], engine, settings, form)
    found = [each for each in done.findings if show_unknown or not is_unknown(each)]
    remarks = _remarks(done, settings, unknown=len(done.findings) - len(found))
    report = report_of(found, done.files, map(_kind, kinds()), fail_level=level, base=Base.of(Path.cwd()), remarks=remarks)
    raise typer.Exit(put_out(report, form, file))


def _scanned(paths: list[str] | tuple[str, ...], engine: Engine, settings: Settings, form: ReportFormat) -> Scan:
    from purposegate.cli.judging import stop  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.cli.watching import bar  # noqa: PLC0415 - as above
    from purposegate.errors import PurposegateError  # noqa: PLC0415 - as above
    from purposegate.tools.scan import scan as scanned  # noqa: PLC0415 - as above
    from purposegate.tools.scanning.sources import sources  # noqa: PLC0415 - as above

    watched = Format.TEXT if form in (ReportFormat.TEXT, ReportFormat.CONCISE) else Format.JSON
    sizes = map(_size, sources(paths, settings.exclude).files)
    try:
        with bar("looking at code", sum(sizes), watched) as done:
            return scanned(paths, engine, settings, done)
    except PurposegateError as error:
        stop(str(error), next(iter(getattr(error, "__notes__", ())), None))


def _remarks(done: Scan, settings: Settings, *, unknown: int) -> Iterator[str]:
    from purposegate.cli.render import counted  # noqa: PLC0415 - a command imports only its own tool

    if unknown:
        what = counted(unknown, "read") + " of objects whose class is not known, called like a labelled field"
        yield f"{what}: `--show-unknown` lists them"
    if done.written is not None:
        yield f"{settings.baseline}: {counted(done.written, 'finding')} written"
    elif done.known:
        yield f"{settings.baseline}: {counted(done.known, 'finding')} known"


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0  # what is wrong with it, reading it will say


def _kind(kind: Rule) -> Kind:
    from purposegate.findings import Severity  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.tools.reporting.report import Kind  # noqa: PLC0415 - as above
    from purposegate.tools.scanning.kinds import SECTIONS  # noqa: PLC0415 - as above

    interrupts = kind.severity is Severity.ERROR and not kind.can_be_ignored
    section = SECTIONS.get(kind.slug)
    return Kind.documented(kind.slug, kind.severity, kind.page, interrupts=interrupts, language=kind.language, section=section)
