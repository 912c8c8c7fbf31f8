"""A PostgreSQL server that is thrown away: its own folder, its own socket, and nobody else's data."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

# A server that is there already may be named instead: a URL whose user may make databases.
VARIABLE: Final = "PURPOSEGATE_TEST_POSTGRESQL"
MISSING: Final = f"no PostgreSQL: neither `initdb` and `postgres` (apt-get install postgresql), nor a URL in {VARIABLE}"
_PATIENCE: Final = 30.0  # seconds within which a server starts or stops
_numbers = count(1)


class Server:
    """A PostgreSQL server; it is stopped, continued and started again like any other one."""

    def __init__(self, programs: Path, folder: Path, *, fsync: bool) -> None:
        """Make a cluster in a folder and start it. Without `fsync` it survives whatever its clients do, but no loss of power."""
        self._programs = programs
        self._folder = folder
        self._settings = [
            "-c",
            f"fsync={'on' if fsync else 'off'}",
            "-c",
            "max_connections=200",
            "-c",
            "unix_socket_permissions=0777",
        ]
        # PostgreSQL refuses to run as root.
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self._as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            folder.chmod(0o755)
        made = [
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--pgdata",
            str(folder / "data"),
        ]
        self._run("initdb", *made)
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = ["-D", str(self._folder / "data"), "-k", str(self._folder), "-c", "listen_addresses=", *self._settings]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                **self._as,
            )
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                _execute(self.url("postgres"), "SELECT 1")
            except _error():
                if self._process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError((self._folder / "log").read_text(errors="replace")[-2000:]) from None
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Stop it at once, whoever is connected."""
        process = self._process
        if process is not None:
            process.send_signal(signal.SIGQUIT)  # the immediate shutdown
            process.wait(_PATIENCE)
            self._process = None

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Have it answer nothing for a while: every one of its processes sleeps."""
        assert self._process is not None
        stopped = [self._process.pid]
        os.kill(self._process.pid, signal.SIGSTOP)  # first, so that it begins no other
        try:
            for pid in _children(self._process.pid):
                os.kill(pid, signal.SIGSTOP)
                stopped.append(pid)
            yield
        finally:
            for pid in stopped:
                with _gone():
                    os.kill(pid, signal.SIGCONT)

    def url(self, database: str) -> str:
        """Give the URL of a database."""
        return f"postgresql://postgres@/{database}?host={self._folder}"

    def _run(self, program: str, *arguments: str) -> None:
        made = subprocess.run(
            [self._programs / program, *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd=self._folder,
            **self._as,
            timeout=120,
        )
        if made.returncode:
            raise RuntimeError(made.stderr)


class Databases:
    """Where databases are made: on a server of our own, or on one that is there already."""

    def __init__(self, server: Server | None, url: str) -> None:
        """Take the server, where it is ours, and the URL of a database on it."""
        self.server = server
        self._url = url
        self._used: list[str] = []
        self._free: list[str] = []

    def make(self) -> str:
        """Make an empty database, and give its URL."""
        if self._free:
            self._used.append(self._free.pop())
        else:
            name = f"purposegate_test_{os.getpid()}_{next(_numbers)}"
            _execute(self._url, f"CREATE DATABASE {name}")
            self._used.append(name)
        return self._url_of(self._used[-1])

    def empty(self) -> None:
        """Empty what was made, whoever is connected, so that it can be made again: that is quicker than to drop it."""
        while self._used:
            name = self._used.pop()
            self.disconnect(self._url_of(name))
            _execute(self._url_of(name), f"DROP SCHEMA public CASCADE; CREATE SCHEMA public; ALTER DATABASE {name} RESET ALL")
            self._free.append(name)

    def disconnect(self, url: str) -> int:
        """End everybody else's connection to a database, as an administrator does; give how many there were."""
        others = "pid <> pg_backend_pid() AND datname = current_database()"
        return len(_execute(url, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))  # noqa: S608 - our own words

    def drop(self) -> None:
        """Drop what was made."""
        while names := self._used or self._free:
            _execute(self._url, f"DROP DATABASE {names.pop()} WITH (FORCE)")

    def execute(self, statement: str, url: str | None = None) -> list[tuple[Any, ...]]:
        """Run one statement, as somebody who has nothing to do with the ledger."""
        return _execute(url or self._url, statement)

    def _url_of(self, name: str) -> str:
        before, after = self._url.split("?")[0].rsplit("/", 1)[0], self._url.partition("?")[2]
        return f"{before}/{name}?{after}"


@contextmanager
def a_server(*, fsync: bool = False) -> Iterator[Databases | None]:
    """Give a server for a while, or None where there is none to be had."""
    named = os.environ.get(VARIABLE)
    if named:
        there = Databases(None, named)
        try:
            yield there
        finally:
            there.drop()
        return
    programs = _programs()
    if programs is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="purposegate-postgresql-"))
    try:
        server = Server(programs, folder, fsync=fsync)
        try:
            yield Databases(server, server.url("postgres"))
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    if not _has_driver():
        return None
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: each.parent.name.zfill(4), reverse=True)
    found = shutil.which("initdb")
    for folder in [*installed, *([] if found is None else [Path(found).parent])]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


def _has_driver() -> bool:
    try:
        import psycopg  # noqa: F401, PLC0415 - whether it is there is the question
    except ImportError:
        return False
    return True


def _error() -> type[Exception]:
    from psycopg import OperationalError  # noqa: PLC0415 - an optional extra

    return OperationalError


def _execute(url: str, statement: str) -> list[tuple[Any, ...]]:
    import psycopg  # noqa: PLC0415 - an optional extra

    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(statement)
        return [tuple(row) for row in found.fetchall()] if found.description else []


def _children(pid: int) -> list[int]:
    """Give the processes that a process has begun and that run."""
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        with _gone():
            parent = int(each.read_text().rpartition(")")[2].split()[1])
            if parent == pid:
                found.append(int(each.parent.name))
    return found


@contextmanager
def _gone() -> Iterator[None]:
    try:
        yield
    except (ProcessLookupError, FileNotFoundError):
        pass


MakeDatabase = Callable[[], str]
