"""The server that the ledger is tested on: thrown away, one database a test, and skipped with a reason where there is none."""

from __future__ import annotations

import pytest
from postgres import VARIABLE, Databases, MakeDatabase, a_server


def test_every_database_is_a_new_and_empty_one(databases: Databases) -> None:
    first, second = databases.make(), databases.make()
    databases.execute("CREATE TABLE kept (id int)", first)

    assert first != second
    assert databases.execute("SELECT count(*) FROM pg_tables WHERE tablename = 'kept'", second) == [(0,)]


def test_without_the_programs_there_is_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("postgres._programs", lambda: None)
    monkeypatch.delenv(VARIABLE, raising=False)

    with a_server() as databases:
        assert databases is None


def test_a_server_that_is_there_already_is_used(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, databases.make())

    with a_server() as named:
        assert named is not None
        assert named.server is None
        assert named.execute("SELECT 1", named.make()) == [(1,)]


def test_a_database_that_is_made_again_is_empty_too(databases: Databases) -> None:
    databases.execute("CREATE TABLE kept (id int)", databases.make())
    databases.empty()

    assert databases.execute("SELECT count(*) FROM pg_tables WHERE tablename = 'kept'", databases.make()) == [(0,)]


def test_a_server_that_was_stopped_starts_again_with_what_it_held(databases: Databases, postgresql: MakeDatabase) -> None:
    if databases.server is None:
        pytest.skip("the server is not ours to stop")
    url = postgresql()
    databases.execute("CREATE TABLE kept (id int)", url)

    databases.server.stop()
    databases.server.start()

    assert databases.execute("SELECT count(*) FROM kept", url) == [(0,)]
