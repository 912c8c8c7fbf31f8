"""How far a command has come, where somebody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from purposegate.cli.formats import Format


@contextmanager
def bar(what: str, total: int, output: Format) -> Iterator[Callable[[int], None] | None]:
    """Show how many of so many bytes are done, on a terminal; None where nobody watches, or a program reads."""
    if output is Format.JSON or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - rich takes long to import
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415 - as above

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(what, total=total)
        yield lambda size: shown.advance(task, size)
