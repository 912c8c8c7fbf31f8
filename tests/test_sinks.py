"""Every sink there is keeps the contract of a sink: in memory, in files, and in SQL on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres import MakeDatabase
from trail_spec import files_of, lines_of

from purposegate import Durability, FileSink, MemorySink, Record, Sink
from purposegate.testing import DurableSinkContract, SinkContract
from purposegate.trail.lines import record_of
from purposegate.trail.report import State
from purposegate.trail.sql import SqlSink
from purposegate.trail.verifying import verify


class TestMemorySink(SinkContract):
    def make_sink(self) -> Sink:
        return MemorySink()

    def kept(self, sink: Sink) -> list[Record]:
        assert isinstance(sink, MemorySink)
        return sink.records


class TestSqlite(DurableSinkContract):
    @pytest.fixture(autouse=True)
    def _closed_at_the_end(self, tmp_path: Path) -> Iterator[None]:
        self.folder = tmp_path
        self.made: list[SqlSink] = []
        yield
        for each in self.made:
            each.close()

    def make_sink(self) -> SqlSink:
        self.made.append(SqlSink(self.where(), deadline=20, create=True))
        return self.made[-1]

    def kept(self, sink: Sink) -> list[Record]:
        assert isinstance(sink, SqlSink)
        assert list(sink.verify()) == []
        return list(sink.records())

    def where(self) -> str | Path:
        return self.folder / f"{len(self.made)}.db"


class TestPostgresql(TestSqlite):
    @pytest.fixture(autouse=True)
    def _closed_at_the_end(self, postgresql: MakeDatabase) -> Iterator[None]:  # before the databases are
        self.make_database = postgresql
        self.made = []
        yield
        for each in self.made:
            each.close()

    def where(self) -> str | Path:
        return self.make_database()


class TestFiles(DurableSinkContract):
    @pytest.fixture(autouse=True)
    def _closed_at_the_end(self, tmp_path: Path) -> Iterator[None]:
        self.folder = tmp_path
        self.made: list[FileSink] = []
        yield
        for each in self.made:
            each.close()

    def make_sink(self) -> FileSink:
        self.made.append(FileSink(self.folder / str(len(self.made)), deadline=20))
        return self.made[-1]

    def kept(self, sink: Sink) -> list[Record]:
        assert isinstance(sink, FileSink)
        # A child that ends without its `atexit` leaves a file without an end, as one that is killed does.
        assert {report.state for report in verify(sink.folder)} <= {State.WHOLE, State.OPEN, State.UNFINISHED, State.MENDED}
        begun = sorted((lines_of(path) for path in files_of(sink.folder)), key=lambda lines: lines[0]["at"])
        return [record_of(line) for lines in begun for line in lines if "id" in line]


class TestFilesOnTheDisk(TestFiles):
    def make_sink(self) -> FileSink:
        self.made.append(FileSink(self.folder / str(len(self.made)), durability=Durability.DISK, deadline=20))
        return self.made[-1]
