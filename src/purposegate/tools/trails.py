"""Opens a trail by what it is called: a folder of files, or a database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from purposegate.trail.chain import Head
from purposegate.trail.reading import Readable, Reading
from purposegate.trail.report import FileReport
from purposegate.trail.wanted import Wanted

_PATIENCE = 60.0  # seconds that one look into a database may take, for which nobody's use waits


@contextmanager
def reading(trail: str, wanted: Wanted | None = None) -> Iterator[Readable]:
    """Begin to read a trail, while the block runs; raise `TrailError` where there is none."""
    if not is_database(trail):
        yield Reading(trail, wanted)
        return
    from purposegate.trail.sql.reading import SqlReading  # noqa: PLC0415 - an extra
    from purposegate.trail.sql.sink import SqlSink  # noqa: PLC0415 - as above

    with closing(SqlSink(trail, deadline=_PATIENCE)) as sink:
        yield SqlReading(sink, wanted)


def report(database: str, heads: Sequence[Head] = ()) -> FileReport:
    """Verify a trail in a database; raise `TrailError` where there is none, or it cannot be read."""
    from purposegate.trail.sql.reporting import report as reported  # noqa: PLC0415 - an extra
    from purposegate.trail.sql.sink import SqlSink  # noqa: PLC0415 - as above

    with closing(SqlSink(database, deadline=_PATIENCE)) as sink:
        return reported(sink, sink.engine.url.render_as_string(hide_password=True), heads)


def made(database: str) -> bool:
    """Make a trail in a database where there is none; tell whether there was none. Raise `TrailError` where that fails."""
    from purposegate.trail.sql.sink import SqlSink, is_there  # noqa: PLC0415 - an extra

    new = not is_there(database)
    if new:
        SqlSink(database, create=True).close()
    return new


def migrated(database: str) -> str:
    """Bring the tables of a trail to the version that this code reads, and give it; raise `TrailError` where that fails."""
    from purposegate.trail.sql.sink import SqlSink  # noqa: PLC0415 - an extra

    return SqlSink.migrate(database)


def is_database(trail: str) -> bool:
    """Tell whether a trail is called by the URL of a database or by a SQLite file, and not by a folder."""
    return "://" in trail or Path(trail).is_file()
