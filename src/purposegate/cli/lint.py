"""`purposegate lint`: everything that is wrong or worth knowing in policies and their prose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from purposegate.cli import completing
from purposegate.cli.exits import DENIED, OK
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
    from purposegate.findings import Finding
    from purposegate.tools.linting.registry import Rule
    from purposegate.tools.reporting.report import Kind

SelectOption = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="RULE", help="Only this rule; may be repeated.", autocompletion=completing.rules),
]
IgnoreOption = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="RULE", help="Pass over this rule; may be repeated.", autocompletion=completing.rules),
]


def lint(
    policies: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[POLICY...]",
            help="Policy files, folders of them, or patterns; by default the project's policy, or the only one in ./policies.",
        ),
    ] = None,
    output: ReportFormatOption = None,
    fail_level: FailLevelOption = None,
    file: ReportOutputOption = None,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    config: ConfigOption = None,
    *,
    isolated: IsolatedOption = False,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what changes no decision, and tell what remains.")] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what --fix would change, and write nothing; 1 where anything.")
    ] = False,
) -> None:
    """Read policies and their prose, and say everything that is wrong or worth knowing."""
    from purposegate.cli.choosing import looked_for  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.cli.configuring import configured  # noqa: PLC0415 - as above
    from purposegate.cli.judging import only_policy  # noqa: PLC0415 - as above
    from purposegate.cli.reporting import put_out, report_of  # noqa: PLC0415 - as above
    from purposegate.findings import Severity  # noqa: PLC0415 - as above
    from purposegate.tools.gathering import gathered  # noqa: PLC0415 - as above
    from purposegate.tools.lint import rules  # noqa: PLC0415 - as above
    from purposegate.tools.reporting.places import Base  # noqa: PLC0415 - as above

    # What the reader refuses can be passed over by nobody.
    known = {rule.slug for rule in rules() if rule.can_be_ignored}
    project = configured(config, known, isolated=isolated)
    form = output or ReportFormat(project.lint.format or ReportFormat.TEXT)
    level = fail_level or FailLevel(project.lint.fail_level or FailLevel.ERROR)
    ignored = ignore or set(project.lint.ignore).difference(select or ())
    passed_over = known - looked_for(known, select or project.lint.select, ignored, "lint rule")
    paths, missing = gathered(policies or [project.policy or str(only_policy())])
    if diff or fix:
        _mended(paths, missing, preview_only=diff)
    watched = Format.TEXT if form in (ReportFormat.TEXT, ReportFormat.CONCISE) else Format.JSON
    # A slug may be that of a rule and of an error of the reader, which nobody passes over.
    told = (each for each in _found(paths, watched) if each.severity is Severity.ERROR or each.slug not in passed_over)
    found = [*missing, *told]
    kinds = [_kind(rule) for rule in rules()]
    report = report_of(found, paths, kinds, fail_level=level, base=Base.of(Path.cwd()))
    raise typer.Exit(put_out(report, form, file))


def _found(paths: tuple[str, ...], watched: Format) -> Iterator[Finding]:
    from purposegate.cli.watching import bar  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.tools.lint import lint as findings_of  # noqa: PLC0415 - as above

    sizes = [_size(path) for path in paths]
    with bar("looking at policies", sum(sizes), watched if len(paths) > 1 else Format.JSON) as done:
        for path, size in zip(paths, sizes, strict=True):
            yield from findings_of(path)
            _told(done, size)


def _told(done: Callable[[int], None] | None, size: int) -> None:
    if done is not None:
        done(size)


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except (OSError, ValueError):
        return 0  # what is wrong with it, reading it will say


def _kind(rule: Rule) -> Kind:
    from purposegate.tools.reporting.report import Kind  # noqa: PLC0415 - a command imports only its own tool

    return Kind.documented(rule.slug, rule.severity, rule.page, interrupts=not rule.can_be_ignored)


def _mended(paths: Iterable[str], missing: Iterable[Finding], *, preview_only: bool) -> None:
    """Mend policies; or show what would be mended, and exit: with 2 where something that was named cannot be read."""
    from purposegate.cli.fixing import mend, preview, refuse  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.tools.casebook import complaints, is_cases  # noqa: PLC0415 - as above

    policies = [path for path in paths if not is_cases(path)]
    if preview_only:
        refuse([*missing, *(each for path in paths if is_cases(path) for each in complaints(path))])
        raise typer.Exit(DENIED if preview(policies) else OK)
    mend(policies)
